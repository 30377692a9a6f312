import { beforeEach, describe, expect, it } from "vitest";
import {
  bareManifest,
  caller,
  imageManifest,
  indexManifest,
  refusal,
  sha256,
  type TestRegistry,
  target,
  testRegistry,
} from "../../../test/fixtures/local-registry.js";

let local: TestRegistry;
const repositoryName = "app";
beforeEach(async () => {
  local = testRegistry({ layers: "unchecked" });
  await local.call("CreateRepository", { repositoryName });
});

const START_S = Date.UTC(2026, 0, 1) / 1000;
const MINUTE_S = 60;

async function put(imageManifest: string, imageTag?: string): Promise<string> {
  await local.call("PutImage", { repositoryName, imageManifest, imageTag });
  return sha256(imageManifest);
}
const move = (targetStorageClass: "STANDARD" | "ARCHIVE", imageId: object, name = repositoryName) =>
  local.call("UpdateImageStorageClass", { repositoryName: name, imageId, targetStorageClass });
const archive = (imageDigest: string) => move("ARCHIVE", { imageDigest });
const restore = (imageDigest: string) => move("STANDARD", { imageDigest });
const detailOf = async (imageDigest: string) =>
  (await local.call("DescribeImages", { repositoryName, imageIds: [{ imageDigest }] })).imageDetails[0];
const pull = (reference: string) =>
  local.registry.data.manifest(caller, target(), reference, { accept: undefined, pull: true });
const artifact = (subject: string, id: string): string =>
  imageManifest(Buffer.from(id), [], { subject, artifactType: `application/${id}` });

