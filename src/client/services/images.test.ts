import { describe, expect, it } from "vitest";
import { clientOver, rejection } from "../../../test/fixtures/scripted-client.js";
import {
  answer,
  answering,
  inputOf,
  operationOf,
  refusal,
  type ScriptedTransport,
  scripted,
} from "../../../test/fixtures/scripted-transport.js";
import { digestOf } from "../../image/digest.js";
import type { ImageIdentifier } from "../../index.js";
import type { HttpRequest, HttpResponse } from "../../transport/transport.js";

const tags = (from: number, to: number): readonly ImageIdentifier[] =>
  Array.from({ length: to - from }, (_, index) => ({ imageTag: `t${from + index}` }));
const idsOf = (request: HttpRequest): readonly ImageIdentifier[] =>
  inputOf(request)["imageIds"] as readonly ImageIdentifier[];
const sizes = ({ requests }: ScriptedTransport): readonly number[] => requests.map((request) => idsOf(request).length);
const tagOf = ({ imageTag }: ImageIdentifier): string | undefined => imageTag;

/** Describes every image but the unknown ones, as ECR does: not at all if one of the ids is unknown. */
const describing = (unknown: readonly string[], nameIt = true) =>
  answering((request): HttpResponse => {
    const missing = idsOf(request).find(({ imageTag = "" }) => unknown.includes(imageTag));
    if (missing !== undefined) {
      const id = `{imageDigest:'null', imageTag:'${missing.imageTag}'}`;
      return refusal(
        "ImageNotFoundException",
        nameIt ? `The image with imageId ${id} does not exist` : "No such image",
      );
    }
    const imageDetails = idsOf(request).map(({ imageTag = "" }) => ({
      imageDigest: digestOf(imageTag),
      imageTags: [imageTag],
    }));
    // ECR promises no order.
    return answer({ imageDetails: imageDetails.reverse() });
  });

describe("images.describe by ids", () => {
  it("asks for any number of ids, 100 at a time, and keeps their order", async () => {
    const transport = describing([]);
    const { images, failures } = await clientOver(transport).ecr.images.describe("app", tags(0, 250));
    expect(sizes(transport)).toEqual([100, 100, 50]);
    expect(images.map(({ imageTags }) => imageTags?.[0])).toEqual(tags(0, 250).map(tagOf));
    expect(failures).toEqual([]);
  });

  it("finds an unknown image by the error's text, at the cost of one more request", async () => {
    const transport = describing(["t3"]);
    const { images, failures } = await clientOver(transport).ecr.images.describe("app", tags(0, 10));
    expect(images).toHaveLength(9);
    expect(failures).toEqual([
      {
        imageId: { imageTag: "t3" },
        failureCode: "ImageNotFound",
        failureReason: "The image with imageId {imageDigest:'null', imageTag:'t3'} does not exist",
      },
    ]);
    expect(sizes(transport)).toEqual([10, 9]);
  });

  it.each([
    ["the text names them", true],
    ["the text names none", false],
  ])("finds several unknown images when %s, and never asks for their manifests", async (_, nameIt) => {
    const unknown = ["t0", "t7", "t41", "t42", "t99"];
    const transport = describing(unknown, nameIt);
    const { images, failures } = await clientOver(transport).ecr.images.describe("app", tags(0, 100));
    expect(images.map(({ imageTags }) => imageTags?.[0])).toEqual(
      tags(0, 100)
        .map(tagOf)
        .filter((tag) => !unknown.includes(tag ?? "")),
    );
    expect(failures.map(({ imageId }) => imageId.imageTag)).toEqual(unknown);
    expect(new Set(transport.operations)).toEqual(new Set(["DescribeImages"]));
  });

  it("ends also when every image is unknown", async () => {
    const transport = describing(tags(0, 100).map((id) => tagOf(id) ?? ""));
    const { images, failures } = await clientOver(transport).ecr.images.describe("app", tags(0, 100));
    expect([images.length, failures.length]).toEqual([0, 100]);
    expect(transport.requests.length).toBeLessThanOrEqual(201);
  });

  it("gives an image once, however many of its tags are asked for, and asks for an id once", async () => {
    const imageDigest = digestOf("image");
    const transport = scripted(answer({ imageDetails: [{ imageDigest, imageTags: ["a", "b"] }] }));
    const ids = [{ imageTag: "a" }, { imageTag: "b" }, { imageTag: "a" }, { imageDigest }];
    const { images, failures } = await clientOver(transport).ecr.images.describe("app", ids);
    expect([images.length, failures]).toEqual([1, []]);
    expect(sizes(transport)).toEqual([3]);
  });

  it("reports an image that ECR leaves out without an error", async () => {
    const { ecr } = clientOver(scripted(answer({ imageDetails: [] })));
    const { failures } = await ecr.images.describe("app", [{ imageTag: "v1" }]);
    expect(failures).toMatchObject([{ imageId: { imageTag: "v1" }, failureCode: "ImageNotFound" }]);
  });

  it("may be iterated, which gives what was found", async () => {
    const found = await clientOver(describing(["t1"]))
      .ecr.images.describe("app", tags(0, 3))
      .all();
    expect(found.map(({ imageTags }) => imageTags?.[0])).toEqual(["t0", "t2"]);
  });

  it("gives nothing, and asks nothing, for no ids", async () => {
    const transport = scripted();
    expect(await clientOver(transport).ecr.images.describe("app", [])).toEqual({ images: [], failures: [] });
    expect(transport.requests).toEqual([]);
  });

  it("fails whole where nothing can be known of any image", async () => {
    const { ecr } = clientOver(answering(() => refusal("RepositoryNotFoundException")));
    expect(await rejection(ecr.images.describe("app", tags(0, 3)))).toMatchObject({ kind: "RepositoryNotFound" });
  });

  it("runs at most four requests at a time", async () => {
    let running = 0;
    let most = 0;
    const transport = answering(async (request) => {
      most = Math.max(most, ++running);
      await new Promise(setImmediate);
      running--;
      return answer({
        imageDetails: idsOf(request).map(({ imageTag = "" }) => ({
          imageDigest: digestOf(imageTag),
          imageTags: [imageTag],
        })),
      });
    });
    await clientOver(transport).ecr.images.describe("app", tags(0, 1_000));
    expect([transport.requests.length, most]).toEqual([10, 4]);
  });
});

