import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { afterAll, afterEach, describe, expect, it, vi } from "vitest";
import { rejection } from "../../test/fixtures/scripted-client.js";
import { answering, failure, scripted } from "../../test/fixtures/scripted-transport.js";
import { manualTime } from "../time.js";
import type { HttpRequest, HttpResponse, Transport } from "../transport/transport.js";
import { createEcrClient } from "./ecr-client.js";
import { type AssumeRoleOptions, assumeRole, getCredentials } from "./get-credentials.js";

const EXPIRATION = "2026-01-01T01:00:00Z";
const ROLE = "arn:aws:iam::123456789012:role/deploy";

/** STS's answer with the keys of a role. */
const keysOf = (operation: string, accessKeyId: string, expiration = EXPIRATION): HttpResponse => ({
  statusCode: 200,
  headers: { "content-type": "text/xml" },
  body: Buffer.from(
    `<${operation}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><${operation}Result><Credentials><AccessKeyId>${accessKeyId}</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>${expiration}</Expiration></Credentials></${operation}Result></${operation}Response>`,
  ),
});

const formOf = ({ body }: HttpRequest): Readonly<Record<string, string>> =>
  Object.fromEntries(new URLSearchParams(String(body)));
const signerOf = ({ headers }: HttpRequest): string | undefined =>
  /Credential=([^/]+)/.exec(headers["authorization"] ?? "")?.[1];

const folder = mkdtempSync(join(tmpdir(), "ecrkit-credentials-"));
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => vi.unstubAllEnvs());

/** The environment with these AWS variables and no other ones. */
function stub(variables: Readonly<Record<string, string>> = {}): void {
  for (const name of Object.keys(process.env)) if (name.startsWith("AWS_")) vi.stubEnv(name, undefined);
  const files = { AWS_CONFIG_FILE: join(folder, "none"), AWS_SHARED_CREDENTIALS_FILE: join(folder, "none") };
  const alone = { ...files, AWS_EC2_METADATA_DISABLED: "true" };
  for (const [name, value] of Object.entries({ ...alone, ...variables })) vi.stubEnv(name, value);
}

describe("getCredentials", () => {
  it("takes keys out of the environment, their secrets hidden, and needs no region for it", async () => {
    stub({ AWS_ACCESS_KEY_ID: "AKIA1", AWS_SECRET_ACCESS_KEY: "secret", AWS_SESSION_TOKEN: "token" });
    const keys = await getCredentials();
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
    stub({ AWS_SHARED_CREDENTIALS_FILE: credentials, AWS_ACCESS_KEY_ID: "AKIA1", AWS_SECRET_ACCESS_KEY: "secret" });
    expect(await getCredentials({ kind: "default", profile: "team" })).toMatchObject({ accessKeyId: "AKIATEAM" });
  });

  it("says what to do when the chain finds nothing", async () => {
    stub();
    expect(await rejection(getCredentials())).toMatchObject({
      kind: "InvalidCredentials",
      message: expect.stringMatching(/^no AWS credentials from auth default: .* Set AWS_ACCESS_KEY_ID/),
    });
  });

  it("says of a profile that needs a code which one it is, and asks nobody", async () => {
    const config = join(folder, "config");
    const text = `[profile mfa]\nrole_arn = ${ROLE}\nsource_profile = base\nmfa_serial = arn:aws:iam::123456789012:mfa/me\n`;
    writeFileSync(config, `${text}[profile base]\naws_access_key_id = AKIA\naws_secret_access_key = s\n`);
    stub({ AWS_CONFIG_FILE: config });
    const transport = scripted();
    const asked = getCredentials({ kind: "default", profile: "mfa" }, { transport });
    expect(await rejection(asked)).toMatchObject({
      kind: "InvalidCredentials",
      message: expect.stringContaining("Profile mfa requires multi-factor authentication"),
    });
    expect(transport.requests).toEqual([]);
  });

  it("exchanges the token of an identity provider for keys, unsigned, with the file as it is then", async () => {
    const tokenFile = join(folder, "token");
    writeFileSync(tokenFile, "jwt-1\n");
    const transport = answering(() => keysOf("AssumeRoleWithWebIdentity", "ASIA1"));
    const auth = { kind: "web-identity", roleArn: ROLE, tokenFile } as const;
    const keys = await getCredentials(auth, { region: "eu-west-1", transport });
    expect(keys).toMatchObject({ accessKeyId: "ASIA1", expiration: new Date(EXPIRATION), accountId: "123456789012" });
    const [request] = transport.requests;
    expect(request).toMatchObject({
      hostname: "sts.eu-west-1.amazonaws.com",
      headers: expect.not.objectContaining({ authorization: expect.anything() }),
    });
    expect(formOf(request as HttpRequest)).toEqual({
      Action: "AssumeRoleWithWebIdentity",
      Version: "2011-06-15",
      RoleArn: ROLE,
      RoleSessionName: "ecrkit",
      WebIdentityToken: "jwt-1",
    });
    writeFileSync(tokenFile, "jwt-2");
    await getCredentials(auth, { region: "eu-west-1", transport });
    expect(transport.requests.map((asked) => formOf(asked)["WebIdentityToken"])).toEqual(["jwt-1", "jwt-2"]);
  });

  it("keeps the kind of a failure that may pass by itself", async () => {
    const refused = failure("ECONNREFUSED", { syscall: "connect" });
    const source = { kind: "static", accessKeyId: "AKIA", secretAccessKey: "s" } as const;
    const asked = assumeRole(ROLE, {
      source,
      region: "eu-west-1",
      transport: answering(() => Promise.reject(refused)),
      retry: false,
    });
    expect(await rejection(asked)).toMatchObject({
      kind: "Connection",
      category: "retryable",
      message: `no AWS credentials from auth assume-role: AssumeRole on role "${ROLE}" in eu-west-1 failed: the socket said ECONNREFUSED. Check the network, the proxy and the endpoint.`,
    });
  });

  it("never repeats the command line of a credential_process that failed", async () => {
    const provide = async (): Promise<never> => {
      throw new Error("Command failed: vault-login --password hunter2");
    };
    const error = await rejection(getCredentials({ kind: "provider", provide }));
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
    const error = await rejection(getCredentials({ kind: "provider", provide }));
    expect(error).toMatchObject({
      kind: "InvalidCredentials",
      message: expect.stringContaining(`no AWS credentials from auth provider: auth.provide gave ${text}`),
    });
    expect(inspect(error)).not.toContain("hunter2");
  });

  it("refuses keys of which one half is missing", async () => {
    const provide = async () => ({ accessKeyId: "AKIA1", secretAccessKey: "" });
    expect(await rejection(getCredentials({ kind: "provider", provide }))).toMatchObject({
      message: expect.stringContaining("auth.provide gave no secretAccessKey"),
    });
  });
});

