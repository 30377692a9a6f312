import { afterEach, describe, expect, it } from "vitest";
import { digestOf, type EcrClientConfig, mediaTypes } from "../../src/index.js";
import type { LocalEcrOptions } from "../../src/local.js";
import type { HttpRequest, Layer } from "../../src/transport/transport.js";
import { blobOf, configOf, manifestOf } from "../fixtures/image-parts.js";
import { DOORS, inProcess, type OpenDoor, onSocket, type RegistryDoor } from "../fixtures/registry-door.js";
import { rejection } from "../fixtures/scripted-client.js";

const doors: RegistryDoor[] = [];
afterEach(async () => {
  await Promise.all(doors.splice(0).map((door) => door.close()));
});

const config = configOf("linux/amd64");
const layer = blobOf("layer");
const manifest = `${manifestOf(config, [layer])}\n`;

interface Start {
  readonly open?: OpenDoor;
  readonly options?: LocalEcrOptions;
  readonly config?: EcrClientConfig;
  readonly layers?: readonly Layer[];
}

/** A public repository `team/app` under the alias `acme` with the image `v1`. */
async function started({ open = inProcess, options = {}, config: more = {}, layers = [] }: Start = {}) {
  const seen: HttpRequest[] = [];
  const watching: Layer = (next) => ({
    ...next,
    handle(request, handling) {
      seen.push(request);
      return next.handle(request, handling);
    },
  });
  const door = await open({ publicAliases: { acme: "123456789012" }, ...options }, watching, ...layers);
  doors.push(door);
  const ecr = door.client(more);
  await ecr.call("ecr-public:CreateRepository", { repositoryName: "team/app" });
  for (const { bytes, digest } of [config, layer]) {
    const repositoryName = "team/app";
    const { uploadId } = await ecr.call("ecr-public:InitiateLayerUpload", { repositoryName });
    const part = { repositoryName, uploadId, partFirstByte: 0, partLastByte: bytes.length - 1, layerPartBlob: bytes };
    await ecr.call("ecr-public:UploadLayerPart", part);
    await ecr.call("ecr-public:CompleteLayerUpload", { repositoryName, uploadId, layerDigests: [digest] });
  }
  const image = { repositoryName: "team/app", imageManifest: manifest, imageTag: "v1" };
  await ecr.call("ecr-public:PutImage", image);
  seen.length = 0;
  /** What was asked of `/v2/` and of the token service: path and how it was authorized. */
  const asked = (): readonly string[] =>
    seen
      .filter(({ path }) => path !== "/")
      .map(({ path, headers }) => `${path} ${headers["authorization"]?.split(" ")[0] ?? "nobody"}`);
  return { door, ecr, seen, asked };
}

describe.each(DOORS)("publicRegistry, $name", ({ open }) => {
  it("lists the account's repositories and their images", async () => {
    const { ecr } = await started({ open });
    const repositories = await ecr.publicRegistry.repositories().all();
    expect(repositories).toMatchObject([
      { repositoryName: "team/app", repositoryArn: "arn:aws:ecr-public::123456789012:repository/team/app" },
    ]);
    expect(await ecr.publicRegistry.repository("team/app")).toEqual(repositories[0]);
    expect(await ecr.publicRegistry.images("team/app").all()).toMatchObject([
      { imageDigest: digestOf(manifest), imageTags: ["v1"] },
    ]);
    expect(await rejection(ecr.publicRegistry.repository("none"))).toMatchObject({
      kind: "RepositoryNotFound",
      region: "us-east-1",
    });
  });

  it.each(["anonymous", "account"] as const)("reads manifests as %s, byte for byte", async (login) => {
    const { ecr } = await started({ open });
    const found = await ecr.publicRegistry.manifest("acme/team/app", { imageTag: "v1" }, { login });
    expect(found).toMatchObject({
      repositoryName: "acme/team/app",
      digest: digestOf(manifest),
      tag: "v1",
      mediaType: mediaTypes.ociManifest,
      manifest: { kind: "image", layers: [{ digest: layer.digest }] },
    });
    expect(Buffer.from(found.bytes).toString()).toBe(manifest);
    const { digest } = found;
    expect(await ecr.publicRegistry.manifest("acme/team/app", { imageDigest: digest }, { login })).toMatchObject({
      digest,
    });
  });

  it("says what is not there", async () => {
    const { ecr } = await started({ open });
    const read = (repository: string, imageTag: string) =>
      rejection(ecr.publicRegistry.manifest(repository, { imageTag }));
    expect(await read("acme/none", "v1")).toMatchObject({ kind: "RepositoryNotFound", region: "us-east-1" });
    expect(await read("acme/team/app", "v9")).toMatchObject({ kind: "ImageNotFound", operation: "BatchGetImage" });
  });

  it("gives a login that lasts twelve hours, and the same one again", async () => {
    const { ecr } = await started({ open });
    const token = await ecr.publicRegistry.token();
    expect(token.expiresAt.getTime() - Date.now()).toBeGreaterThan(11.9 * 3_600_000);
    expect(token.authorizationToken.reveal()).toBe((await ecr.publicRegistry.token()).authorizationToken.reveal());
    const local = (await ecr.auth.token()).proxyEndpoint;
    expect(token.proxyEndpoint).toBe(open === onSocket ? local : "https://public.ecr.aws");
  });
});

