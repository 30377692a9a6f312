import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { afterEach, describe, expect, it, vi } from "vitest";
import { rejection } from "../../test/fixtures/scripted-client.js";
import { Secret } from "../secret.js";
import { manualTime } from "../time.js";
import { type AuthOptions, loadCredentials } from "./auth-options.js";
import { type AwsCredentials, credentialSource } from "./credentials.js";

const MINUTES = 60_000;

describe("a credential source", () => {
  function setUp(lifeMs: number | undefined) {
    const time = manualTime();
    let loads = 0;
    const anew: boolean[] = [];
    let broken = false;
    const source = credentialSource(time, async (isAnew): Promise<AwsCredentials> => {
      anew.push(isAnew);
      if (broken) throw new Error("no");
      return {
        accessKeyId: `key-${++loads}`,
        secretAccessKey: new Secret("s"),
        expiresAtMs: lifeMs && time.now() + lifeMs,
      };
    });
    const id = async (): Promise<string> => (await source.get()).accessKeyId;
    const breakDown = (): void => {
      broken = true;
    };
    return { time, source, id, anew, breakDown };
  }

  it("loads keys once, however many ask at the same time", async () => {
    const { id, anew } = setUp(undefined);
    expect(await Promise.all([id(), id(), id()])).toEqual(["key-1", "key-1", "key-1"]);
    expect(anew).toEqual([false]);
  });

  it("keeps keys that do not expire", async () => {
    const { id, time } = setUp(undefined);
    await id();
    await time.advance("300d");
    expect(await id()).toBe("key-1");
  });

  it("renews keys in the background five minutes before they expire", async () => {
    const { id, time, anew } = setUp(60 * MINUTES);
    await id();
    await time.advance(55 * MINUTES - 1);
    expect(await id()).toBe("key-1");
    await time.advance(1);
    expect(await id()).toBe("key-1");
    await time.advance(0);
    expect(await id()).toBe("key-2");
    expect(anew).toEqual([false, true]);
  });

  it("serves the old keys until they expire when the renewal fails, and asks every 30 seconds", async () => {
    const { id, time, anew, breakDown } = setUp(60 * MINUTES);
    await id();
    breakDown();
    await time.advance(55 * MINUTES);
    for (let use = 0; use < 5; use++) {
      expect(await id()).toBe("key-1");
      await time.advance(10_000);
    }
    expect(anew).toHaveLength(3);
    await time.advance(5 * MINUTES);
    await expect(id()).rejects.toThrow("no");
  });

  it("replaces refused keys once, also when several callers report them", async () => {
    const { id, source, anew } = setUp(undefined);
    await id();
    const refused = source.current();
    await Promise.all([source.renew(refused), source.renew(refused)]);
    await source.renew(refused);
    expect(await id()).toBe("key-2");
    expect(anew).toEqual([false, true]);
  });
});