describe("images.describe of a repository", () => {
  it("gives all images when it is awaited", async () => {
    const transport = scripted(
      answer({ imageDetails: [{ imageDigest: "a" }], nextToken: "1" }),
      answer({ imageDetails: [{ imageDigest: "b" }] }),
    );
    const described = await clientOver(transport).ecr.images.describe("app", undefined, {
      filter: { tagStatus: "TAGGED" },
    });
    expect(described).toEqual({ images: [{ imageDigest: "a" }, { imageDigest: "b" }], failures: [] });
    expect(transport.inputs[0]).toEqual({ repositoryName: "app", filter: { tagStatus: "TAGGED" }, maxResults: 1_000 });
  });
});

describe("images.batchGet", () => {
  const image = (imageTag: string, imageManifest = `{"tag":"${imageTag}"}`) => ({
    imageId: { imageDigest: digestOf(imageManifest), imageTag },
    imageManifest,
  });

  it("gives images in the order of their ids, and the failures beside them", async () => {
    const transport = answering((request) => {
      const wanted = idsOf(request).map(({ imageTag = "" }) => imageTag);
      return answer({
        images: wanted
          .filter((tag) => tag !== "t1")
          .map((tag) => image(tag))
          .reverse(),
        failures: [
          { imageId: { imageTag: "t1" }, failureCode: "ImageNotFound", failureReason: "Requested image not found" },
        ],
      });
    });
    const { images, failures } = await clientOver(transport).ecr.images.batchGet("app", tags(0, 4));
    expect(images.map(({ imageId }) => imageId.imageTag)).toEqual(["t0", "t2", "t3"]);
    expect(failures).toEqual([
      { imageId: { imageTag: "t1" }, failureCode: "ImageNotFound", failureReason: "Requested image not found" },
    ]);
  });

  it("asks for less at a time when the answer would be too large", async () => {
    const transport = answering((request) =>
      idsOf(request).length > 30
        ? refusal("LimitExceededException", "too large")
        : answer({ images: idsOf(request).map(({ imageTag = "" }) => image(imageTag)), failures: [] }),
    );
    const { images } = await clientOver(transport).ecr.images.batchGet("app", tags(0, 100));
    expect(images.map(({ imageId }) => imageId.imageTag)).toEqual(tags(0, 100).map(tagOf));
    expect(sizes(transport)).toEqual([100, 50, 50, 25, 25, 25, 25]);
  });

  it("fails when a single image is too large to be answered", async () => {
    const { ecr } = clientOver(answering(() => refusal("LimitExceededException", "too large")));
    expect(await rejection(ecr.images.batchGet("app", tags(0, 2)))).toMatchObject({ kind: "LimitExceeded" });
  });

  it.each([
    [
      "was damaged",
      { imageId: { imageDigest: digestOf("right"), imageTag: "t0" }, imageManifest: "wrong" },
      tags(0, 1),
    ],
    ["has no digest", { imageId: { imageTag: "t0" }, imageManifest: "{}" }, tags(0, 1)],
    ["is that of another image", image("t9"), [{ imageDigest: digestOf("asked") }]],
  ])("refuses a manifest that %s", async (_, wrong, ids) => {
    const { ecr } = clientOver(scripted(answer({ images: [wrong], failures: [] })));
    expect(await rejection(ecr.images.batchGet("app", ids))).toMatchObject({ kind: "ImageDigestMismatch" });
  });
});

