import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createEcrClient } from "../../src/index.js";
import { rejection } from "../fixtures/scripted-client.js";
import { ecrkit, type Ran } from "./cli-terminal.js";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ecrkit-cli-"));
  vi.stubEnv("AWS_ACCESS_KEY_ID", "local");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "local");
  vi.stubEnv("AWS_REGION", "us-east-1");
  vi.stubEnv("AWS_PROFILE", undefined);
  vi.stubEnv("AWS_CONFIG_FILE", join(folder, "none"));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
  vi.unstubAllEnvs();
});

/** `ecrkit local` on a free port, and the way to end it. */
async function startLocal(...flags: readonly string[]): Promise<{ readonly url: string; end(): Promise<Ran> }> {
  const ending = new AbortController();
  let running: Promise<Ran> | undefined;
  const line = await new Promise<string>((onStdout) => {
    running = ecrkit(["local", "--port", "0", ...flags], { signal: ending.signal, onStdout });
  });
  return {
    url: line.replace(/^ecrkit local ready on /, "").trim(),
    async end() {
      ending.abort("SIGTERM");
      if (running === undefined) throw new Error("it does not run");
      return running;
    },
  };
}

describe("ecrkit local", () => {
  it("says in one line where it answers, and ends with 0 on a signal", async () => {
    const { url, end } = await startLocal();
    expect(url).toMatch(/^http:\/\/localhost:\d+$/);
    expect((await fetch(`${url.replace("localhost", "127.0.0.1")}/_ecrkit/health`)).status).toBe(200);
    expect(await end()).toEqual({ code: 0, stdout: `ecrkit local ready on ${url}\n`, stderr: "" });
    await expect(fetch(url.replace("localhost", "127.0.0.1"))).rejects.toThrow();
  });

  it("with --auth strict takes the keys of --accounts and no other, and throttles as --quotas says", async () => {
    const [accounts, quotas] = ["accounts.json", "quotas.json"].map((name) => join(folder, name));
    const ci = { accessKeys: [{ accessKeyId: "AKIACI", secretAccessKey: "ci-secret" }] };
    writeFileSync(accounts ?? "", JSON.stringify({ accounts: { "111122223333": { users: { ci } } } }));
    writeFileSync(quotas ?? "", JSON.stringify({ perSecond: { DescribeRepositories: 0.001 } }));
    const { url, end } = await startLocal("--auth", "strict", "--accounts", accounts ?? "", "--quotas", quotas ?? "");
    const list = () => ecrkit(["repos", "list", "--endpoint-url", url]);
    expect(await list()).toMatchObject({ code: 4, stderr: expect.stringContaining("DescribeRepositories") });
    vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIACI");
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", "ci-secret");
    expect((await list()).code).toBe(0);
    // The CLI would wait and try again.
    const auth = { kind: "static", accessKeyId: "AKIACI", secretAccessKey: "ci-secret" } as const;
    const once = createEcrClient({ region: "us-east-1", endpoint: url, auth, retry: false });
    expect(await rejection(once.repositories.list().all())).toMatchObject({ service: { message: "Rate exceeded" } });
    once.close();
    await end();
  });

  it.each([
    [["--auth", "strict"], "`accounts` must be given where `auth` is strict"],
    [["--accounts", "/nonexistent"], "--accounts"],
    [["--quotas", "/nonexistent"], "--quotas"],
  ])("says what is wrong with %j", async (flags, says) => {
    const { code, stderr } = await ecrkit(["local", "--port", "0", ...flags]);
    expect(code).not.toBe(0);
    expect(stderr).toContain(says);
  });

  it("serves the account of --account, under the name of --public-host", async () => {
    const { url, end } = await startLocal("--account", "111122223333", "--public-host", "ecr.test:{port}");
    const { port } = new URL(url);
    const { stdout } = await ecrkit(["repos", "create", "app", "--endpoint-url", url, "--output", "json"]);
    expect(JSON.parse(stdout)).toMatchObject({
      registryId: "111122223333",
      repositoryUri: `ecr.test:${port}/app`,
    });
    await end();
  });

  it("takes the URI that it gave, without further flags", async () => {
    const { url, end } = await startLocal();
    const created = await ecrkit(["repos", "create", "app", "--endpoint-url", url, "--output", "json"]);
    const { repositoryUri } = JSON.parse(created.stdout) as { readonly repositoryUri: string };
    expect(repositoryUri).toBe(`${url.replace("http://", "")}/app`);
    expect(await ecrkit(["images", repositoryUri])).toEqual({ code: 0, stdout: "", stderr: "no images in app\n" });
    await end();
  });

  it("is filled by --seed: the sample, a seed of one's own, and a snapshot of another", async () => {
    const names = async (flag: string): Promise<unknown> => {
      const { url, end } = await startLocal("--seed", flag);
      const { stdout } = await ecrkit(["repos", "list", "--endpoint-url", url, "--output", "json"]);
      const snapshot = await fetch(`${url.replace("localhost", "127.0.0.1")}/_ecrkit/snapshot`);
      writeFileSync(join(folder, "snapshot"), await snapshot.text());
      await end();
      return (JSON.parse(stdout) as { repositoryName: string }[]).map(({ repositoryName }) => repositoryName);
    };
    expect(await names("sample")).toContain("shop/web");
    const registry = { account: "000000000000", region: "us-east-1", repositories: [{ name: "mine" }] };
    writeFileSync(join(folder, "seed.json"), JSON.stringify({ registries: [registry] }));
    expect(await names(join(folder, "seed.json"))).toEqual(["mine"]);
    expect(await names(join(folder, "snapshot"))).toEqual(["mine"]);
  });

  it("fails as --faults says", async () => {
    const plan = { faults: [{ operation: "DescribeRepositories", effect: { kind: "access-denied" } }] };
    writeFileSync(join(folder, "faults.json"), JSON.stringify(plan));
    const { url, end } = await startLocal("--faults", join(folder, "faults.json"));
    expect((await ecrkit(["repos", "list", "--endpoint-url", url])).code).toBe(4);
    await end();
  });

  it.each([
    ["--seed", "none.json", 3, "--seed none.json cannot be read: ENOENT"],
    ["--faults", "none.json", 3, "--faults none.json cannot be read: ENOENT"],
    [
      "--lifecycle-interval",
      "often",
      2,
      '`lifecycleInterval` must be a duration such as "1h", of a second at least, got "often"',
    ],
  ])("says what is wrong with %s %s", async (flag, value, code, message) => {
    const ran = await ecrkit(["local", "--port", "0", flag, value]);
    expect(ran).toMatchObject({ code, stdout: "", stderr: expect.stringContaining(message) });
  });

  it("says what to do when its port is taken", async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const address = other.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    expect(await ecrkit(["local", "--port", String(port)])).toEqual({
      code: 3,
      stdout: "",
      stderr: `ecrkit: cannot listen on 127.0.0.1:${port}: the port is taken; stop what uses it, or take another with --port (0 for any)\n`,
    });
    await new Promise((resolve) => other.close(resolve));
  });
});

