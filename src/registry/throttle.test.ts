import { describe, expect, it } from "vitest";
import { bareManifest, caller, refusal, sha256, target, testRegistry } from "../../test/fixtures/local-registry.js";

const throttled = { code: "ThrottlingException", message: "Rate exceeded" };

describe("the rates of --quotas", () => {
  it("are AWS's: ten PutImage in a second, then one every tenth of a second", async () => {
    const { call, time } = testRegistry({ layers: "unchecked", quotas: {} });
    await call("CreateRepository", { repositoryName: "app" });
    const put = (id: number) => call("PutImage", { repositoryName: "app", imageManifest: bareManifest(id) });
    for (let id = 0; id < 10; id += 1) await put(id);
    expect(await refusal(put(10))).toMatchObject(throttled);
    await time.advance(99);
    expect(await refusal(put(10))).toMatchObject(throttled);
    await time.advance(1);
    await put(10);
    expect(await refusal(put(11))).toMatchObject(throttled);
    await time.advance("1m");
    for (let id = 11; id < 21; id += 1) await put(id);
    expect(await refusal(put(21))).toMatchObject(throttled);
  });

  it("count each operation, account and region for itself", async () => {
    const { call } = testRegistry({ quotas: { perSecond: { "*": 1 } } });
    await call("DescribeRepositories", {});
    expect(await refusal(call("DescribeRepositories", {}))).toMatchObject(throttled);
    await call("DescribeRegistry", {});
    await call("DescribeRepositories", {}, { ...caller, region: "eu-west-1" });
    await call("DescribeRepositories", {}, { ...caller, account: "111111111111" });
  });

  it("hold for pushes and pulls on /v2 by the operations that they stand for", async () => {
    const { call, registry } = testRegistry({ layers: "unchecked", quotas: { perSecond: { BatchGetImage: 1 } } });
    await call("CreateRepository", { repositoryName: "app" });
    await call("PutImage", { repositoryName: "app", imageManifest: bareManifest(1), imageTag: "v1" });
    const pull = () => registry.data.manifest(caller, target(), "v1", { pull: true });
    await pull();
    expect(await refusal(pull())).toMatchObject(throttled);
    const batch = call("BatchGetImage", { repositoryName: "app", imageIds: [{ imageTag: "v1" }] });
    expect(await refusal(batch)).toMatchObject(throttled);
  });

  it("are the same for ECR Public in its API and on /v2", async () => {
    const { call, registry } = testRegistry({ quotas: { perSecond: { "ecr-public:InitiateLayerUpload": 1 } } });
    await call("ecr-public:CreateRepository", { repositoryName: "app" });
    await call("ecr-public:InitiateLayerUpload", { repositoryName: "app" });
    const { region } = registry.publicRegistries;
    const upload = registry.data.startUpload({ ...caller, region }, { ...target(), region });
    expect(await refusal(upload)).toMatchObject(throttled);
  });

  it("take a mount that opens an upload instead for one InitiateLayerUpload", async () => {
    const { call, registry } = testRegistry({ quotas: { perSecond: { InitiateLayerUpload: 2 } } });
    await call("CreateRepository", { repositoryName: "app" });
    const mount = () => registry.data.mount(caller, target(), sha256("x"), "other");
    await mount();
    const { uploadId } = (await mount()) as { readonly uploadId: string };
    expect(await refusal(mount())).toMatchObject(throttled);
    expect(await registry.data.upload(caller, target(), uploadId)).toEqual({ uploadId, sizeBytes: 0 });
  });

  it("that AWS publishes stand beside `*`, which is for the others", async () => {
    const { call } = testRegistry({ quotas: { perSecond: { "*": 1 } } });
    await call("CreateRepository", { repositoryName: "app" });
    for (let count = 0; count < 100; count += 1) await call("InitiateLayerUpload", { repositoryName: "app" });
    expect(await refusal(call("InitiateLayerUpload", { repositoryName: "app" }))).toMatchObject(throttled);
    expect(await refusal(call("CreateRepository", { repositoryName: "app" }))).toMatchObject(throttled);
  });

  it("may be set, with how many calls may come at once", async () => {
    const { call, time } = testRegistry({
      quotas: { perSecond: { DescribeRegistry: 0.5 }, burst: { DescribeRegistry: 2 } },
    });
    await call("DescribeRegistry", {});
    await call("DescribeRegistry", {});
    expect(await refusal(call("DescribeRegistry", {}))).toMatchObject(throttled);
    await time.advance("2s");
    await call("DescribeRegistry", {});
    expect(await refusal(call("DescribeRegistry", {}))).toMatchObject(throttled);
  });

  it("are not there unless asked for", async () => {
    const { call } = testRegistry();
    for (let count = 0; count < 100; count += 1) await call("DescribeRegistry", {});
  });

  it.each([
    [{ perSecond: { PutImage: 0 } }, "PutImage"],
    [{ burst: { "*": 0.5 } }, '"*"'],
    [{ counts: { repositories: -1 } }, "repositories"],
    [{ perSecond: { PutImge: 1 } }, 'quotas.perSecond: "PutImge" is none of *, BatchCheckLayerAvailability, '],
    [{ burst: { "ecr:PutImage": 1 } }, 'quotas.burst: "ecr:PutImage" is none of *, '],
    [
      { counts: { images: 1 } as object },
      'quotas.counts: "images" is none of repositories, imagesPerRepository, tagsPerImage',
    ],
  ])("that are none are refused: %j", (quotas, says) => {
    expect(() => testRegistry({ quotas })).toThrow(says);
  });
});