describe("assumeRole", () => {
  const source = { kind: "static", accessKeyId: "AKIABASE", secretAccessKey: "s" } as const;
  const region = "eu-west-1";
  const time = manualTime();

  it("asks the region's STS with the keys of the default chain", async () => {
    stub({ AWS_ACCESS_KEY_ID: "AKIABASE", AWS_SECRET_ACCESS_KEY: "s", AWS_REGION: "eu-west-1" });
    const transport = scripted(keysOf("AssumeRole", "ASIA2"));
    const options: AssumeRoleOptions = {
      externalId: "external",
      durationSeconds: 900,
      sessionName: "release",
      transport,
    };
    expect(await assumeRole(ROLE, options)).toMatchObject({ accessKeyId: "ASIA2", accountId: "123456789012" });
    const [request] = transport.requests;
    expect([request?.hostname, signerOf(request as HttpRequest)]).toEqual(["sts.eu-west-1.amazonaws.com", "AKIABASE"]);
    expect(formOf(request as HttpRequest)).toEqual({
      Action: "AssumeRole",
      Version: "2011-06-15",
      RoleArn: ROLE,
      RoleSessionName: "release",
      DurationSeconds: "900",
      ExternalId: "external",
    });
  });

  it("goes through a chain of roles, each assumed with the keys of the one before", async () => {
    const transport = scripted(keysOf("AssumeRole", "ASIAHUB"), keysOf("AssumeRole", "ASIALEAF"));
    const hub = "arn:aws:iam::111111111111:role/hub";
    const keys = await assumeRole(ROLE, {
      source: { kind: "assume-role", roleArn: hub, source },
      region,
      transport,
      time,
    });
    expect(keys.accessKeyId).toBe("ASIALEAF");
    expect(transport.requests.map((request) => [signerOf(request), formOf(request)["RoleArn"]])).toEqual([
      ["AKIABASE", hub],
      ["ASIAHUB", ROLE],
    ]);
  });

  it("says why STS refused", async () => {
    const body = Buffer.from(
      "<ErrorResponse><Error><Code>AccessDenied</Code><Message>User me is not authorized to perform sts:AssumeRole</Message></Error></ErrorResponse>",
    );
    const transport = answering(() => ({ statusCode: 403, headers: { "x-amzn-requestid": "sts-1" }, body }));
    expect(await rejection(assumeRole(ROLE, { source, region, transport }))).toMatchObject({
      kind: "InvalidCredentials",
      requestId: "sts-1",
      message: expect.stringContaining(
        'AssumeRole on role "arn:aws:iam::123456789012:role/deploy" in eu-west-1 failed after 2 attempts: User me is not authorized to perform sts:AssumeRole (AccessDenied).',
      ),
    });
  });

  it("ends with its time", async () => {
    const outcome = rejection(
      assumeRole(ROLE, {
        source,
        region,
        time,
        timeoutMs: 1_000,
        transport: { handle: () => new Promise(() => undefined) },
      }),
    );
    await time.advance(999);
    await time.advance(1);
    expect(await outcome).toMatchObject({ kind: "Timeout", message: expect.stringContaining("timeoutMs was over") });
  });

  it.each<[AssumeRoleOptions, string]>([
    [{ mfaSerial: "arn:aws:iam::123456789012:mfa/me" } as never, "auth.mfaSerial is not taken"],
    [{ externalId: "x" }, "auth.externalId must be 2 to 1224 letters, digits and =,.@:/-_+"],
    [{ sessionName: "a session" }, 'auth.sessionName must be 2 to 64 letters, digits and =,.@-_+, got "a session"'],
    [{ source, profile: "team" }, "auth.profile does not go with auth.source"],
    [{ source: { kind: "static", accessKeyId: "AKIA" } as never }, "auth.source.secretAccessKey is missing"],
    [
      { source: { kind: "assume-role", roleArn: ROLE }, durationSeconds: 7_200 },
      "auth.durationSeconds must be at most 3600 for a role that a role assumes, got 7200",
    ],
  ])("refuses %j before anything is asked", async (options, message) => {
    const transport: Transport = scripted();
    expect(await rejection(assumeRole(ROLE, { ...options, region, transport }))).toMatchObject({
      kind: "InvalidParameter",
      message: expect.stringContaining(message),
    });
  });

  it("refuses a chain that is a circle", async () => {
    const circle = { kind: "assume-role" as const, roleArn: ROLE, source: undefined as unknown };
    circle.source = circle;
    expect(await rejection(getCredentials(circle as never))).toMatchObject({
      message: expect.stringContaining("makes a chain of more than 10 roles"),
    });
  });
});

