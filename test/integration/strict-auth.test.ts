import { CreateRepositoryCommand, DescribeRepositoriesCommand, ECRClient } from "@aws-sdk/client-ecr";
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { afterEach, describe, expect, it } from "vitest";
import { createEcrClient } from "../../src/index.js";
import { createLocalEcr, type LocalEcr, type LocalEcrOptions, simulate } from "../../src/local.js";
import { presign, type Signing, sign } from "../../src/protocol/sigv4.js";
import { type ManualTime, manualTime } from "../../src/time.js";
import type { HttpRequest, HttpResponse } from "../../src/transport/transport.js";
import { policyOf } from "../fixtures/policies.js";

const A = "111111111111";
const B = "222222222222";
const C = "333333333333";
const REGION = "eu-west-1";
const trusting = (AWS: string) =>
  JSON.parse(policyOf({ Effect: "Allow", Principal: { AWS }, Action: "sts:AssumeRole" }));
const roleArn = (account: string, name: string) => `arn:aws:iam::${account}:role/${name}`;
const ci = { accessKeyId: "AKIACI", secretAccessKey: "ci-secret" };
const other = { accessKeyId: "AKIAOTHER", secretAccessKey: "other-secret" };
const options: LocalEcrOptions = {
  auth: "strict",
  accounts: {
    accounts: {
      [A]: { users: { ci: { accessKeys: [ci] } }, roles: { first: { trust: trusting(A) } } },
      [B]: { accessKeys: [other], roles: { second: { trust: trusting(roleArn(A, "first")) } } },
      [C]: { roles: { third: { trust: trusting(roleArn(B, "second")) } } },
    },
  },
};

const open: LocalEcr[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((local) => local.close()));
});

function strictEcr(): LocalEcr & { readonly time: ManualTime } {
  const time = manualTime();
  const local = createLocalEcr({ ...options, time });
  open.push(local);
  return { ...local, time };
}

interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

const sdk = (local: LocalEcr, credentials: Keys, endpoint?: string) => {
  // A copy, for the SDK writes to it.
  const config = {
    region: REGION,
    credentials: { ...credentials },
    ...(endpoint ? { endpoint } : { requestHandler: simulate(local) }),
  };
  return { ecr: new ECRClient(config), sts: new STSClient(config) };
};

async function assume(local: LocalEcr, by: Keys, RoleArn: string): Promise<Keys> {
  const { Credentials: keys } = await sdk(local, by).sts.send(
    new AssumeRoleCommand({ RoleArn, RoleSessionName: "run-1" }),
  );
  const {
    AccessKeyId: accessKeyId = "",
    SecretAccessKey: secretAccessKey = "",
    SessionToken: sessionToken = "",
  } = keys ?? {};
  return { accessKeyId, secretAccessKey, sessionToken };
}

const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => "no error",
    (error: Error) => error.name,
  );