describe("loadCredentials", () => {
  const context = (env: Record<string, string>) => ({ env, region: "us-east-1", anew: false });
  const folder = mkdtempSync(join(tmpdir(), "ecrkit-credentials-"));
  afterEach(() => vi.unstubAllEnvs());

  /** AWS's own providers read the process's environment. */
  function stub(variables: Readonly<Record<string, string>>): void {
    for (const name of Object.keys(process.env)) if (name.startsWith("AWS_")) vi.stubEnv(name, undefined);
    for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  }

  it("takes keys out of the environment", async () => {
    const env = { AWS_ACCESS_KEY_ID: "AKIA1", AWS_SECRET_ACCESS_KEY: "secret", AWS_SESSION_TOKEN: "token" };
    const keys = await loadCredentials({ kind: "default" }, context(env));
    expect([keys.accessKeyId, keys.secretAccessKey.reveal(), keys.sessionToken?.reveal()]).toEqual([
      "AKIA1",
      "secret",
      "token",
    ]);
    expect(`${inspect(keys)}${JSON.stringify(keys)}`).not.toMatch(/secret"|'secret'|token"|'token'/);
  });

  it("lets a profile that is named go before the keys in the environment", async () => {
    const credentials = join(folder, "credentials");
    writeFileSync(credentials, "[team]\naws_access_key_id = AKIATEAM\naws_secret_access_key = s\n");
    const files = { AWS_SHARED_CREDENTIALS_FILE: credentials, AWS_CONFIG_FILE: join(folder, "none") };
    stub({ ...files, AWS_EC2_METADATA_DISABLED: "true" });
    const env = { ...files, AWS_ACCESS_KEY_ID: "AKIA1", AWS_SECRET_ACCESS_KEY: "secret" };
    expect(await loadCredentials({ kind: "default", profile: "team" }, context(env))).toMatchObject({
      accessKeyId: "AKIATEAM",
    });
    rmSync(folder, { recursive: true });
  });

  it("says what to do when the chain finds nothing", async () => {
    stub({ AWS_EC2_METADATA_DISABLED: "true", AWS_CONFIG_FILE: "/none", AWS_SHARED_CREDENTIALS_FILE: "/none" });
    expect(await rejection(loadCredentials({ kind: "default" }, context({})))).toMatchObject({
      kind: "InvalidCredentials",
      message: expect.stringMatching(/^no AWS credentials from auth default: .* Set AWS_ACCESS_KEY_ID/),
    });
  });

  it("asks STS for a role, through the transport that was given", async () => {
    const expiration = "2026-01-01T01:00:00Z";
    const forms: string[] = [];
    const transport = {
      async handle({ body }: { readonly body?: unknown }) {
        forms.push(Buffer.from(body as Uint8Array).toString());
        const xml = `<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleWithWebIdentityResult><Credentials><AccessKeyId>ASIA1</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>${expiration}</Expiration></Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>`;
        return { response: { statusCode: 200, headers: { "content-type": "text/xml" }, body: Buffer.from(xml) } };
      },
    };
    const tokenFile = join(mkdtempSync(join(tmpdir(), "ecrkit-token-")), "token");
    writeFileSync(tokenFile, "jwt");
    const auth: AuthOptions = { kind: "web-identity", roleArn: "arn:aws:iam::123456789012:role/ci", tokenFile };
    const keys = await loadCredentials(auth, { ...context({}), transport });
    expect(keys).toMatchObject({ accessKeyId: "ASIA1", expiresAtMs: Date.parse(expiration) });
    expect(forms[0]).toContain("RoleSessionName=ecrkit");
    rmSync(join(tokenFile, ".."), { recursive: true });
  });

  it("assumes a role with the keys of the default chain", async () => {
    stub({ AWS_ACCESS_KEY_ID: "AKIABASE", AWS_SECRET_ACCESS_KEY: "s" });
    const asked: string[] = [];
    const transport = {
      async handle(request: { readonly body?: unknown; readonly headers: Readonly<Record<string, string>> }) {
        asked.push(`${request.headers["authorization"]} ${Buffer.from(request.body as Uint8Array)}`);
        const xml = `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials><AccessKeyId>ASIA2</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2026-01-01T01:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`;
        return { response: { statusCode: 200, headers: { "content-type": "text/xml" }, body: Buffer.from(xml) } };
      },
    };
    const auth: AuthOptions = {
      kind: "assume-role",
      roleArn: "arn:aws:iam::123456789012:role/deploy",
      externalId: "external",
      durationSeconds: 900,
    };
    expect(await loadCredentials(auth, { ...context({}), transport })).toMatchObject({ accessKeyId: "ASIA2" });
    expect(asked).toEqual([
      expect.stringMatching(/Credential=AKIABASE.*RoleSessionName=ecrkit.*DurationSeconds=900.*ExternalId=external/s),
    ]);
  });

  it("never repeats the command line of a credential_process that failed", async () => {
    const provide = async (): Promise<never> => {
      throw new Error("Command failed: vault-login --password hunter2");
    };
    const error = await rejection(loadCredentials({ kind: "provider", provide }, context({})));
    expect(inspect(error)).not.toContain("hunter2");
  });

  it.each([
    [undefined, "no keys"],
    [
      { accessKeyId: "AKIA", secretAccessKey: "s", sessionToken: "hunter2\n" },
      "an unusable sessionToken: it must be text of visible ASCII characters",
    ],
    [{ accessKeyId: 5, secretAccessKey: "s" }, "an unusable accessKeyId: it must be text"],
    [{ accessKeyId: "AKIA", secretAccessKey: "s", expiration: "2026-01-01" }, "an expiration that is no Date"],
  ])("refuses keys that no request could be signed with: %#", async (keys, text) => {
    const provide = async () => keys as never;
    const error = await rejection(loadCredentials({ kind: "provider", provide }, context({})));
    expect(error).toMatchObject({
      kind: "InvalidCredentials",
      message: expect.stringContaining(`no AWS credentials from auth provider: auth.provide gave ${text}`),
    });
    expect(inspect(error)).not.toContain("hunter2");
  });

  it("refuses keys of which one half is missing", async () => {
    const provide = async () => ({ accessKeyId: "AKIA1", secretAccessKey: "" });
    expect(await rejection(loadCredentials({ kind: "provider", provide }, context({})))).toMatchObject({
      message: expect.stringContaining("auth.provide gave no secretAccessKey"),
    });
  });
});
