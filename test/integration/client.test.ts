import { inspect } from "node:util";
import { afterEach, describe, expect, it } from "vitest";
import { createEcrClient, digestOf, type EcrClient, type EcrClientConfig, manualTime } from "../../src/index.js";
import { createLocalEcr, type LocalEcr, type LocalEcrOptions, simulate } from "../../src/local.js";
import { lettingIn } from "../fixtures/policies.js";
import { rejection } from "../fixtures/scripted-client.js";

const open: LocalEcr[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((local) => local.close()));
});

function localEcr(options: LocalEcrOptions = {}): LocalEcr {
  const local = createLocalEcr(options);
  open.push(local);
  return local;
}

const keysOf = (accessKeyId: string) =>
  ({ kind: "static", accessKeyId, secretAccessKey: "secret-access-key" }) as const;

/** A client in this process, without a socket. */
const clientOf = (local: LocalEcr, config: EcrClientConfig = {}): EcrClient =>
  createEcrClient({ region: "eu-west-1", auth: keysOf("123456789012"), transport: simulate(local), ...config });

const OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json";
const OCI_INDEX = "application/vnd.oci.image.index.v1+json";
const config = { mediaType: "application/vnd.oci.image.config.v1+json", digest: digestOf("{}"), size: 2 };

/** An image's manifest with an unusual but exact layout. */
const manifest = (name: string): string =>
  `${JSON.stringify({ schemaVersion: 2, mediaType: OCI_MANIFEST, config, layers: [], annotations: { name } }, null, 3)}\n`;

const index = (...children: readonly string[]): string =>
  JSON.stringify({
    schemaVersion: 2,
    mediaType: OCI_INDEX,
    manifests: children.map((child) => ({ mediaType: OCI_MANIFEST, digest: digestOf(child), size: child.length })),
  });

async function upload(ecr: EcrClient, repositoryName: string, bytes: Uint8Array): Promise<string> {
  const { uploadId } = await ecr.call("InitiateLayerUpload", { repositoryName });
  const part = { repositoryName, uploadId, partFirstByte: 0, partLastByte: bytes.length - 1, layerPartBlob: bytes };
  await ecr.call("UploadLayerPart", part);
  const layerDigests = [digestOf(bytes)];
  return (await ecr.call("CompleteLayerUpload", { repositoryName, uploadId, layerDigests })).layerDigest;
}