describe("images.get", () => {
  it.each([
    ["ImageNotFound", "ImageNotFound", "terminal"],
    ["ImageTagDoesNotMatchDigest", "ImageDigestMismatch", "terminal"],
    ["UpstreamUnavailable", "ServiceUnavailable", "retryable"],
    ["SomethingNew", "Service", "terminal"],
  ])("turns the failure %s into an error of its kind", async (failureCode, kind, category) => {
    const failures = [{ imageId: { imageTag: "v1" }, failureCode, failureReason: "Requested image not found" }];
    const { ecr } = clientOver(scripted(answer({ images: [], failures })));
    expect(await rejection(ecr.images.get("app", { imageTag: "v1" }))).toMatchObject({
      kind,
      category,
      operation: "BatchGetImage",
      region: "eu-west-1",
      message: expect.stringContaining(
        `BatchGetImage on image app:v1 in eu-west-1 failed: Requested image not found (${failureCode}).`,
      ),
    });
  });
});

describe("images.batchDelete", () => {
  /** An index with two children, and a lone image that another index holds; refuses children as ECR does. */
  function registry() {
    const there = new Set(["index", "child1", "child2", "kept"]);
    return answering((request) => {
      const imageIds: ImageIdentifier[] = [];
      const failures: object[] = [];
      for (const id of idsOf(request)) {
        const name = id.imageTag ?? "";
        const isChild = name.startsWith("child") ? there.has("index") : name === "kept";
        if (isChild)
          failures.push({ imageId: id, failureCode: "ImageReferencedByManifestList", failureReason: "in use" });
        else if (!there.has(name)) failures.push({ imageId: id, failureCode: "ImageNotFound", failureReason: "none" });
        else if (there.delete(name)) imageIds.push({ ...id, imageDigest: digestOf(name) });
      }
      return answer({ imageIds, failures });
    });
  }

  it("deletes children after their index, whatever the order of the ids, and says what stayed and why", async () => {
    const transport = registry();
    const ids = ["child1", "kept", "child2", "index", "none"].map((imageTag) => ({ imageTag }));
    const { deleted, failures } = await clientOver(transport).ecr.images.batchDelete("app", ids);
    expect(deleted.map(tagOf)).toEqual(["index", "child1", "child2"]);
    expect(failures).toMatchObject([
      { imageId: { imageTag: "none" }, failureCode: "ImageNotFound" },
      { imageId: { imageTag: "kept" }, failureCode: "ImageReferencedByManifestList" },
    ]);
    expect(sizes(transport)).toEqual([5, 3, 1]);
  });

  it("stops when a round deletes nothing", async () => {
    const transport = registry();
    const { deleted, failures } = await clientOver(transport).ecr.images.batchDelete("app", [{ imageTag: "child1" }]);
    expect([deleted, failures.length, transport.requests.length]).toEqual([[], 1, 1]);
  });
});