describe("a client with an assumed role", () => {
  it("keeps its keys, renews them before they expire, and asks the source once for both", async () => {
    const time = manualTime({ startMs: Date.UTC(2026, 0, 1) });
    let assumed = 0;
    let provided = 0;
    const transport = answering((request) => {
      if (request.hostname.startsWith("sts.")) {
        const expiration = new Date(time.now() + 3_600_000).toISOString();
        return keysOf("AssumeRole", `ASIA${++assumed}`, expiration);
      }
      return { statusCode: 200, headers: {}, body: Buffer.from('{"repositories":[]}') };
    });
    const provide = async () => ({ accessKeyId: `AKIA${++provided}`, secretAccessKey: "s" });
    const auth = { kind: "assume-role", roleArn: ROLE, source: { kind: "provider", provide } } as const;
    const ecr = createEcrClient({ region: "eu-west-1", auth, transport, time });
    await Promise.all(Array.from({ length: 20 }, () => ecr.call("DescribeRepositories", {})));
    await time.advance("55m");
    await ecr.call("DescribeRepositories", {});
    await time.advance(0);
    await ecr.call("DescribeRepositories", {});
    const signers = transport.requests.filter(({ hostname }) => !hostname.startsWith("sts.")).map(signerOf);
    expect([signers.slice(0, 20).every((key) => key === "ASIA1"), ...signers.slice(20)]).toEqual([
      true,
      "ASIA1",
      "ASIA2",
    ]);
    expect([assumed, provided]).toEqual([2, 1]);
  });

  it("refuses one that needs a code, and says how to go about it", () => {
    const auth = { kind: "assume-role", roleArn: ROLE, mfaSerial: "arn:aws:iam::123456789012:mfa/me" };
    expect(() => createEcrClient({ auth: auth as never })).toThrow(
      expect.objectContaining({
        kind: "InvalidParameter",
        message: expect.stringMatching(/^auth\.mfaSerial is not taken, .*aws sts get-session-token --serial-number/),
      }),
    );
  });
});