describe("an image", () => {
  it("is archived at once and comes back within 20 minutes", async () => {
    const digest = await put(bareManifest("x"), "v1");
    const answer = { registryId: "000000000000", repositoryName, imageId: { imageDigest: digest } };
    expect(await archive(digest)).toEqual({ ...answer, imageStatus: "ARCHIVED" });
    expect(await detailOf(digest)).toMatchObject({ imageStatus: "ARCHIVED", lastArchivedAt: START_S });
    await local.time.advance("10m");
    expect(await move("STANDARD", { imageTag: "v1" })).toEqual({
      ...answer,
      imageId: { imageDigest: digest, imageTag: "v1" },
      imageStatus: "ACTIVATING",
    });
    await local.time.advance(20 * 60_000 - 1);
    expect(await detailOf(digest)).toMatchObject({ imageStatus: "ACTIVATING" });
    await local.time.advance(1);
    expect(await detailOf(digest)).toMatchObject({
      imageStatus: "ACTIVE",
      lastArchivedAt: START_S,
      lastActivatedAt: START_S + 30 * MINUTE_S,
    });
  });

  it("stays what it is when it is already there, or on its way", async () => {
    const digest = await put(bareManifest("x"));
    expect(await restore(digest)).toMatchObject({ imageStatus: "ACTIVE" });
    expect(await detailOf(digest)).not.toHaveProperty("lastActivatedAt");
    await archive(digest);
    await local.time.advance("1m");
    expect(await archive(digest)).toMatchObject({ imageStatus: "ARCHIVED" });
    expect(await detailOf(digest)).toMatchObject({ lastArchivedAt: START_S });
    await restore(digest);
    await local.time.advance("15m");
    expect(await restore(digest)).toMatchObject({ imageStatus: "ACTIVATING" });
    await local.time.advance("5m");
    expect(await detailOf(digest)).toMatchObject({ imageStatus: "ACTIVE" });
  });

  it("cannot be archived while it is on its way back, nor while an active index lists it", async () => {
    const digest = await put(bareManifest("x"));
    const index = await put(indexManifest([{ digest, manifest: bareManifest("x") }]), "multi");
    const refused = (reason: string) => ({
      code: "ImageStorageClassUpdateNotSupportedException",
      message: `The storage class of the image with digest '${digest}' in the repository with name 'app' in the registry with id '000000000000' cannot be updated because ${reason}`,
    });
    expect(await refusal(archive(digest))).toMatchObject(refused("an active manifest list references it"));
    await archive(index);
    await archive(digest);
    await restore(index);
    expect(await archive(digest)).toMatchObject({ imageStatus: "ARCHIVED" });
    await restore(digest);
    expect(await refusal(archive(digest))).toMatchObject(refused("it is being restored"));
  });

  it("takes its referrers along, there and back", async () => {
    const digest = await put(bareManifest("x"), "v1");
    const signature = await put(artifact(digest, "signature"));
    const attestation = await put(artifact(signature, "attestation"));
    const listed = artifact(digest, "listed");
    await put(listed);
    await put(indexManifest([{ digest: sha256(listed), manifest: listed }]));
    const statuses = () =>
      Promise.all(
        [digest, signature, attestation, sha256(listed)].map(async (each) => (await detailOf(each)).imageStatus),
      );
    await archive(digest);
    expect(await statuses()).toEqual(["ARCHIVED", "ARCHIVED", "ARCHIVED", "ACTIVE"]);
    await restore(digest);
    expect(await statuses()).toEqual(["ACTIVATING", "ACTIVATING", "ACTIVATING", "ACTIVE"]);
    await local.time.advance("20m");
    expect(await statuses()).toEqual(["ACTIVE", "ACTIVE", "ACTIVE", "ACTIVE"]);
  });

  it("is told of when it is archived, and when it can be pulled again", async () => {
    const digest = await put(bareManifest("x"), "v1");
    const signature = await put(artifact(digest, "signature"));
    const pushes = (await local.registry.control.events(0, 100)).length;
    const events = async () => (await local.registry.control.events(pushes, 100)).map(({ event }) => event);
    const told = (imageDigest: string, storageClass: string) => ({
      "detail-type": "ECR Image Action",
      source: "aws.ecr",
      detail: {
        result: "SUCCESS",
        "repository-name": "app",
        "image-digest": imageDigest,
        "action-type": "UPDATE_STORAGE_CLASS",
        "target-storage-class": storageClass,
      },
    });
    const archived = [told(digest, "ARCHIVE"), told(signature, "ARCHIVE")];
    await archive(digest);
    expect(await events()).toMatchObject(archived);
    await restore(digest);
    expect(await events()).toHaveLength(2);
    await local.time.advance("20m");
    expect(await events()).toMatchObject([...archived, told(digest, "STANDARD"), told(signature, "STANDARD")]);
  });

  it("must be named, be there, and be in a repository that is there", async () => {
    const code = "InvalidParameterException";
    expect(await refusal(move("ARCHIVE", {}))).toMatchObject({ code });
    expect(await refusal(move("ARCHIVE", { imageDigest: "nonsense" }))).toMatchObject({ code });
    expect(await refusal(move("ARCHIVE", { imageTag: "a/b" }))).toMatchObject({ code });
    expect(await refusal(move("ARCHIVE", { imageTag: "gone" }))).toMatchObject({
      code: "ImageNotFoundException",
      message:
        "The image with imageId {imageDigest:'null', imageTag:'gone'} does not exist within the repository with name 'app' in the registry with id '000000000000'",
    });
    expect(await refusal(move("ARCHIVE", { imageTag: "v1" }, "other"))).toMatchObject({
      code: "RepositoryNotFoundException",
    });
  });
});