describe("strict authentication", () => {
  it.each(["in-process", "over a socket"])("takes the signatures of the AWS SDK %s", async (door) => {
    const local = strictEcr();
    const endpoint = door === "over a socket" ? (await local.listen({ port: 0 })).url : undefined;
    const { ecr, sts } = sdk(local, ci, endpoint);
    const { repository } = await ecr.send(new CreateRepositoryCommand({ repositoryName: "app" }));
    expect(repository?.registryId).toBe(A);
    expect(await sts.send(new GetCallerIdentityCommand({}))).toMatchObject({
      Account: A,
      Arn: `arn:aws:iam::${A}:user/ci`,
    });
    const wrong = sdk(local, { ...ci, secretAccessKey: "wrong" }, endpoint);
    expect(await codeOf(wrong.ecr.send(new DescribeRepositoriesCommand({})))).toBe("InvalidSignatureException");
    expect(await codeOf(wrong.sts.send(new GetCallerIdentityCommand({})))).toBe("SignatureDoesNotMatch");
    const nobody = sdk(local, { accessKeyId: A, secretAccessKey: "any" }, endpoint);
    expect(await codeOf(nobody.ecr.send(new DescribeRepositoriesCommand({})))).toBe("UnrecognizedClientException");
    expect(await codeOf(nobody.sts.send(new GetCallerIdentityCommand({})))).toBe("InvalidClientTokenId");
  });

  it("lets a chain of three roles be assumed and used, until the last session ends on the registry's clock", async () => {
    const local = strictEcr();
    const first = await assume(local, ci, roleArn(A, "first"));
    const second = await assume(local, first, roleArn(B, "second"));
    const third = await assume(local, second, roleArn(C, "third"));
    const { ecr, sts } = sdk(local, third);
    expect((await sts.send(new GetCallerIdentityCommand({}))).Arn).toBe(`arn:aws:sts::${C}:assumed-role/third/run-1`);
    const { repository } = await ecr.send(new CreateRepositoryCommand({ repositoryName: "app" }));
    expect(repository?.registryId).toBe(C);
    const { sessionToken: _, ...withoutToken } = third;
    const stolen = { ...third, sessionToken: second.sessionToken ?? "" };
    for (const keys of [withoutToken, stolen])
      expect(await codeOf(sdk(local, keys).ecr.send(new DescribeRepositoriesCommand({})))).toBe(
        "UnrecognizedClientException",
      );
    await local.time.advance("1h");
    expect(await codeOf(ecr.send(new DescribeRepositoriesCommand({})))).toBe("ExpiredTokenException");
    expect(await codeOf(sts.send(new GetCallerIdentityCommand({})))).toBe("ExpiredToken");
  });

  it("lets another account pull on /v2 once a policy says so", async () => {
    const local = strictEcr();
    const clientOf = (keys: Keys) =>
      createEcrClient({ region: REGION, auth: { kind: "static", ...keys }, transport: simulate(local) });
    const ours = clientOf(ci);
    const theirs = clientOf(other);
    await ours.call("CreateRepository", { repositoryName: "app" });
    const imageManifest = '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[]}';
    await ours.images.putTag("app", { imageManifest }, "v1");
    const { username, password } = await theirs.auth.credentials();
    const authorization = `Basic ${Buffer.from(`${username}:${password.reveal()}`).toString("base64")}`;
    const host = `${A}.dkr.ecr.${REGION}.amazonaws.com`;
    const pull = () => send(local, { method: "GET", path: "/v2/app/manifests/v1", headers: { host, authorization } });
    const denied = await pull();
    expect(denied.status).toBe(403);
    expect(JSON.parse(denied.body).errors).toEqual([
      {
        code: "DENIED",
        message: `User: arn:aws:iam::${B}:root is not authorized to perform: ecr:BatchGetImage on resource: arn:aws:ecr:${REGION}:${A}:repository/app because no resource-based policy allows the ecr:BatchGetImage action`,
      },
    ]);
    const policyText = policyOf({ Effect: "Allow", Principal: { AWS: B }, Action: "ecr:BatchGetImage" });
    await ours.call("SetRepositoryPolicy", { repositoryName: "app", policyText });
    expect(await pull()).toEqual({ status: 200, body: imageManifest });
  });
});

const TARGET = "AmazonEC2ContainerRegistry_V20150921.DescribeRepositories";
const signing = (changes: Partial<Signing> = {}): Signing => ({
  credentials: ci,
  service: "ecr",
  region: REGION,
  nowMs: Date.now(),
  ...changes,
});
const call: HttpRequest = {
  method: "POST",
  protocol: "https:",
  hostname: `api.ecr.${REGION}.amazonaws.com`,
  path: "/",
  headers: { "content-type": "application/x-amz-json-1.1", "x-amz-target": TARGET },
  body: '{"maxResults":1}',
};

async function send(local: LocalEcr, request: Partial<HttpRequest>): Promise<{ status: number; body: string }> {
  const { response } = await local.app.handle({ ...call, body: undefined, ...request });
  return { status: response.statusCode, body: await textOf(response) };
}

const textOf = async ({ body }: HttpResponse): Promise<string> => {
  if (body === undefined || typeof body === "string") return body ?? "";
  const chunks: Uint8Array[] = [];
  for await (const chunk of body instanceof Uint8Array ? [body] : body) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
};