describe("the counts of --quotas", () => {
  const limited = (counts: object) => testRegistry({ layers: "unchecked", quotas: { burst: { "*": 1_000 }, counts } });

  it("bound the repositories of a registry", async () => {
    const { call } = limited({ repositories: 2 });
    for (const repositoryName of ["a1", "b1"]) await call("CreateRepository", { repositoryName });
    expect(await refusal(call("CreateRepository", { repositoryName: "c1" }))).toMatchObject({
      code: "LimitExceededException",
      message: "The limit of 2 repositories per registry has been exceeded",
    });
    await call("CreateRepository", { repositoryName: "c1" }, { ...caller, region: "eu-west-1" });
    await call("DeleteRepository", { repositoryName: "a1" });
    await call("CreateRepository", { repositoryName: "c1" });
  });

  it("bound the images of a repository, not their tags", async () => {
    const { call, registry } = limited({ imagesPerRepository: 1 });
    await call("CreateRepository", { repositoryName: "app" });
    const put = (id: number, imageTag: string) =>
      call("PutImage", { repositoryName: "app", imageManifest: bareManifest(id), imageTag });
    await put(1, "v1");
    await put(1, "v2");
    const refused = {
      code: "LimitExceededException",
      message: "The limit of 1 images per repository has been exceeded",
    };
    expect(await refusal(put(2, "v3"))).toMatchObject(refused);
    const bytes = Buffer.from(bareManifest(2));
    const push = registry.data.putManifest(caller, target(), "v3", { bytes, mediaType: undefined });
    expect(await refusal(push)).toMatchObject(refused);
  });

  it("bound the images of a repository that are not archived", async () => {
    const { call, time } = limited({ imagesPerRepository: 1 });
    await call("CreateRepository", { repositoryName: "app" });
    const put = (id: number) =>
      call("PutImage", { repositoryName: "app", imageManifest: bareManifest(id), imageTag: `v${id}` });
    const move = (id: number, targetStorageClass: "ARCHIVE" | "STANDARD") =>
      call("UpdateImageStorageClass", { repositoryName: "app", imageId: { imageTag: `v${id}` }, targetStorageClass });
    const remove = (id: number) =>
      call("BatchDeleteImage", { repositoryName: "app", imageIds: [{ imageTag: `v${id}` }] });
    const full = { code: "LimitExceededException" };
    await put(1);
    await move(1, "ARCHIVE");
    await put(2);
    expect(await refusal(put(3))).toMatchObject(full);
    expect(await refusal(put(1))).toMatchObject(full);
    await remove(2);
    await move(1, "STANDARD");
    await time.advance("20m");
    expect(await refusal(put(2))).toMatchObject(full);
    await move(1, "ARCHIVE");
    await remove(1);
    await put(2);
    await remove(2);
    await put(1);
    await call("DeleteRepository", { repositoryName: "app", force: true });
    await call("CreateRepository", { repositoryName: "app" });
    await put(3);
    expect(await refusal(put(4))).toMatchObject(full);
  });

  it("bound the tags of an image", async () => {
    const { call } = limited({ tagsPerImage: 2 });
    await call("CreateRepository", { repositoryName: "app" });
    const put = (imageTag: string) =>
      call("PutImage", { repositoryName: "app", imageManifest: bareManifest(1), imageTag });
    await put("v1");
    await put("v2");
    expect(await refusal(put("v3"))).toMatchObject({
      code: "LimitExceededException",
      message: "The limit of 2 tags per image has been exceeded",
    });
  });
});