describe("ecrkit token", () => {
  it("prints a password that logs in to the registry", async () => {
    const { url, end } = await startLocal();
    const { stdout } = await ecrkit(["token", "--endpoint-url", url]);
    const basic = (password: string) => ({
      headers: { authorization: `Basic ${Buffer.from(`AWS:${password}`).toString("base64")}` },
    });
    const v2 = `${url.replace("localhost", "127.0.0.1")}/v2/`;
    expect((await fetch(v2, basic(stdout.trim()))).status).toBe(200);
    expect((await fetch(v2, basic("wrong"))).status).toBe(401);
    await end();
  });

  it("says with --output json where the password is good, and until when", async () => {
    const { url, end } = await startLocal();
    const { stdout } = await ecrkit(["token", "--endpoint-url", url, "--output", "json"]);
    expect(JSON.parse(stdout)).toEqual({
      registry: url.replace("http://", ""),
      username: "AWS",
      password: expect.stringMatching(/^[A-Za-z0-9+/=]{100,}$/),
      expiresAt: expect.stringMatching(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/),
    });
    await end();
  });
});

describe("ecrkit login", () => {
  /** A tool that writes down its arguments, its environment and its stdin. */
  const installTool = (
    name: string,
  ): { seen(): { readonly args: string; readonly stdin: string; readonly env: string } } => {
    const file = (part: string): string => join(folder, part);
    writeFileSync(
      file(name),
      `#!/bin/sh\necho "$*" > ${file("args")}\nenv > ${file("env")}\ncat > ${file("stdin")}\n`,
      { mode: 0o700 },
    );
    const read = (part: string): string => readFileSync(file(part), "utf8");
    return { seen: () => ({ args: read("args"), stdin: read("stdin"), env: read("env") }) };
  };

  it("gives the password to the tool's stdin, and to nothing else", async () => {
    const { url, end } = await startLocal();
    const registry = url.replace("http://", "");
    const docker = installTool("docker");
    const env = { PATH: `${folder}:${process.env["PATH"]}` };
    const ran = await ecrkit(["login", "--endpoint-url", url], { env });
    expect(ran).toEqual({
      code: 0,
      stdout: expect.stringMatching(new RegExp(`^docker is logged in to ${registry} until \\d{4}-.*Z\n$`)),
      stderr: "",
    });
    const { args, stdin, env: seenEnv } = docker.seen();
    expect(args).toBe(`login --username AWS --password-stdin ${registry}\n`);
    expect(stdin).toMatch(/^[A-Za-z0-9+/=]{100,}$/);
    for (const shown of [args, seenEnv, ran.stdout]) expect(shown).not.toContain(stdin);
    await end();
  });

  it("tells a tool that needs telling that a local ECR speaks HTTP", async () => {
    const { url, end } = await startLocal();
    const skopeo = installTool("skopeo");
    const env = { PATH: `${folder}:${process.env["PATH"]}` };
    await ecrkit(["login", "--tool", "skopeo", "--endpoint-url", url], { env });
    expect(skopeo.seen().args).toBe(
      `login --username AWS --password-stdin --tls-verify=false ${url.replace("http://", "")}\n`,
    );
    await end();
  });

  it("prints with --print a line that does the same, without a password", async () => {
    const { url, end } = await startLocal();
    const registry = url.replace("http://", "");
    const ran = await ecrkit(["login", "--tool", "helm", "--print", "--endpoint-url", url]);
    expect(ran.stdout).toBe(
      `ecrkit token --endpoint-url ${url} | helm registry login --username AWS --password-stdin --plain-http ${registry}\n`,
    );
    await end();
  });

  it("says so when the tool is not installed", async () => {
    const { url, end } = await startLocal();
    expect(await ecrkit(["login", "--tool", "podman", "--endpoint-url", url], { env: { PATH: folder } })).toEqual({
      code: 3,
      stdout: "",
      stderr:
        "ecrkit: cannot run podman: it is not installed, or not on PATH; ecrkit login --print shows what would be run\n",
    });
    await end();
  });
});

it("says what to do when nothing answers at the endpoint", async () => {
  const { url, end } = await startLocal();
  await end();
  const { code, stderr } = await ecrkit(["repos", "list", "--endpoint-url", url.replace("localhost", "127.0.0.1")]);
  expect(code).toBe(5);
  expect(stderr).toMatch(
    /^ecrkit: DescribeRepositories on the registry in us-east-1 failed after 3 attempts: .*ECONNREFUSED.*Check the network, the proxy and the endpoint\.\n$/,
  );
});