describe("an archived image", () => {
  let digest: string;
  beforeEach(async () => {
    digest = await put(bareManifest("x"), "v1");
    await put(bareManifest("y"), "v2");
    await archive(digest);
  });

  it("cannot be pulled until it is back", async () => {
    const get = async () => {
      const imageIds = [{ imageTag: "v1" }];
      const { images, failures } = await local.call("BatchGetImage", { repositoryName, imageIds });
      return failures[0] ?? images[0].imageId.imageDigest;
    };
    const inaccessible = {
      imageId: { imageTag: "v1" },
      failureCode: "ImageInaccessible",
      failureReason: "Requested image is archived",
    };
    const notFound = { code: "ImageNotFoundException", message: "Requested image not found" };
    expect(await get()).toEqual(inaccessible);
    expect(await refusal(pull("v1"))).toMatchObject(notFound);
    await restore(digest);
    expect(await get()).toEqual(inaccessible);
    expect(await refusal(pull(digest))).toMatchObject(notFound);
    await local.time.advance("20m");
    expect(await get()).toBe(digest);
    expect(await pull("v1")).toMatchObject({ digest });
  });

  it("is listed only when its status is asked for", async () => {
    const lists = async (imageStatus?: "ACTIVE" | "ARCHIVED" | "ACTIVATING" | "ANY") => {
      const tags: (readonly string[])[] = [];
      for (const filter of [{ imageStatus }, { imageStatus, tagStatus: "TAGGED" as const }]) {
        const { imageIds } = await local.call("ListImages", { repositoryName, filter });
        const { imageDetails } = await local.call("DescribeImages", { repositoryName, filter });
        tags.push(imageIds.map(({ imageTag }: { imageTag: string }) => imageTag).toSorted());
        tags.push(imageDetails.flatMap(({ imageTags }: { imageTags: string[] }) => imageTags).toSorted());
      }
      expect(new Set(tags.map(String)).size).toBe(1);
      return tags[0];
    };
    expect(await lists()).toEqual(["v2"]);
    expect(await lists("ACTIVE")).toEqual(["v2"]);
    expect(await lists("ARCHIVED")).toEqual(["v1"]);
    expect(await lists("ACTIVATING")).toEqual([]);
    expect(await lists("ANY")).toEqual(["v1", "v2"]);
    await restore(digest);
    expect(await lists()).toEqual(["v2"]);
    expect(await lists("ACTIVATING")).toEqual(["v1"]);
    await local.time.advance("20m");
    expect(await lists()).toEqual(["v1", "v2"]);
  });

  it("without a tag is listed only when its status is asked for, and its page goes on where it ended", async () => {
    const [a, b] = [await put(bareManifest("a")), await put(bareManifest("b"))].toSorted();
    await archive(a ?? "");
    const untagged = async (imageStatus: "ACTIVE" | "ARCHIVED" | "ANY") => {
      const seen: string[] = [];
      const filter = { imageStatus, tagStatus: "UNTAGGED" as const };
      for (let nextToken: string | undefined, first = true; first || nextToken !== undefined; first = false) {
        const page = await local.call("ListImages", { repositoryName, filter, maxResults: 1, nextToken });
        seen.push(...page.imageIds.map(({ imageDigest }: { imageDigest: string }) => imageDigest));
        nextToken = page.nextToken;
      }
      return seen;
    };
    expect(await untagged("ACTIVE")).toEqual([b]);
    expect(await untagged("ARCHIVED")).toEqual([a]);
    expect(await untagged("ANY")).toEqual([a, b]);
  });

  it("is not among the tags of /v2", async () => {
    expect(await local.registry.data.tags(caller, target(), {})).toMatchObject({ items: ["v2"] });
  });

  it("is back at once when it is pushed again, as are its referrers, whatever restore was under way", async () => {
    const signature = await put(artifact(digest, "signature"));
    await archive(signature);
    await restore(digest);
    await local.time.advance("5m");
    await put(bareManifest("x"), "v1");
    for (const each of [digest, signature])
      expect(await detailOf(each)).toMatchObject({ imageStatus: "ACTIVE", lastActivatedAt: START_S + 5 * MINUTE_S });
    await local.time.advance("1m");
    await archive(digest);
    await local.time.advance("1m");
    await restore(digest);
    await local.time.advance("14m");
    expect(await detailOf(digest)).toMatchObject({ imageStatus: "ACTIVATING" });
    await local.time.advance("6m");
    expect(await detailOf(digest)).toMatchObject({ imageStatus: "ACTIVE", lastActivatedAt: START_S + 27 * MINUTE_S });
  });

  it("can be deleted, and a restore that was under way with it", async () => {
    await restore(digest);
    const { imageIds } = await local.call("BatchDeleteImage", { repositoryName, imageIds: [{ imageDigest: digest }] });
    expect(imageIds).toEqual([{ imageDigest: digest, imageTag: "v1" }]);
    await local.time.advance("20m");
    const { imageDetails } = await local.call("DescribeImages", { repositoryName, filter: { imageStatus: "ANY" } });
    expect(imageDetails).toHaveLength(1);
  });
});

