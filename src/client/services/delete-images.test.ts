import { describe, expect, it } from "vitest";
import { clientOver, rejection } from "../../../test/fixtures/scripted-client.js";
import { answer, answering, inputOf, refusal } from "../../../test/fixtures/scripted-transport.js";
import { digestOf } from "../../image/digest.js";
import type { ImageIdentifier } from "../../index.js";
import type { HttpRequest, HttpResponse } from "../../transport/transport.js";

const tags = (count: number): readonly ImageIdentifier[] =>
  Array.from({ length: count }, (_, index) => ({ imageTag: `t${index}` }));
const idsOf = (request: HttpRequest): readonly ImageIdentifier[] =>
  inputOf(request)["imageIds"] as readonly ImageIdentifier[];
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const denied = refusal("RepositoryNotFoundException", "gone");

/** Deletes batch by batch; the batch that begins with one of `failing` fails. Each answer takes a turn of the event loop. */
const deleting = (...failing: readonly string[]) =>
  answering(async (request): Promise<HttpResponse> => {
    await turn();
    if (failing.includes(idsOf(request)[0]?.imageTag ?? "")) return denied;
    return answer({ imageIds: idsOf(request), failures: [] });
  });

describe("a batch of which a request fails", () => {
  it("sends no further request, and rejects when none was answered", async () => {
    const transport = answering(() => denied);
    const { images } = clientOver(transport).ecr;
    expect(await rejection(images.batchDelete("app", tags(3_000)))).toMatchObject({ kind: "RepositoryNotFound" });
    for (let turns = 0; turns < 50; turns++) await turn();
    expect(transport.requests).toHaveLength(4);
  });

  it("says what was deleted, what was not, and what was never asked for", async () => {
    const transport = deleting("t100");
    const { deleted, failures } = await clientOver(transport).ecr.images.batchDelete("app", tags(3_000));
    expect(transport.requests.map((request) => idsOf(request)[0]?.imageTag)).toEqual([
      "t0",
      "t100",
      "t200",
      "t300",
      "t400",
    ]);
    expect(deleted).toEqual([...tags(100), ...tags(500).slice(200)]);
    expect(failures.map(({ imageId }) => imageId)).toEqual([...tags(200).slice(100), ...tags(3_000).slice(500)]);
    expect(failures[0]).toEqual({
      imageId: { imageTag: "t100" },
      failureCode: "RequestFailed",
      failureReason: expect.stringMatching(/^BatchDeleteImage on repository "app" in eu-west-1 failed: gone/),
      error: expect.objectContaining({ kind: "RepositoryNotFound" }),
    });
    expect(failures.at(-1)).toMatchObject({
      failureReason: expect.stringMatching(/^not sent, for another request had failed: BatchDeleteImage on repository/),
      error: failures[0]?.error,
    });
  });

  it("makes no further round", async () => {
    const waiting = { failureCode: "ImageReferencedByManifestList", failureReason: "in use" };
    const transport = answering((request): HttpResponse => {
      const [first, ...rest] = idsOf(request);
      if (first?.imageTag !== "t0") return denied;
      return answer({ imageIds: rest, failures: [{ imageId: first, ...waiting }] });
    });
    const { deleted, failures } = await clientOver(transport).ecr.images.batchDelete("app", tags(101));
    expect([deleted.length, transport.requests.length]).toEqual([99, 2]);
    expect(failures).toMatchObject([
      { imageId: { imageTag: "t0" }, ...waiting },
      { imageId: { imageTag: "t100" }, failureCode: "RequestFailed" },
    ]);
  });

  it("is the same of an aborted call: it gives what was deleted", async () => {
    const abort = new AbortController();
    const transport = answering((request): HttpResponse => {
      if (idsOf(request)[0]?.imageTag === "t400") abort.abort("enough");
      return answer({ imageIds: idsOf(request), failures: [] });
    });
    const { images } = clientOver(transport).ecr;
    const { deleted, failures } = await images.batchDelete("app", tags(3_000), { signal: abort.signal });
    expect([deleted.length, failures.length]).toEqual([500, 2_500]);
    expect(failures.at(-1)?.error).toMatchObject({ kind: "Aborted", cause: "enough" });
  });

  it("sends no further request when it reads either", async () => {
    for (const read of ["batchGet", "describe"] as const) {
      const transport = answering(() => denied);
      const { images } = clientOver(transport).ecr;
      expect(await rejection(images[read]("app", tags(3_000)))).toMatchObject({ kind: "RepositoryNotFound" });
      for (let turns = 0; turns < 50; turns++) await turn();
      expect(transport.requests).toHaveLength(4);
    }
  });
});

describe("images.batchGet", () => {
  it("finds each answer by what was asked: a digest, a tag, or both", async () => {
    const image = (imageTag: string) => ({
      imageId: { imageDigest: digestOf(imageTag), imageTag },
      imageManifest: imageTag,
    });
    const failure = { failureCode: "ImageTagDoesNotMatchDigest", failureReason: "other" };
    const mismatched = { imageDigest: digestOf("a"), imageTag: "b" };
    const unanswered = { imageDigest: digestOf("c"), imageTag: "a" };
    const ids = [{ imageTag: "b" }, { imageDigest: digestOf("a") }, image("c").imageId, mismatched, unanswered];
    const given = { images: ["a", "b", "c"].map(image), failures: [{ imageId: mismatched, ...failure }] };
    const { images, failures } = await clientOver(answering(() => answer(given))).ecr.images.batchGet("app", ids);
    expect(images).toEqual(["b", "a", "c"].map(image));
    expect(failures).toMatchObject([
      { imageId: mismatched, ...failure },
      { imageId: unanswered, failureCode: "ImageNotFound" },
    ]);
  });
});