describe("the client on a local ECR in this process", () => {
  it("pushes an image by the layer API and reads it back byte for byte", async () => {
    const ecr = clientOf(localEcr());
    const { repository } = await ecr.call("CreateRepository", { repositoryName: "team/app" });
    expect(repository.repositoryUri).toBe("123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/app");
    expect(await upload(ecr, "team/app", Buffer.from("{}"))).toBe(config.digest);
    const put = await ecr.images.putTag("team/app", { imageManifest: manifest("app") }, "v1");
    expect(put.imageId).toEqual({ imageDigest: digestOf(manifest("app")), imageTag: "v1" });
    expect((await ecr.images.get("team/app", { imageTag: "v1" })).imageManifest).toBe(manifest("app"));
    expect(await ecr.repositories.get("team/app")).toEqual(repository);
  });

  it("reads 2,500 images over pages, and describes them by id", async () => {
    const ecr = clientOf(localEcr({ layers: "unchecked" }));
    await ecr.call("CreateRepository", { repositoryName: "app" });
    const tags = Array.from({ length: 2_500 }, (_, number) => `t${String(number).padStart(4, "0")}`);
    for (const tag of tags) await ecr.images.putTag("app", { imageManifest: manifest(tag) }, tag);
    const listed = await ecr.images.list("app", {}, { pageSize: 100 }).all();
    expect(listed.map(({ imageTag }) => imageTag).sort()).toEqual(tags);
    const { images, failures } = await ecr.images.describe("app", [...listed, { imageTag: "none" }]);
    expect(images.map(({ imageDigest }) => imageDigest)).toEqual(listed.map(({ imageDigest }) => imageDigest));
    expect(failures).toMatchObject([{ imageId: { imageTag: "none" }, failureCode: "ImageNotFound" }]);
    expect((await ecr.images.batchGet("app", listed)).images).toHaveLength(2_500);
    expect((await ecr.images.batchDelete("app", listed)).deleted).toHaveLength(2_500);
    expect(await ecr.images.list("app").all()).toEqual([]);
  });

  it("retags byte for byte, and again without an error, also where tags are immutable", async () => {
    const ecr = clientOf(localEcr({ layers: "unchecked" }));
    await ecr.call("CreateRepository", { repositoryName: "app", imageTagMutability: "IMMUTABLE" });
    await ecr.images.putTag("app", { imageManifest: manifest("one") }, "v1");
    const promoted = await ecr.images.putTag("app", { imageTag: "v1" }, "prod");
    expect(await ecr.images.putTag("app", { imageTag: "v1" }, "prod")).toEqual(promoted);
    expect(await ecr.images.putTag("app", promoted, "prod")).toEqual(promoted);
    const other = ecr.images.putTag("app", { imageManifest: manifest("two") }, "prod");
    expect(await rejection(other)).toMatchObject({ kind: "ImageTagAlreadyExists" });
    const { images } = await ecr.images.describe("app");
    expect(images).toMatchObject([{ imageDigest: digestOf(manifest("one")), imageTags: ["prod", "v1"] }]);
  });

  it("deletes an index and its children in one call, whatever their order", async () => {
    const ecr = clientOf(localEcr({ layers: "unchecked" }));
    await ecr.call("CreateRepository", { repositoryName: "app" });
    const children = [manifest("amd64"), manifest("arm64")];
    for (const imageManifest of children) await ecr.call("PutImage", { repositoryName: "app", imageManifest });
    await ecr.images.putTag("app", { imageManifest: index(...children) }, "v1");
    const ids = children.map((child) => ({ imageDigest: digestOf(child) }));
    const kept = await ecr.images.batchDelete("app", ids);
    expect(kept).toMatchObject({ deleted: [], failures: [{ failureCode: "ImageReferencedByManifestList" }, {}] });
    const { deleted, failures } = await ecr.images.batchDelete("app", [...ids, { imageTag: "v1" }]);
    expect([deleted.length, failures]).toEqual([3, []]);
  });

  it("keeps accounts and regions apart", async () => {
    const local = localEcr();
    const ours = clientOf(local);
    await ours.call("CreateRepository", { repositoryName: "app" });
    const others = [{ auth: keysOf("210987654321") }, { region: "us-east-1" }].map((other) => clientOf(local, other));
    for (const other of others) expect(await other.repositories.list().all()).toEqual([]);
    const theirs = clientOf(local, { auth: keysOf("210987654321"), registryId: "123456789012" });
    expect(await rejection(theirs.repositories.list().all())).toMatchObject({ kind: "AccessDenied" });
    const here = { account: "123456789012", region: "eu-west-1" };
    await ours.call("PutRegistryPolicy", { policyText: lettingIn("210987654321", here) });
    expect(await theirs.repositories.list().all()).toHaveLength(1);
  });

  it("gives logins that last twelve hours, and a new one five minutes before", async () => {
    const time = manualTime({ startMs: Date.UTC(2026, 0, 1) });
    const { auth } = clientOf(localEcr({ time }), { time });
    const first = await auth.credentials();
    expect(first).toMatchObject({
      registry: "123456789012.dkr.ecr.eu-west-1.amazonaws.com",
      username: "AWS",
      expiresAt: new Date("2026-01-01T12:00:00Z"),
    });
    await time.advance("11h55m");
    expect((await auth.credentials()).password.reveal()).toBe(first.password.reveal());
    await time.advance(0);
    expect((await auth.credentials()).expiresAt).toEqual(new Date("2026-01-01T23:55:00Z"));
  });

  it("asks who temporary keys belong to once", async () => {
    const local = localEcr();
    const inner = simulate(local);
    let asked = 0;
    const transport: typeof inner = {
      handle(request, options) {
        if (String(request.body).includes("Action=GetCallerIdentity")) asked++;
        return inner.handle(request, options);
      },
    };
    const { auth } = clientOf(local, { transport, auth: { ...keysOf("123456789012"), sessionToken: "session" } });
    await auth.token();
    await auth.refresh();
    expect(asked).toBe(1);
  });

  it("lets no secret out by printing what it gives", async () => {
    const ecr = clientOf(localEcr());
    const given = [await ecr.auth.token(), await ecr.auth.credentials(), await ecr.auth.loginCommand()] as const;
    const secrets = [given[0].authorizationToken.reveal(), given[1].password.reveal(), "secret-access-key"];
    const error = await rejection(ecr.repositories.get("none"));
    const printed = inspect([given, ecr, error], { depth: 10, showHidden: true }) + JSON.stringify([given, error]);
    for (const secret of secrets) expect(printed).not.toContain(secret);
  });

  it("is told of a target that ECR does not know what AWS says of one", async () => {
    const local = simulate(localEcr());
    const target = "AmazonEC2ContainerRegistry_V20150921.PaintRepository";
    const transport: typeof local = {
      handle: (request, options) =>
        local.handle({ ...request, headers: { ...request.headers, "x-amz-target": target } }, options),
    };
    const ecr = createEcrClient({ region: "eu-west-1", auth: keysOf("123456789012"), transport });
    expect(await rejection(ecr.call("DescribeRegistry", {}))).toMatchObject({
      kind: "UnknownOperation",
      service: { code: "UnknownOperationException" },
    });
  });
});

describe("the client on a local ECR behind a socket", () => {
  async function overSocket(): Promise<EcrClient> {
    const { url } = await localEcr({ layers: "unchecked" }).listen({ port: 0 });
    return createEcrClient({ region: "eu-west-1", auth: keysOf("123456789012"), endpoint: url });
  }

  it("does the same", async () => {
    const ecr = await overSocket();
    await ecr.call("CreateRepository", { repositoryName: "app" });
    await ecr.images.putTag("app", { imageManifest: manifest("app") }, "v1");
    expect((await ecr.images.get("app", { imageTag: "v1" })).imageManifest).toBe(manifest("app"));
    expect((await ecr.auth.loginCommand()).args.at(-1)).toMatch(/^localhost:\d+$/);
    ecr.close();
  });

  it("says what is wrong when nobody listens", async () => {
    const { url, close } = await localEcr().listen({ port: 0 });
    await close();
    const ecr = createEcrClient({ region: "eu-west-1", auth: keysOf("123456789012"), endpoint: url, retry: false });
    expect(await rejection(ecr.repositories.list().all())).toMatchObject({
      kind: "Connection",
      message: expect.stringMatching(
        /^DescribeRepositories on the registry in eu-west-1 failed: .*ECONNREFUSED.* Check the network/,
      ),
    });
    ecr.close();
  });

  it("ends a call as soon as its signal aborts", async () => {
    const ecr = await overSocket();
    const call = ecr.call("DescribeRepositories", {}, { signal: AbortSignal.abort("enough") });
    expect(await rejection(call)).toMatchObject({ kind: "Aborted", cause: "enough" });
    ecr.close();
  });
});
