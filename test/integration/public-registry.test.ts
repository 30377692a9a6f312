import { createHash } from "node:crypto";
import {
  ECRPUBLICClient,
  ImageAlreadyExistsException,
  type ImageTagDetail,
  PutImageCommand,
  paginateDescribeImageTags,
} from "@aws-sdk/client-ecr-public";
import { afterEach, describe, expect, it } from "vitest";
import type { LocalEcrOptions } from "../../src/local.js";
import { manualTime } from "../../src/time.js";
import {
  DOORS,
  type Door,
  inProcess,
  jsonCall,
  login,
  type RawAnswer,
  type RawRequest,
} from "../contract/transport/doors.js";

const sha256 = (bytes: Uint8Array | string): string => `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
const doors: Door[] = [];
afterEach(async () => {
  for (const door of doors.splice(0)) await door.close();
});

const ACCOUNT = "123456789012";
const HOST = "public.ecr.aws";
const LOCALHOST = "localhost:4580";
const PNG = Buffer.from("89504e470d0a1a0a00", "hex");
const LAYER = "layer";
const MEDIA_TYPE = "application/vnd.oci.image.manifest.v1+json";
const MANIFEST = JSON.stringify({
  schemaVersion: 2,
  mediaType: MEDIA_TYPE,
  config: { mediaType: "application/vnd.oci.image.config.v1+json", digest: sha256(LAYER), size: 5 },
  layers: [{ mediaType: "application/vnd.oci.image.layer.v1.tar", digest: sha256(LAYER), size: 5 }],
});

const publicCall = (operation: string, input: unknown, account = ACCOUNT): RawRequest =>
  jsonCall(operation, input, {
    "x-amz-target": `SpencerFrontendService.${operation}`,
    authorization: `AWS4-HMAC-SHA256 Credential=${account}/20260101/us-east-1/ecr-public/aws4_request, SignedHeaders=host, Signature=00`,
  });

const json = ({ body }: RawAnswer) => JSON.parse(body.toString());
const codeOf = (answer: RawAnswer): [number, string] => [answer.status, json(answer).errors[0].code];
const challengeOf = ({ status, headers }: RawAnswer) => [status, headers["www-authenticate"]];

type Send = (
  method: string,
  path: string,
  rest?: { readonly authorization?: string; readonly body?: string; readonly host?: string; readonly type?: string },
) => Promise<RawAnswer>;

/** A public repository `app` under the alias `acme`, and ways to speak to it. */
async function started(open = inProcess, options: LocalEcrOptions = {}) {
  const door = await open({ publicAliases: { acme: ACCOUNT }, ...options });
  doors.push(door);
  await door.send(publicCall("CreateRepository", { repositoryName: "app" }));
  const send: Send = (method, target, { authorization, body, host = HOST, type } = {}) =>
    door.send({
      method,
      target,
      headers: { host, ...(authorization && { authorization }), ...(type && { "content-type": type }) },
      ...(body === undefined ? {} : { body }),
    });
  const passwordOf = async (account?: string): Promise<string> =>
    json(await door.send(publicCall("GetAuthorizationToken", {}, account))).authorizationData.authorizationToken;
  const bearer = async (basic?: string): Promise<string> =>
    `Bearer ${json(await send("GET", "/token/?service=public.ecr.aws&scope=aws", basic ? { authorization: `Basic ${basic}` } : {})).token}`;
  const push = async (authorization: string, host = HOST): Promise<RawAnswer[]> => [
    await send("POST", `/v2/acme/app/blobs/uploads/?digest=${sha256(LAYER)}`, { authorization, host, body: LAYER }),
    await send("PUT", "/v2/acme/app/manifests/v1", { authorization, host, body: MANIFEST, type: MEDIA_TYPE }),
  ];
  return { door, send, passwordOf, bearer, push };
}

describe.each(DOORS)("public.ecr.aws, %o", (open) => {
  it("asks for a token, gives anyone one, and lets anyone pull with it", async () => {
    const { send, passwordOf, bearer, push } = await started(open);
    for (const path of ["/v2/", "/v2/acme/app/manifests/v1"])
      expect(challengeOf(await send("GET", path))).toEqual([
        401,
        'Bearer realm="http://public.ecr.aws/token/",service="public.ecr.aws",scope="aws"',
      ]);
    const pushed = await push(await bearer(await passwordOf()));
    expect(pushed.map(({ status, headers }) => [status, headers["location"]])).toEqual([
      [201, `/v2/acme/app/blobs/${sha256(LAYER)}`],
      [201, `/v2/acme/app/manifests/${sha256(MANIFEST)}`],
    ]);
    const authorization = await bearer();
    expect((await send("GET", "/v2/", { authorization })).status).toBe(200);
    const manifest = await send("GET", "/v2/acme/app/manifests/v1", { authorization });
    expect(manifest.body.toString()).toBe(MANIFEST);
    expect(manifest.headers["docker-content-digest"]).toBe(sha256(MANIFEST));
    const blob = await send("GET", `/v2/acme/app/blobs/${sha256(LAYER)}`, { authorization });
    expect(blob.body.toString()).toBe(LAYER);
    expect(json(await send("GET", "/v2/acme/app/tags/list", { authorization }))).toEqual({
      name: "acme/app",
      tags: ["v1"],
    });
  });
});

describe("the public registry", () => {
  it("answers to every alias of its account, and shows the API what was pushed", async () => {
    const { door, send, passwordOf, push } = await started();
    const password = await passwordOf();
    await push(`Basic ${password}`);
    const [registry] = json(await door.send(publicCall("DescribeRegistries", {}))).registries;
    for (const { name } of registry.aliases)
      expect((await send("HEAD", `/v2/${name}/app/manifests/v1`, { authorization: `Bearer ${password}` })).status).toBe(
        200,
      );
    const { imageTagDetails } = json(await door.send(publicCall("DescribeImageTags", { repositoryName: "app" })));
    expect(imageTagDetails[0]).toMatchObject({ imageTag: "v1", imageDetail: { imageDigest: sha256(MANIFEST) } });
  });

  it("lets nobody push but its account and whom its policy allows it", async () => {
    const { door, passwordOf, bearer, push } = await started();
    const stranger = await bearer(await passwordOf("111122223333"));
    for (const [who, arn] of [
      [await bearer(), "anonymous"],
      [stranger, "arn:aws:iam::111122223333:root"],
    ] as const)
      for (const refused of await push(who)) {
        expect(codeOf(refused)).toEqual([403, "DENIED"]);
        expect(json(refused).errors[0].message).toContain(`User: ${arn} is not authorized to perform: ecr-public:`);
      }
    for (const Principal of [{ AWS: "111122223333" }, "*"]) {
      const policyText = JSON.stringify({ Statement: [{ Effect: "Allow", Principal, Action: "ecr-public:*" }] });
      await door.send(publicCall("SetRepositoryPolicy", { repositoryName: "app", policyText }));
      expect((await push(stranger)).map(({ status }) => status)).toEqual([201, 201]);
      expect((await push(await bearer())).map(({ status }) => status)).toEqual([403, 403]);
    }
  });

  it("lets a policy deny its own account a push, but nobody a pull", async () => {
    const { door, send, passwordOf, bearer, push } = await started();
    const mine = await bearer(await passwordOf());
    await push(mine);
    const policyText = JSON.stringify({ Statement: [{ Effect: "Deny", Principal: "*", Action: "ecr-public:*" }] });
    await door.send(publicCall("SetRepositoryPolicy", { repositoryName: "app", policyText, force: true }));
    expect((await push(mine)).map(codeOf)).toEqual([
      [403, "DENIED"],
      [403, "DENIED"],
    ]);
    expect((await send("GET", "/v2/acme/app/manifests/v1", { authorization: await bearer() })).status).toBe(200);
  });

  it("knows no alias that nobody has, no catalog, and no name without an alias", async () => {
    const { send, bearer } = await started();
    const authorization = await bearer();
    const unknown = await send("GET", "/v2/nobody/app/tags/list", { authorization });
    expect(codeOf(unknown)).toEqual([404, "NAME_UNKNOWN"]);
    expect(json(unknown).errors[0].message).toBe(
      "The repository with name 'app' does not exist in the registry with id 'nobody'",
    );
    expect(codeOf(await send("GET", "/v2/app/tags/list", { authorization }))).toEqual([404, "NAME_UNKNOWN"]);
    expect(codeOf(await send("GET", "/v2/_catalog", { authorization }))).toEqual([405, "UNSUPPORTED"]);
  });

  it("refuses logins that are wrong, private or expired, although none is needed to pull", async () => {
    const time = manualTime();
    const { door, send, passwordOf } = await started(inProcess, { time });
    const password = await passwordOf();
    const { authorization: privately = "" } = await login(door);
    for (const authorization of ["Bearer nonsense", "Basic bm9ib2R5OnNlY3JldA==", privately])
      for (const path of ["/token/", "/v2/", "/v2/acme/app/tags/list"].slice(
        authorization.startsWith("Bearer") ? 1 : 0,
      ))
        expect(codeOf(await send("GET", path, { authorization }))).toEqual([400, "DENIED"]);
    await time.advance("12h");
    for (const path of ["/token/", "/v2/acme/app/tags/list"])
      expect(codeOf(await send("GET", path, { authorization: `Basic ${password}` }))).toEqual([403, "DENIED"]);
    expect((await send("POST", "/token/")).status).toBe(405);
  });

  it("gives no way into a private registry", async () => {
    const { door, send, passwordOf, bearer } = await started();
    await door.send(jsonCall("CreateRepository", { repositoryName: "app" }));
    const host = `${ACCOUNT}.dkr.ecr.eu-west-1.localhost`;
    for (const authorization of [await bearer(), `Basic ${await passwordOf()}`])
      expect((await send("GET", "/v2/app/tags/list", { authorization, host })).status).toBe(401);
  });

  it("shows the logo of a repository", async () => {
    const { door, send } = await started();
    const catalogData = { logoImageBlob: PNG.toString("base64") };
    const put = await door.send(publicCall("PutRepositoryCatalogData", { repositoryName: "app", catalogData }));
    const { pathname } = new URL(json(put).catalogData.logoUrl);
    const logo = await send("GET", pathname);
    expect([logo.headers["content-type"], logo.body]).toEqual(["image/png", PNG]);
    expect((await send("GET", `${pathname}2`)).status).toBe(404);
    expect((await send("POST", pathname)).status).toBe(404);
  });
});

describe("the public registry on plain localhost", () => {
  it("is found by its alias, and anyone may pull without a token", async () => {
    const { send, passwordOf, push } = await started();
    await push(`Basic ${await passwordOf()}`, LOCALHOST);
    const pulled = await send("GET", "/v2/acme/app/manifests/v1", { host: LOCALHOST });
    expect(pulled.body.toString()).toBe(MANIFEST);
    expect(challengeOf(await send("POST", "/v2/acme/app/blobs/uploads/", { host: LOCALHOST }))).toEqual([
      401,
      'Bearer realm="http://localhost:4580/token/",service="public.ecr.aws",scope="aws"',
    ]);
  });

  it("takes an empty login, as skopeo sends one that it does not have, for none", async () => {
    const { send, passwordOf, push } = await started();
    await push(`Basic ${await passwordOf()}`, LOCALHOST);
    const nobody = { authorization: `Basic ${Buffer.from(":").toString("base64")}`, host: LOCALHOST };
    expect((await send("GET", "/v2/acme/app/manifests/v1", nobody)).body.toString()).toBe(MANIFEST);
    expect((await send("GET", "/token/", nobody)).status).toBe(200);
    expect((await send("POST", "/v2/acme/app/blobs/uploads/", nobody)).status).toBe(401);
  });

  it("takes the one login that a client has there, private or public", async () => {
    const { door, send, passwordOf, push } = await started();
    const { authorization = "" } = await login(door);
    expect((await push(authorization, LOCALHOST)).map(({ status }) => status)).toEqual([201, 201]);
    const publicly = `Basic ${await passwordOf()}`;
    expect((await send("GET", "/v2/", { authorization: publicly, host: LOCALHOST })).status).toBe(200);
    expect(codeOf(await send("GET", "/v2/app/tags/list", { authorization: publicly, host: LOCALHOST }))).toEqual([
      404,
      "NAME_UNKNOWN",
    ]);
  });

  it("leaves private repositories to Basic", async () => {
    const { door, send } = await started();
    await door.send(jsonCall("CreateRepository", { repositoryName: "app" }));
    const { authorization = "" } = await login(door);
    expect((await send("GET", "/v2/app/tags/list", { authorization, host: LOCALHOST })).status).toBe(200);
    const asBearer = { authorization: authorization.replace("Basic", "Bearer"), host: LOCALHOST };
    for (const rest of [asBearer, { host: LOCALHOST }])
      expect(challengeOf(await send("GET", "/v2/app/tags/list", rest))).toEqual([
        401,
        'Basic realm="http://localhost:4580/",service="ecr.amazonaws.com"',
      ]);
  });

  it("is what repository URIs name once the local ECR listens", async () => {
    const door = await DOORS[1]?.({ publicAliases: { acme: ACCOUNT } });
    if (!door) throw new Error("no socket door");
    doors.push(door);
    const { repository } = json(await door.send(publicCall("CreateRepository", { repositoryName: "app" })));
    expect(repository.repositoryUri).toBe(`${new URL(door.endpoint).host.replace("127.0.0.1", "localhost")}/acme/app`);
  });

  it.each([{ Acme: ACCOUNT }, { acme: "me" }, { a: ACCOUNT }])("refuses the alias %j", (publicAliases) =>
    expect(inProcess({ publicAliases })).rejects.toThrow("createLocalEcr: `publicAliases` must be"),
  );
});

describe("the AWS SDK's client of ECR Public", () => {
  it("reads what the local ECR answers, times included, and pages through it", async () => {
    const time = manualTime();
    const { door } = await started(inProcess, { time, layers: "unchecked" });
    const { transport: requestHandler } = door;
    const credentials = { accessKeyId: ACCOUNT, secretAccessKey: "any" };
    const client = new ECRPUBLICClient({ region: "us-east-1", credentials, requestHandler, maxAttempts: 1 });
    const put = (imageTag: string) =>
      client.send(
        new PutImageCommand({ registryId: "acme", repositoryName: "app", imageManifest: MANIFEST, imageTag }),
      );
    for (const tag of ["v1", "v2", "v3"]) await put(tag);
    const pages = paginateDescribeImageTags({ client, pageSize: 2 }, { repositoryName: "app" });
    const tags: ImageTagDetail[][] = [];
    for await (const { imageTagDetails = [] } of pages) tags.push(imageTagDetails);
    expect(tags.map((page) => page.map(({ imageTag, createdAt }) => [imageTag, createdAt?.getTime()]))).toEqual([
      [
        ["v1", time.now()],
        ["v2", time.now()],
      ],
      [["v3", time.now()]],
    ]);
    await expect(put("v3")).rejects.toThrow(ImageAlreadyExistsException);
    client.destroy();
  });
});