describe("what names no image", () => {
  const { ecr } = clientOver(scripted());
  const id = { imageTag: "v1" };
  it.each<[string, () => PromiseLike<unknown>, string]>([
    [
      "a repository",
      () => ecr.images.get("App", id),
      'repository must be 2 to 256 lower-case letters, digits and ._-/ as in team/app, got "App"',
    ],
    ["a tag", () => ecr.images.putTag("app", id, "-x"), "tag must be a tag of 1 to 128 letters"],
    ["a digest", () => ecr.images.get("app", { imageDigest: "sha256:1" }), "id.imageDigest must be a digest such as"],
    [
      "an id of many",
      () => ecr.images.batchGet("app", [id, {}]),
      "ids[1] must be an object with imageDigest or imageTag, got an object with neither",
    ],
    ["no list", () => ecr.images.batchDelete("app", "v1" as never), 'ids must be a list of image ids, got "v1"'],
    ["a source", () => ecr.images.putTag("app", { imageTag: "no tag" }, "v1"), "source.imageTag must be a tag"],
    ["a manifest", () => ecr.images.putTag("app", { imageManifest: "{" }, "v1"), "source.imageManifest is refused"],
    ["a registry", () => ecr.auth.token({ registryId: "1" }), `registryId must be an account's 12 digits, got "1"`],
  ])("is refused before anything is sent: %s", async (_, call, message) => {
    expect(await rejection(call())).toMatchObject({
      kind: "InvalidParameter",
      message: expect.stringContaining(message),
    });
  });

  it("refuses a page size beside ids", () => {
    expect(() => ecr.images.describe("app", [id], { pageSize: 5 })).toThrow("pageSize does not go with ids");
  });
});

describe("images.putTag", () => {
  const imageManifest =
    '{ "schemaVersion": 2,\n "mediaType": "application/vnd.oci.image.index.v1+json", "manifests": [] }';
  const imageDigest = digestOf(imageManifest);
  const mediaType = "application/vnd.oci.image.index.v1+json";
  const stored = (imageTag?: string) => ({
    registryId: "123456789012",
    repositoryName: "app",
    imageId: { imageDigest, ...(imageTag && { imageTag }) },
    imageManifest,
    imageManifestMediaType: mediaType,
  });

  it("puts the source's exact bytes under the new tag", async () => {
    const transport = scripted(answer({ images: [stored("v1")], failures: [] }), answer({ image: stored("prod") }));
    expect(await clientOver(transport).ecr.images.putTag("app", { imageTag: "v1" }, "prod")).toEqual(stored("prod"));
    expect(transport.inputs[1]).toEqual({
      repositoryName: "app",
      imageManifest,
      imageManifestMediaType: mediaType,
      imageTag: "prod",
      imageDigest,
    });
  });

  it.each(["ImageAlreadyExistsException", "ImageTagAlreadyExistsException"])(
    "is a success when the tag names the digest already and ECR answers %s",
    async (code) => {
      const there = answer({ imageDetails: [{ registryId: "123456789012", imageDigest }] });
      const { ecr } = clientOver(scripted(refusal(code), there));
      expect(await ecr.images.putTag("app", { imageManifest }, "prod")).toEqual(stored("prod"));
    },
  );

  it("fails when an immutable tag names another image", async () => {
    const other = answer({ imageDetails: [{ registryId: "123456789012", imageDigest: digestOf("other") }] });
    const { ecr } = clientOver(scripted(refusal("ImageTagAlreadyExistsException", "immutable"), other));
    expect(await rejection(ecr.images.putTag("app", { imageManifest }, "prod"))).toMatchObject({
      kind: "ImageTagAlreadyExists",
    });
  });

  it("tells ECR the media type of a manifest that does not say its own", async () => {
    const bare = '{"schemaVersion":2,"manifests":[]}';
    const transport = answering(() => answer({ image: { imageId: { imageDigest: digestOf(bare) } } }));
    await clientOver(transport).ecr.images.putTag("app", { imageManifest: bare }, "prod");
    expect(transport.inputs[0]).toMatchObject({ imageManifest: bare, imageManifestMediaType: mediaType });
  });

  it("fails when ECR stored something else", async () => {
    const transport = answering(() => answer({ image: { imageId: { imageDigest: digestOf("other") } } }));
    expect(await rejection(clientOver(transport).ecr.images.putTag("app", { imageManifest }, "prod"))).toMatchObject({
      kind: "ImageDigestMismatch",
    });
    expect(transport.requests.map(operationOf)).toEqual(["PutImage"]);
  });

  it("asks the configured registry", async () => {
    const transport = scripted(answer({ image: stored("prod") }));
    const { ecr } = clientOver(transport, { registryId: "210987654321" });
    await ecr.images.putTag("app", { imageManifest }, "prod");
    expect(transport.inputs[0]).toMatchObject({ registryId: "210987654321" });
  });
});