describe("a layer", () => {
  it("is archived while all images that use it are, and cannot be had as long", async () => {
    local = testRegistry();
    await local.call("CreateRepository", { repositoryName });
    const bytes = Buffer.from("shared");
    const first = await local.image(repositoryName, "v1", { layers: [bytes] });
    const config = Buffer.from("{}");
    await local.layer(repositoryName, config);
    const manifest = imageManifest(config, [bytes]);
    await local.call("PutImage", { repositoryName, imageManifest: manifest, imageTag: "v2" });
    const layerDigest = sha256(bytes);
    const availability = async () => {
      const input = { repositoryName, layerDigests: [layerDigest] };
      return (await local.call("BatchCheckLayerAvailability", input)).layers[0].layerAvailability;
    };
    const url = () => local.call("GetDownloadUrlForLayer", { repositoryName, layerDigest });
    await archive(first.digest);
    expect(await availability()).toBe("AVAILABLE");
    await archive(sha256(manifest));
    expect(await availability()).toBe("ARCHIVED");
    expect(await refusal(url())).toMatchObject({ code: "LayerInaccessibleException" });
    expect(await refusal(local.registry.data.blob(caller, target(), layerDigest))).toMatchObject({
      code: "LayersNotFoundException",
    });
    await restore(first.digest);
    expect(await availability()).toBe("ARCHIVED");
    await local.time.advance("20m");
    expect(await availability()).toBe("AVAILABLE");
    expect(await url()).toMatchObject({ layerDigest });
    await local.call("BatchDeleteImage", { repositoryName, imageIds: [{ imageDigest: first.digest }] });
    expect(await availability()).toBe("ARCHIVED");
    await local.call("BatchDeleteImage", { repositoryName, imageIds: [{ imageDigest: sha256(manifest) }] });
    expect(await availability()).toBe("AVAILABLE");
  });
});

describe("ListImageReferrers", () => {
  const list = (imageDigest: string, input: object = {}) =>
    local.call("ListImageReferrers", { repositoryName, subjectId: { imageDigest }, ...input });
  const digests = async (imageDigest: string, input: object = {}): Promise<readonly string[]> =>
    (await list(imageDigest, input)).referrers.map(({ digest }: { digest: string }) => digest);

  it("says of each artifact what it is and where it is stored", async () => {
    const subject = await put(bareManifest("x"), "v1");
    const manifest = artifact(subject, "sbom");
    await put(manifest);
    expect((await list(subject)).referrers).toEqual([
      {
        digest: sha256(manifest),
        mediaType: "application/vnd.oci.image.manifest.v1+json",
        artifactType: "application/sbom",
        size: Buffer.byteLength(manifest),
        artifactStatus: "ACTIVE",
      },
    ]);
    expect(await list(sha256("nobody"))).toEqual({ referrers: [] });
  });

  it("gives active ones alone unless another status is asked for, also by /v2", async () => {
    const subject = await put(bareManifest("x"), "v1");
    const [active, archived] = [await put(artifact(subject, "a")), await put(artifact(subject, "b"))];
    await archive(archived);
    expect(await digests(subject)).toEqual([active]);
    expect(await digests(subject, { filter: { artifactStatus: "ARCHIVED" } })).toEqual([archived]);
    expect(await digests(subject, { filter: { artifactStatus: "ACTIVATING" } })).toEqual([]);
    const any = await digests(subject, { filter: { artifactStatus: "ANY" } });
    expect(any).toEqual([active, archived].toSorted());
    expect(await local.registry.data.referrers(caller, target(), subject)).toMatchObject([{ digest: active }]);
  });

  it("comes twenty at a time, of the artifact types that are asked for", async () => {
    const subject = await put(bareManifest("x"), "v1");
    const all: string[] = [];
    for (let id = 0; id < 22; id += 1) all.push(await put(artifact(subject, `t${id}`)));
    const first = await list(subject);
    expect(first.referrers).toHaveLength(20);
    const rest = await digests(subject, { nextToken: first.nextToken });
    expect([...first.referrers.map(({ digest }: { digest: string }) => digest), ...rest]).toEqual(all.toSorted());
    const artifactTypes = ["application/t3", "application/t4"];
    expect(await digests(subject, { filter: { artifactTypes } })).toEqual(all.slice(3, 5).toSorted());
    expect(await refusal(list(subject, { nextToken: first.nextToken, filter: { artifactTypes } }))).toMatchObject({
      code: "InvalidParameterException",
    });
  });

  it("refuses what is no digest, pages of more than 50 and a repository that is not there", async () => {
    const code = "InvalidParameterException";
    expect(await refusal(list("nonsense"))).toMatchObject({ code });
    expect(await refusal(list(sha256("x"), { maxResults: 51 }))).toMatchObject({ code });
    expect(await refusal(list(sha256("x"), { repositoryName: "other" }))).toMatchObject({
      code: "RepositoryNotFoundException",
    });
  });
});