const typeOf = async (local: LocalEcr, request: Partial<HttpRequest>): Promise<string> =>
  JSON.parse((await send(local, request)).body).__type ?? "no error";

describe("a signed request", () => {
  const signed: HttpRequest = { ...call, headers: sign(call, signing()).headers };

  it("is taken as it was signed", async () => {
    expect(await typeOf(strictEcr(), { ...signed })).toBe("no error");
  });

  it("is refused when any single character of its Authorization, its body or a signed header is another", async () => {
    const local = strictEcr();
    const accepted: string[] = [];
    for (const name of ["authorization", "x-amz-date", "host", "x-amz-target"])
      for (const changed of changes(signed.headers[name] ?? "")) {
        const type = await typeOf(local, { ...signed, headers: { ...signed.headers, [name]: changed } });
        if (type === "no error") accepted.push(`${name}: ${changed}`);
      }
    for (const body of changes('{"maxResults":1}')) {
      const type = await typeOf(local, { ...signed, body });
      if (type === "no error") accepted.push(body);
    }
    for (const request of [{ path: "/x" }, { query: { a: "b" } }, { method: "PUT" }]) {
      const { status } = await send(local, { ...signed, ...request });
      if (status === 200) accepted.push(JSON.stringify(request));
    }
    expect(accepted).toEqual([]);
  });

  it.each([
    ["six minutes ago", -360_000, "InvalidSignatureException"],
    ["four minutes ago", -240_000, "no error"],
    ["in four minutes", 240_000, "no error"],
    ["in six minutes", 360_000, "InvalidSignatureException"],
  ])("that was signed %s by the machine's clock, whatever the registry's shows", async (_, offMs, type) => {
    const { headers } = sign(call, signing({ nowMs: Date.now() + offMs }));
    expect(await typeOf(strictEcr(), { ...call, headers })).toBe(type);
  });

  it.each([
    ["of another service", { service: "ecr-public" }],
    ["of another secret", { credentials: { ...ci, secretAccessKey: "x" } }],
  ])("%s is refused", async (_, change) => {
    expect(await typeOf(strictEcr(), { ...call, headers: sign(call, signing(change)).headers })).toBe(
      "InvalidSignatureException",
    );
  });

  it("that is not signed at all is refused", async () => {
    expect(await typeOf(strictEcr(), { ...call })).toBe("MissingAuthenticationTokenException");
  });

  it("may be presigned, for as long as it says", async () => {
    const local = strictEcr();
    const hostname = "sts.amazonaws.com";
    const query = { Action: "GetCallerIdentity", Version: "2011-06-15" };
    const ask = { method: "GET", protocol: "https:", hostname, path: "/", query, headers: { host: hostname } };
    const presigned = (nowMs: number): HttpRequest =>
      presign(ask, { ...signing({ service: "sts", nowMs }), expiresS: 60 });
    const answer = await send(local, presigned(Date.now()));
    expect(answer.status).toBe(200);
    expect(answer.body).toContain(`<Arn>arn:aws:iam::${A}:user/ci</Arn>`);
    expect((await send(local, presigned(Date.now() - 61_000))).body).toContain("<Code>SignatureDoesNotMatch</Code>");
    const forged = presigned(Date.now());
    const tampered = { ...forged, query: { ...forged.query, "X-Amz-Expires": "3600" } };
    expect((await send(local, tampered)).body).toContain("<Code>SignatureDoesNotMatch</Code>");
  });
});

/** The text with each of its characters replaced by another in turn. */
const changes = (text: string): readonly string[] =>
  Array.from(text, (char, at) => text.slice(0, at) + (char === "0" ? "1" : "0") + text.slice(at + 1));

describe("who may call", () => {
  it.each([
    [{ auth: "strict" }, "`accounts` must be given where `auth` is strict"],
    [{ auth: "loose" }, "`auth` must be open or strict"],
    [{ accounts: {} }, "`accounts` must be an accounts file: accounts must be an object"],
    [{ quotas: { perSecond: { PutImage: -1 } } }, "`quotas` must be"],
  ])("is refused when it makes no sense: %j", (bad, says) => {
    expect(() => createLocalEcr(bad as never)).toThrow(says);
  });
});
