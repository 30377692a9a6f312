import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createEcrClient, type EcrClient } from "../../src/client/ecr-client.js";
import { createLocalEcr, type LocalEcr, simulate } from "../../src/local.js";
import { manualTime } from "../../src/time.js";
import type { Transport } from "../../src/transport/transport.js";
import { lettingIn } from "../fixtures/policies.js";
import { pushImage, pushIndex } from "./cli-image.js";
import { ecrkit as ecrkitWith, type Ran, type RunOptions } from "./cli-terminal.js";

let local: LocalEcr;
let transport: Transport;
let ecr: EcrClient;

beforeEach(() => {
  vi.stubEnv("AWS_ACCESS_KEY_ID", "123456789012");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "any");
  vi.stubEnv("AWS_REGION", "us-east-1");
  vi.stubEnv("AWS_PROFILE", undefined);
  vi.stubEnv("AWS_ENDPOINT_URL", undefined);
  vi.stubEnv("AWS_CONFIG_FILE", "/nonexistent");
  vi.stubEnv("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent");
  local = createLocalEcr({ time: manualTime() });
  transport = simulate(local);
  ecr = createEcrClient({ transport });
});

afterEach(async () => {
  await local.close();
  vi.unstubAllEnvs();
});

const ecrkit = (line: string, options: RunOptions = {}): Promise<Ran> =>
  ecrkitWith(line.split(" "), { transport, ...options });

const json = async (line: string): Promise<unknown> => JSON.parse((await ecrkit(`${line} --output json`)).stdout);

const create = (repositoryName: string) => ecr.call("CreateRepository", { repositoryName });

const HOST = "123456789012.dkr.ecr.us-east-1.amazonaws.com";

describe("ecrkit repos", () => {
  it("creates, lists by name and deletes", async () => {
    expect((await ecrkit("repos create team/web")).code).toBe(0);
    expect((await ecrkit("repos create team/app --immutable --scan-on-push")).stdout).toBe(
      [
        "REPOSITORY  TAGS       CREATED               URI",
        `team/app    immutable  2026-01-01 00:00:00Z  ${HOST}/team/app\n`,
      ].join("\n"),
    );
    expect(await ecrkit("repos")).toEqual({
      code: 0,
      stdout: [
        "REPOSITORY  TAGS       CREATED               URI",
        `team/app    immutable  2026-01-01 00:00:00Z  ${HOST}/team/app`,
        `team/web    mutable    2026-01-01 00:00:00Z  ${HOST}/team/web\n`,
      ].join("\n"),
      stderr: "",
    });
    expect(await ecrkit(`repos delete ${HOST}/team/web`)).toEqual({
      code: 0,
      stdout: `deleted ${HOST}/team/web\n`,
      stderr: "",
    });
    expect(await ecrkit("repos list --prefix team/w")).toEqual({
      code: 0,
      stdout: "",
      stderr: "no repositories; ecrkit repos create NAME makes one\n",
    });
  });

  it("gives programs what ECR answered, with times in ISO 8601", async () => {
    await create("app");
    const expected = {
      repositoryArn: "arn:aws:ecr:us-east-1:123456789012:repository/app",
      registryId: "123456789012",
      repositoryName: "app",
      repositoryUri: `${HOST}/app`,
      createdAt: "2026-01-01T00:00:00.000Z",
      imageTagMutability: "MUTABLE",
      imageScanningConfiguration: { scanOnPush: false },
      encryptionConfiguration: { encryptionType: "AES256" },
    };
    expect(await json("repos list")).toEqual([expected]);
    const { stdout } = await ecrkit("repos list --output ndjson");
    expect(stdout.split("\n")).toEqual([JSON.stringify(expected), ""]);
  });

  it("deletes a repository with images only when forced to", async () => {
    await create("app");
    await pushImage(ecr, "app", "amd64", "v1");
    const { code, stderr } = await ecrkit("repos delete app");
    expect(code).toBe(3);
    expect(stderr).toMatch(
      /^ecrkit: DeleteRepository on repository "app" in us-east-1 failed: .* still contains images/,
    );
    expect((await ecrkit("repos delete app --force")).code).toBe(0);
  });

  it("works on the registry and in the region that the flags name", async () => {
    const there = { account: "210987654321", region: "eu-west-1" };
    const auth = { kind: "static", accessKeyId: there.account, secretAccessKey: "any" } as const;
    const theirs = createEcrClient({ transport, region: there.region, auth });
    await theirs.call("PutRegistryPolicy", { policyText: lettingIn("123456789012", there) });
    await ecrkit("repos create elsewhere --registry-id 210987654321 --region eu-west-1");
    expect(await json("repos list")).toEqual([]);
    expect(await json("repos list --registry-id 210987654321 --region eu-west-1")).toMatchObject([
      { repositoryUri: "210987654321.dkr.ecr.eu-west-1.amazonaws.com/elsewhere" },
    ]);
  });
});

