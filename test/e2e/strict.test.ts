import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { awsEnvironment, privateFolder, region } from "./aws-environment.js";
import { type ClientName, clientPath, describeWith } from "./clients.js";
import { type Finished, output, run } from "./command.js";
import { buildImage, writeDir } from "./image-layout.js";
import { type LocalProcess, startLocal } from "./local-process.js";
import { skopeo } from "./skopeo.js";

const owner = { account: "111111111111", key: { accessKeyId: "AKIAOWNER", secretAccessKey: "owner-secret" } };
const guest = { account: "222222222222", key: { accessKeyId: "AKIAGUEST", secretAccessKey: "guest-secret" } };
type Key = typeof owner.key;
const wrong: Key = { ...owner.key, secretAccessKey: "guessed-secret" };

const accounts = {
  accounts: {
    [owner.account]: { users: { ci: { accessKeys: [owner.key] } } },
    [guest.account]: { users: { reader: { accessKeys: [guest.key] } } },
  },
};

/** Signs two calls with boto3, and prints whose key it is and the repositories that it sees. */
const boto3Script = `
import boto3
print(boto3.client("sts").get_caller_identity()["Arn"])
print([r["repositoryName"] for r in boto3.client("ecr").describe_repositories()["repositories"]])
`;

/** A `ecrkit local --auth strict` of the two accounts, and clients with a key of one of them. */
function strictLocal() {
  const home = privateFolder();
  const file = join(home, "accounts.json");
  writeFileSync(file, JSON.stringify(accounts));
  let local: LocalProcess;
  beforeAll(async () => {
    local = await startLocal("--auth", "strict", "--accounts", file);
  });
  afterAll(async () => {
    await local.stop();
    rmSync(home, { recursive: true });
  });
  const environment = (key: Key): NodeJS.ProcessEnv => ({
    ...awsEnvironment(local.url, home),
    AWS_ACCESS_KEY_ID: key.accessKeyId,
    AWS_SECRET_ACCESS_KEY: key.secretAccessKey,
  });
  const client = (name: ClientName, key: Key, args: readonly string[]): Promise<Finished> =>
    run(clientPath(name), args, environment(key));
  const aws = (key: Key, ...args: readonly string[]): Promise<Finished> =>
    client("aws", key, ["--endpoint-url", local.url, "--output", "json", ...args]);
  const host = (): string => new URL(local.url).host;
  return { home, environment, client, aws, host };
}

describeWith(["aws"], "the aws CLI against ecrkit local --auth strict", () => {
  const { aws } = strictLocal();

  it("is who its key says, and may call", async () => {
    const identity = JSON.parse((await aws(owner.key, "sts", "get-caller-identity")).stdout);
    expect(identity.Arn).toBe(`arn:aws:iam::${owner.account}:user/ci`);
    const created = await aws(owner.key, "ecr", "create-repository", "--repository-name", "app");
    expect(JSON.parse(created.stdout).repository.registryId).toBe(owner.account);
  });

  it("is refused with a wrong secret, and with a key that nobody has", async () => {
    const { code, stderr } = await aws(wrong, "ecr", "describe-repositories");
    expect([code, stderr]).toEqual([254, expect.stringContaining("(InvalidSignatureException)")]);
    const unknown = await aws({ ...owner.key, accessKeyId: "AKIANOBODY" }, "ecr", "describe-repositories");
    expect([unknown.code, unknown.stderr]).toEqual([254, expect.stringContaining("(UnrecognizedClientException)")]);
  });
});

describeWith(["boto3"], "boto3 against ecrkit local --auth strict", () => {
  const { client } = strictLocal();

  it("is who its key says, and may call", async () => {
    const { stdout, stderr } = await client("boto3", owner.key, ["-c", boto3Script]);
    expect([stdout, stderr]).toEqual([`arn:aws:iam::${owner.account}:user/ci\n[]\n`, ""]);
  });

  it("is refused with a wrong secret", async () => {
    const { code, stderr } = await client("boto3", wrong, ["-c", boto3Script]);
    expect([code, stderr]).toEqual([1, expect.stringContaining("(SignatureDoesNotMatch)")]);
  });
});

/** The steps of two accounts' session, in order: each stands on the one before it. */
describeWith(["aws", "skopeo"], "another account's pull from ecrkit local --auth strict", () => {
  const { home, aws, host, environment } = strictLocal();
  const image = buildImage("oci", "amd64", 2);
  const there = ["--registry-id", owner.account, "--repository-name", "app"] as const;

  const batchGet = (): Promise<Finished> =>
    aws(guest.key, "ecr", "batch-get-image", ...there, "--image-ids", "imageTag=v1");
  /** skopeo with a login of the key's own to the owner's registry. */
  async function skopeoOf(name: string, key: Key): Promise<ReturnType<typeof skopeo>> {
    const args = ["ecr", "get-authorization-token", "--registry-ids", owner.account] as const;
    const [{ authorizationToken: auth }] = JSON.parse((await aws(key, ...args)).stdout).authorizationData;
    const authfile = join(home, `${name}.json`);
    writeFileSync(authfile, JSON.stringify({ auths: { [host()]: { auth } } }));
    return skopeo(authfile, environment(key));
  }
  const pull = async (): Promise<string> =>
    (await skopeoOf("guest", guest.key)).copy("--preserve-digests", `docker://${host()}/app:v1`, `dir:${home}/pulled`);

  it("is denied on the API and on /v2 while no policy allows it", async () => {
    await output(
      clientPath("aws"),
      ["--endpoint-url", `http://${host()}`, "ecr", "create-repository", "--repository-name", "app"],
      environment(owner.key),
    );
    writeDir(join(home, "source"), image);
    const pusher = await skopeoOf("owner", owner.key);
    await pusher.copy("--preserve-digests", `dir:${home}/source`, `docker://${host()}/app:v1`);
    const { code, stderr } = await batchGet();
    expect(code).toBe(254);
    expect(stderr).toContain("(AccessDeniedException)");
    expect(stderr).toContain(
      `User: arn:aws:iam::${guest.account}:user/reader is not authorized to perform: ecr:BatchGetImage on resource: arn:aws:ecr:${region}:${owner.account}:repository/app`,
    );
    await expect(pull()).rejects.toThrow(/denied/i);
  });

  it("is allowed on both once the owner's repository policy says so", async () => {
    const Action = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer", "ecr:BatchCheckLayerAvailability"];
    const Statement = [{ Effect: "Allow", Principal: { AWS: guest.account }, Action }];
    const policy = ["--policy-text", JSON.stringify({ Version: "2012-10-17", Statement })] as const;
    const set = await aws(owner.key, "ecr", "set-repository-policy", "--repository-name", "app", ...policy);
    expect([set.code, set.stderr]).toEqual([0, ""]);
    expect(JSON.parse((await batchGet()).stdout).images[0].imageManifest).toBe(image.manifest);
    await pull();
    expect(readFileSync(join(home, "pulled/manifest.json"), "utf8")).toBe(image.manifest);
  });

  it("does not let the other account push", async () => {
    const pusher = await skopeoOf("guest", guest.key);
    const other = pusher.copy("--preserve-digests", `dir:${home}/source`, `docker://${host()}/app:v2`);
    await expect(other).rejects.toThrow(/denied/i);
  });
});