describe("publicRegistry.manifest as nobody", () => {
  it("asks for one token for all calls, however many there are at the same time", async () => {
    const { ecr, asked } = await started();
    const read = () => ecr.publicRegistry.manifest("acme/team/app", { imageTag: "v1" });
    await Promise.all([read(), read(), read()]);
    await read();
    expect(asked().filter((one) => one.startsWith("/token"))).toEqual(["/token/ nobody"]);
    expect(asked().at(-1)).toBe("/v2/acme/team/app/manifests/v1 Bearer");
    expect(asked()).toHaveLength(3 + 1 + 3 + 1);
  });

  it("asks for another token when that is refused", async () => {
    const { ecr, asked } = await started({
      layers: [
        (next) => {
          let asks = 0;
          return {
            ...next,
            async handle(request, options) {
              const isRefused = request.headers["authorization"]?.startsWith("Bearer") && ++asks === 2;
              const headers = { "www-authenticate": 'Bearer realm="https://public.ecr.aws/token/"' };
              return isRefused ? { response: { statusCode: 401, headers } } : next.handle(request, options);
            },
          };
        },
      ],
    });
    const read = () => ecr.publicRegistry.manifest("acme/team/app", { imageTag: "v1" });
    await read();
    await read();
    expect(asked().filter((one) => one.startsWith("/token"))).toHaveLength(2);
  });

  it("is told when it pulls too much", async () => {
    const { ecr, door } = await started({ config: { retry: false } });
    const operation = "ecr-public:BatchGetImage";
    door.local.faults.use({ faults: [{ operation, effect: { kind: "throttle" } }] });
    const read = () => rejection(ecr.publicRegistry.manifest("acme/team/app", { imageTag: "v1" }));
    expect(await read()).toMatchObject({ kind: "Throttled", service: { code: "TOOMANYREQUESTS", status: 429 } });
  });

  it("lets no damaged manifest through", async () => {
    const { ecr, door } = await started();
    const operation = "ecr-public:BatchGetImage";
    door.local.faults.use({ faults: [{ operation, effect: { kind: "wrong-digest" } }] });
    expect(await rejection(ecr.publicRegistry.manifest("acme/team/app", { imageTag: "v1" }))).toMatchObject({
      kind: "ImageDigestMismatch",
    });
  });

  it.each([
    ["app", { imageTag: "v1" }, /^repository must be alias\/name/],
    ["public.ecr.aws/acme/app", { imageTag: "v1" }, /^repository must be/],
    ["acme/App", { imageTag: "v1" }, /^repository must be/],
    ["acme/app", { imageTag: "no tag" }, /^id\.imageTag must be/],
    ["acme/app", {}, /^id must be/],
  ])("refuses %j with %j before it asks", async (repository, id, message) => {
    const { ecr, asked } = await started();
    expect(await rejection(ecr.publicRegistry.manifest(repository, id))).toMatchObject({
      kind: "InvalidParameter",
      message: expect.stringMatching(message),
    });
    expect(asked()).toEqual([]);
  });
});

describe("publicRegistry.manifest as an account", () => {
  it("logs in once, and again when the login has expired", async () => {
    const { ecr, door, seen, asked } = await started();
    const read = () => ecr.publicRegistry.manifest("acme/team/app", { imageTag: "v1" }, { login: "account" as const });
    const logins = () =>
      seen.filter(({ headers }) => headers["x-amz-target"] === "SpencerFrontendService.GetAuthorizationToken").length;
    await read();
    await read();
    expect(logins()).toBe(1);
    await door.local.time.advance("13h");
    await read();
    expect(logins()).toBe(2);
    expect(asked()).toEqual(Array.from({ length: 4 }, () => "/v2/acme/team/app/manifests/v1 Bearer"));
  });

  it("refuses another login than there is", async () => {
    const { ecr } = await started();
    const options = { login: "root" as never };
    expect(await rejection(ecr.publicRegistry.manifest("acme/app", { imageTag: "v1" }, options))).toMatchObject({
      kind: "InvalidParameter",
      message: 'login must be "anonymous" or "account", got "root"',
    });
  });
});