describe("ecrkit images", () => {
  it("lists them, the last pushed first, with tags, digest, size and time", async () => {
    await create("app");
    const v1 = await pushImage(ecr, "app", "amd64", "v1");
    await ecrkit("tag app:v1 stable");
    const { stdout, code } = await ecrkit(`images ${HOST}/app`);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^TAGS +DIGEST +SIZE +PUSHED\n/);
    expect(stdout).toMatch(new RegExp(`^(v1, stable|stable, v1)  ${v1.digest}  \\d+ B  2026-01-01 00:00:00Z$`, "m"));
  });

  it("lists only those with a tag, or only those without", async () => {
    await create("app");
    const { digest } = await pushIndex(ecr, "app", "v1");
    expect(await json("images app --tagged")).toMatchObject([{ imageDigest: digest, imageTags: ["v1"] }]);
    expect(await json("images app --untagged")).toHaveLength(2);
    expect((await ecrkit("images app --untagged --tagged")).code).toBe(2);
  });

  it("says on stderr that there are none", async () => {
    await create("app");
    expect(await ecrkit("images app")).toEqual({ code: 0, stdout: "", stderr: "no images in app\n" });
  });
});

describe("ecrkit inspect", () => {
  it("shows an image with its layers and its configuration, and of the environment only the names", async () => {
    await create("app");
    const { digest, layers, config } = await pushImage(ecr, "app", "amd64", "v1");
    const { stdout, code } = await ecrkit("inspect app:v1");
    expect(code).toBe(0);
    const size = layers.reduce((sum, layer) => sum + layer.size, config.size);
    expect(stdout.split("\n").slice(0, 4)).toEqual([
      "image   app:v1",
      `digest  ${digest}`,
      "type    application/vnd.oci.image.manifest.v1+json",
      `size    ${size} B`,
    ]);
    for (const layer of layers) expect(stdout).toContain(`${layer.digest}  ${layer.size} B`);
    expect(stdout).toContain('entrypoint              ["/bin/app"]\n');
    expect(stdout).toContain("environment             PATH, SECRET\n");
    expect(stdout).toContain("label org.example.note  rings \\x07 twice\n");
    expect(stdout).not.toContain("hunter2");
  });

  it("shows the platforms of an index", async () => {
    await create("app");
    const { amd64, arm64 } = await pushIndex(ecr, "app", "v1");
    const { stdout } = await ecrkit("inspect app:v1");
    expect(stdout).toMatch(new RegExp(`^linux/amd64  ${amd64.digest}       2  \\d+ B$`, "m"));
    expect(stdout).toMatch(new RegExp(`^linux/arm64  ${arm64.digest}       2  \\d+ B$`, "m"));
  });

  it("shows one platform of an index in full", async () => {
    await create("app");
    const { arm64 } = await pushIndex(ecr, "app", "v1");
    expect(await json("inspect app:v1 --platform linux/aarch64")).toMatchObject({
      digest: arm64.digest,
      layers: arm64.layers,
      config: { os: "linux", architecture: "arm64" },
      manifest: JSON.parse(arm64.manifest),
    });
    expect(await ecrkit("inspect app:v1 --platform linux/s390x")).toEqual({
      code: 3,
      stdout: "",
      stderr: "ecrkit: app:v1 has no image for linux/s390x: it has linux/amd64, linux/arm64\n",
    });
  });

  it("shows the manifest alone when the configuration cannot be had, and says why", async () => {
    const unchecked = createLocalEcr({ layers: "unchecked" });
    const client = createEcrClient({ transport: simulate(unchecked) });
    await client.call("CreateRepository", { repositoryName: "app" });
    const entry = {
      mediaType: "application/vnd.oci.image.config.v1+json",
      digest: `sha256:${"a".repeat(64)}`,
      size: 1,
    };
    const document = {
      schemaVersion: 2,
      mediaType: "application/vnd.oci.image.manifest.v1+json",
      config: entry,
      layers: [],
    };
    await client.call("PutImage", {
      repositoryName: "app",
      imageManifest: JSON.stringify(document),
      imageTag: "latest",
    });
    const { code, stdout } = await ecrkitWith(["inspect", "app"], { transport: simulate(unchecked) });
    expect(code).toBe(0);
    expect(stdout).toContain("image   app:latest\n");
    expect(stdout).toMatch(
      /\nwithout its configuration: GetDownloadUrlForLayer on repository "app" in us-east-1 failed/,
    );
    await unchecked.close();
  });

  it.each([
    ["is of members of other types", '{"os":3,"config":{"Env":"x","Labels":{"a":5},"Cmd":{}}}', "label a  5\n"],
    ["says nothing", "{}", "size    "],
    [
      "is no JSON",
      "hello",
      "\nwithout its configuration: the image's configuration could not be read: it is not a JSON object\n",
    ],
    [
      "is no object",
      "[1]",
      "\nwithout its configuration: the image's configuration could not be read: it is not a JSON object\n",
    ],
  ])("shows an image whose configuration %s", async (_what, config, shown) => {
    await create("app");
    await pushImage(ecr, "app", "amd64", "latest", config);
    const { code, stdout, stderr } = await ecrkit("inspect app");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain(shown);
  });

  it("shows the manifest alone where layers cannot be reached, and no layer URL", async () => {
    await create("app");
    await pushImage(ecr, "app", "amd64", "latest");
    const apiOnly: Transport = {
      handle: (request, options) =>
        request.method === "POST" ? transport.handle(request, options) : Promise.reject(new Error("connect ETIMEDOUT")),
    };
    const { code, stdout } = await ecrkit("inspect app", { transport: apiOnly });
    expect(code).toBe(0);
    expect(stdout).toContain(
      "\nwithout its configuration: the image's configuration could not be read: connect ETIMEDOUT\n",
    );
  });
});

describe("ecrkit tag", () => {
  it("gives an image another tag, and is content when it has it", async () => {
    await create("app");
    const { digest } = await pushImage(ecr, "app", "amd64", "v1");
    const done = { code: 0, stdout: `app:stable is ${digest}\n`, stderr: "" };
    expect(await ecrkit("tag app:v1 stable")).toEqual(done);
    expect(await ecrkit("tag app:v1 stable")).toEqual(done);
    expect(await json(`tag app@${digest} again`)).toMatchObject({
      imageId: { imageDigest: digest, imageTag: "again" },
    });
  });

  it("does not move an immutable tag", async () => {
    await ecr.call("CreateRepository", { repositoryName: "app", imageTagMutability: "IMMUTABLE" });
    await pushImage(ecr, "app", "amd64", "v1");
    await pushImage(ecr, "app", "amd64", "v2");
    const { code, stderr } = await ecrkit("tag app:v2 v1");
    expect(code).toBe(3);
    expect(stderr).toMatch(
      /^ecrkit: PutImage on repository "app".*immutable: use another tag, or delete this one first\.\n$/,
    );
  });
});

describe("ecrkit", () => {
  it.each([
    [
      "images nope",
      3,
      /^ecrkit: DescribeImages on repository "nope" in us-east-1 failed: .* create the repository first\.\n$/,
    ],
    ["inspect nope:v1", 3, /^ecrkit: BatchGetImage on .*nope.* does not exist/],
    ["tag nope:v1 v2", 3, /^ecrkit: BatchGetImage on .*nope.* does not exist/],
    ["repos delete nope", 3, /^ecrkit: DeleteRepository on repository "nope".* does not exist/],
    ["images App", 2, /^ecrkit: "App" is malformed: a repository is a name such as team\/app or its whole URI/],
    ["images app:v1", 2, /^ecrkit: "app:v1" is an image: /],
    ["inspect app:", 2, /^ecrkit: "app:" is malformed: /],
    ["inspect app --platform linux", 2, /^ecrkit: "linux" is no platform: .* such as linux\/arm64\n$/],
    ["tag app:v1 a/b", 2, /^ecrkit: "a\/b" is no tag: /],
    [
      `images ${HOST}/app --region eu-west-1`,
      2,
      /^ecrkit: --region eu-west-1 contradicts .* in us-east-1: leave the flag out\n$/,
    ],
    [
      "repos list --region nowhere!",
      2,
      /^ecrkit: region must be the name of an AWS region such as us-east-1, got "nowhere!"\n$/,
    ],
    ["repos list --registry-id 12", 2, /^ecrkit: registryId must be an account's 12 digits, got "12"\n$/],
    ["repos list --endpoint-url nope", 2, /^ecrkit: endpoint must be an absolute http or https URL/],
    [
      "repos list --output yaml",
      2,
      /^ecrkit: option '--output <format>' argument 'yaml' is invalid\. Allowed choices are table, json, ndjson; see/,
    ],
    ["repos list --nope", 2, /^ecrkit: unknown option '--nope'; see "ecrkit --help"/],
    ["images", 2, /^ecrkit: missing required argument 'repository'; see/],
    ["imagse app", 2, /^ecrkit: unknown command 'imagse' \(Did you mean images\?\); see/],
    [
      "login --tool nope",
      2,
      /^ecrkit: option '--tool <name>' argument 'nope' is invalid\. Allowed choices are docker, podman/,
    ],
    [
      "local --port 70000",
      2,
      /^ecrkit: option '--port <number>' argument '70000' is invalid\. A port is a number from 0 to 65535; see/,
    ],
    [
      "local --account 1",
      2,
      /^ecrkit: option '--account <id>' argument '1' is invalid\. An account id is 12 digits; see/,
    ],
    [
      "local --upstream quay=bob:hunter2@127.0.0.1",
      2,
      /^ecrkit: --upstream must be a name and a URL, such as docker-hub=http:\/\/127\.0\.0\.1:5000$/m,
    ],
    ["local --public-host a/b", 2, /^ecrkit: createLocalEcr: `publicHost` must be a host name/],
  ])("%s: exits %d and says why on one line of stderr", async (line, code, message) => {
    const ran = await ecrkit(line);
    expect(ran).toMatchObject({ code, stdout: "" });
    expect(ran.stderr).toMatch(message);
    expect(ran.stderr.match(/\n/g)).toHaveLength(1);
  });

  it("exits with 4 when there are no credentials", async () => {
    vi.stubEnv("AWS_ACCESS_KEY_ID", undefined);
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", undefined);
    vi.stubEnv("AWS_EC2_METADATA_DISABLED", "true");
    const { code, stderr } = await ecrkit("repos list");
    expect(code).toBe(4);
    expect(stderr).toMatch(/^ecrkit: no AWS credentials/);
  });

  it("exits with 130 when it is interrupted", async () => {
    const ending = new AbortController();
    const stuck: Transport = {
      handle: (_request, { abortSignal } = {}) =>
        new Promise((_resolve, reject) => {
          abortSignal?.addEventListener("abort", () => reject(abortSignal.reason));
          ending.abort("SIGINT");
        }),
    };
    expect(await ecrkit("repos list", { transport: stuck, signal: ending.signal })).toEqual({
      code: 130,
      stdout: "",
      stderr: "ecrkit: stopped\n",
    });
  });

  it.each(["local", "repos list", "repos create", "repos delete", "images", "inspect", "tag", "login", "token"])(
    "%s --help shows an example",
    async (command) => {
      const { code, stdout, stderr } = await ecrkit(`${command} --help`);
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      expect(stdout).toMatch(new RegExp(`\nExamples?:\n  ecrkit ${command}|\nExample:\n  ecrkit ${command}`));
    },
  );

  it("lists its commands and exit codes, and help COMMAND is COMMAND --help", async () => {
    const { stdout } = await ecrkit("--help");
    expect(stdout.match(/^ {2}(\w+) {2,}/gm)?.map((line) => line.trim())).toEqual([
      ...["local", "repos", "images", "inspect", "tag", "login", "token"],
    ]);
    expect(stdout).toContain("Exit codes: 0 done,");
    expect(await ecrkit("help tag")).toEqual(await ecrkit("tag --help"));
  });
});
