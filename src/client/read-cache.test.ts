import { describe, expect, it } from "vitest";
import { rejection } from "../../test/fixtures/scripted-client.js";
import {
  answer,
  answering,
  failure,
  inputOf,
  operationOf,
  refusal,
  type Step,
} from "../../test/fixtures/scripted-transport.js";
import { memoryCacheStore } from "../cache/memory-store.js";
import { digestOf } from "../image/digest.js";
import { createEcrClient, type EcrClientConfig } from "../index.js";
import { type ManualTime, manualTime } from "../time.js";
import { type ReadCacheOptions, readCache } from "./read-cache.js";
import { staleAgeMs } from "./staleness.js";

const MANIFEST = '{"schemaVersion":2}';
const DIGEST = digestOf(MANIFEST);
const IMAGE = `{"schemaVersion":2,"config":{"mediaType":"a/b","digest":"${DIGEST}","size":2},"layers":[]}`;

/** Answers by the operation's name; each answer says how many requests there had been. */
function setUp(
  answers: Readonly<Record<string, Step>> = {},
  options: ReadCacheOptions = {},
  config: EcrClientConfig = {},
) {
  const time: ManualTime = manualTime({ sleeping: "skip", random: () => 1 });
  let requests = 0;
  const transport = answering((request, handle) => {
    requests += 1;
    const step = answers[operationOf(request)] ?? answer({ repositories: [{ repositoryName: `r${requests}` }] });
    if (step instanceof Error) throw step;
    return typeof step === "function" ? step(request, handle) : step;
  });
  const store = memoryCacheStore({ time });
  const client = (more: EcrClientConfig = {}) =>
    createEcrClient({
      region: "eu-west-1",
      auth: { kind: "static", accessKeyId: "AKIAEXAMPLE", secretAccessKey: "secret-key" },
      ...{ transport, time, retry: false, cache: { reads: readCache({ store, time, ...options }) } },
      ...config,
      ...more,
    });
  return { ecr: client(), client, time, transport, store };
}

const input = { repositoryName: "app" };
const describeImages = { ...input, imageIds: [{ imageTag: "v1" }] };
const findings = { ...input, imageId: { imageTag: "v1" } };
const complete = (name = "CVE-1") =>
  answer({ imageScanStatus: { status: "COMPLETE" }, imageScanFindings: { findings: [{ name }] } });

describe("a cache of reads", () => {
  it.each([
    ["DescribeRepositories", {}, 300_000],
    ["GetRepositoryPolicy", input, 300_000],
    ["ListImages", input, 60_000],
    ["DescribeImages", input, 600_000],
    ["GetLifecyclePolicy", input, 900_000],
  ] as const)("serves %s %j for %i ms", async (operation, given, ttlMs) => {
    const body = answer({ repositories: [], imageIds: [], imageDetails: [], policyText: "{}" });
    const { ecr, time, transport } = setUp({ [operation]: body });
    await ecr.call(operation, given as never);
    await time.advance(ttlMs - 1);
    await ecr.call(operation, given as never);
    expect(transport.requests).toHaveLength(1);
    await time.advance(1);
    await ecr.call(operation, given as never);
    expect(transport.requests).toHaveLength(2);
  });

  it("gives what the service gave, dates and all, and no object twice", async () => {
    const { ecr } = setUp({
      DescribeImages: answer({ imageDetails: [{ imageDigest: DIGEST, imagePushedAt: 1_767_225_600.123 }] }),
    });
    const first = await ecr.call("DescribeImages", input);
    const second = await ecr.call("DescribeImages", input);
    expect(second).toEqual(first);
    expect(second.imageDetails[0]?.imagePushedAt).toEqual(new Date(1_767_225_600_123));
    expect(second.imageDetails).not.toBe(first.imageDetails);
  });

  it("tells inputs apart, whatever the order of their members", async () => {
    const { ecr, transport } = setUp();
    await ecr.call("DescribeRepositories", { registryId: "1".repeat(12), maxResults: 7 });
    await ecr.call("DescribeRepositories", { maxResults: 7, registryId: "1".repeat(12) });
    await ecr.call("DescribeRepositories", { maxResults: 8, registryId: "1".repeat(12) });
    expect(transport.requests).toHaveLength(2);
  });

  it("tells regions and principals apart", async () => {
    const { client, transport } = setUp();
    await client().call("DescribeRepositories", {});
    await client().call("DescribeRepositories", {});
    await client({ region: "us-east-1" }).call("DescribeRepositories", {});
    const auth = { kind: "static", accessKeyId: "AKIAOTHER", secretAccessKey: "secret-key" } as const;
    await client({ auth }).call("DescribeRepositories", {});
    expect(transport.operations).toEqual(["DescribeRepositories", "DescribeRepositories", "DescribeRepositories"]);
  });

  it("sends what it does not know each time", async () => {
    const { ecr, transport } = setUp();
    await ecr.call("DescribeRegistry", {});
    await ecr.call("DescribeRegistry", {});
    expect(transport.requests).toHaveLength(2);
  });

  it("never keeps an error", async () => {
    const { ecr, transport } = setUp({ ListImages: refusal("RepositoryNotFoundException") });
    await rejection(ecr.call("ListImages", input));
    await rejection(ecr.call("ListImages", input));
    expect(transport.requests).toHaveLength(2);
  });

  it("may leave a kind out, and keep another for longer", async () => {
    const { ecr, time, transport } = setUp({}, { ttlMs: { images: false, repositories: 3_600_000 } });
    for (const operation of ["DescribeImages", "DescribeRepositories"] as const) {
      await ecr.call(operation, operation === "DescribeImages" ? input : ({} as never));
      await time.advance(3_599_999);
      await ecr.call(operation, operation === "DescribeImages" ? input : ({} as never));
    }
    expect(transport.operations).toEqual(["DescribeImages", "DescribeImages", "DescribeRepositories"]);
  });

  it.each([
    [{ ttlMs: { images: -1 } }, "ttlMs.images must be a number of milliseconds from 0 up, or false, got -1"],
    [{ staleMs: Number.NaN }, "staleMs must be a number of milliseconds from 0 up, or false, got NaN"],
    [{ ttl: 5 }, "ttl"],
  ])("refuses %j", (options, message) => {
    expect(() => readCache(options as ReadCacheOptions)).toThrow(message);
  });
});

describe("a write through the client", () => {
  it.each([
    ["PutImage", { ...input, imageManifest: MANIFEST }, ["DescribeImages"]],
    ["BatchDeleteImage", { ...input, imageIds: [{ imageTag: "v1" }] }, ["DescribeImages"]],
    [
      "PutImageTagMutability",
      { ...input, imageTagMutability: "IMMUTABLE" },
      ["DescribeImages", "DescribeRepositories"],
    ],
    [
      "TagResource",
      { resourceArn: "arn:aws:ecr:eu-west-1:123456789012:repository/app", tags: [] },
      ["DescribeImages", "DescribeRepositories"],
    ],
    ["CreateRepository", { repositoryName: "other" }, ["DescribeRepositories"]],
    ["PutImage", { repositoryName: "other", imageManifest: MANIFEST }, []],
    ["InitiateLayerUpload", input, []],
  ] as const)("%s %j makes it forget %j and nothing else", async (operation, given, forgotten) => {
    const { ecr, transport } = setUp({ DescribeImages: answer({ imageDetails: [] }) });
    const readAll = async (): Promise<void> => {
      await ecr.call("DescribeImages", input);
      await ecr.call("DescribeRepositories", {});
    };
    await readAll();
    await ecr.call(operation, given as never);
    const before = transport.requests.length;
    await readAll();
    expect(transport.operations.slice(before)).toEqual(forgotten);
  });

  it("makes it forget although its own answer was lost", async () => {
    const { ecr, transport } = setUp({ BatchDeleteImage: failure("ECONNRESET"), ListImages: answer({ imageIds: [] }) });
    await ecr.call("ListImages", input);
    await rejection(ecr.call("BatchDeleteImage", { ...input, imageIds: [{ imageTag: "v1" }] }));
    await ecr.call("ListImages", input);
    expect(transport.operations).toEqual(["ListImages", "BatchDeleteImage", "ListImages"]);
  });

  it("is not undone by a read that began before it and ends after it", async () => {
    let letGo: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    let reads = 0;
    const { ecr } = setUp({
      ListImages: async () => {
        reads += 1;
        const tag = `read ${reads}`;
        if (reads === 1) await held;
        return answer({ imageIds: [{ imageTag: tag }] });
      },
    });
    const early = ecr.call("ListImages", input);
    await new Promise(setImmediate);
    await ecr.call("PutImage", { ...input, imageManifest: MANIFEST });
    letGo();
    expect((await early).imageIds[0]?.imageTag).toBe("read 1");
    expect((await ecr.call("ListImages", input)).imageIds[0]?.imageTag).toBe("read 2");
  });
});

describe("manifests", () => {
  const image = { imageId: { imageDigest: DIGEST }, imageManifest: MANIFEST };
  const byDigest = { ...input, imageIds: [{ imageDigest: DIGEST }] };

  it("are kept without end by their digests", async () => {
    const { ecr, time, transport } = setUp({ BatchGetImage: answer({ images: [image], failures: [] }) });
    await ecr.call("BatchGetImage", byDigest);
    await time.advance("3650d");
    await ecr.call("BatchGetImage", byDigest);
    expect(transport.requests).toHaveLength(1);
  });

  it.each([
    ["asked for by tag", { ...input, imageIds: [{ imageTag: "v1" }] }, { images: [image], failures: [] }],
    ["that are not those their digests name", byDigest, { images: [{ ...image, imageManifest: "{}" }], failures: [] }],
    ["of which some failed", byDigest, { images: [], failures: [{ failureCode: "ImageNotFound" }] }],
  ])("%s are not kept", async (_, given, output) => {
    const { ecr, transport } = setUp({ BatchGetImage: answer(output) });
    await ecr.call("BatchGetImage", given);
    await ecr.call("BatchGetImage", given);
    expect(transport.requests).toHaveLength(2);
  });

  it("that somebody changed in the store are asked for again", async () => {
    const { ecr, transport, store } = setUp({ BatchGetImage: answer({ images: [image], failures: [] }) });
    const set = store.set.bind(store);
    Object.assign(store, {
      set: (key: string, entry: { readonly value: string }) =>
        set(key, { ...entry, value: entry.value.replace("schemaVersion", "schemaPoison") }),
    });
    await ecr.call("BatchGetImage", byDigest);
    expect((await ecr.call("BatchGetImage", byDigest)).images[0]?.imageManifest).toBe(MANIFEST);
    expect(transport.requests).toHaveLength(2);
  });
});

describe("findings", () => {
  const down = {
    DescribeImageScanFindings: () => (isDown ? refusal("ServerException", "", { status: 500 }) : complete()),
  };
  let isDown = false;

  it("are served, and flagged, when they are out of date and ECR is down", async () => {
    isDown = false;
    const { ecr, time } = setUp(down);
    expect(staleAgeMs(await ecr.call("DescribeImageScanFindings", findings))).toBeUndefined();
    isDown = true;
    await time.advance(300_000);
    const stale = await ecr.call("DescribeImageScanFindings", findings);
    expect(stale.imageScanFindings?.findings?.[0]?.name).toBe("CVE-1");
    expect(staleAgeMs(stale)).toBe(300_000);
  });

  it("are not served when they are older than they may be", async () => {
    isDown = false;
    const { ecr, time } = setUp(down, { staleMs: 1_000 });
    await ecr.call("DescribeImageScanFindings", findings);
    isDown = true;
    await time.advance(301_000);
    expect(await rejection(ecr.call("DescribeImageScanFindings", findings))).toMatchObject({
      kind: "ServiceUnavailable",
    });
  });

  it("are not served when ECR answers that there are none", async () => {
    let gone = false;
    const { ecr, time } = setUp({
      DescribeImageScanFindings: () => (gone ? refusal("ScanNotFoundException") : complete()),
    });
    await ecr.call("DescribeImageScanFindings", findings);
    gone = true;
    await time.advance(300_000);
    expect(await rejection(ecr.call("DescribeImageScanFindings", findings))).toMatchObject({ kind: "ScanNotFound" });
  });

  it("of a scan that is under way are not kept", async () => {
    const { ecr, transport } = setUp({
      DescribeImageScanFindings: answer({ imageScanStatus: { status: "IN_PROGRESS" } }),
    });
    await ecr.call("DescribeImageScanFindings", findings);
    await ecr.call("DescribeImageScanFindings", findings);
    expect(transport.requests).toHaveLength(2);
  });
});

describe("reads at the same time", () => {
  it("share one request", async () => {
    const { ecr, transport } = setUp();
    const answers = await Promise.all(Array.from({ length: 200 }, () => ecr.call("DescribeRepositories", {})));
    expect(transport.requests).toHaveLength(1);
    expect(new Set(answers.map(({ repositories }) => repositories?.[0]?.repositoryName))).toEqual(new Set(["r1"]));
  });

  it("do not end with the one who asked first", async () => {
    const abort = new AbortController();
    let requests = 0;
    const { ecr } = setUp({
      DescribeRepositories: async (_, { abortSignal }) => {
        requests += 1;
        if (requests > 1) return answer({ repositories: [] });
        return new Promise((_resolve, reject) =>
          abortSignal?.addEventListener("abort", () => reject(abortSignal.reason)),
        );
      },
    });
    const first = rejection(ecr.call("DescribeRepositories", {}, { signal: abort.signal }));
    await new Promise(setImmediate);
    const second = ecr.call("DescribeRepositories", {});
    await new Promise(setImmediate);
    abort.abort();
    expect(await first).toMatchObject({ kind: "Aborted" });
    expect((await second).repositories).toEqual([]);
    expect(requests).toBe(2);
  });

  it("all fail with what the shared request failed with", async () => {
    const { ecr, transport } = setUp({ ListImages: refusal("RepositoryNotFoundException") });
    const errors = await Promise.all([1, 2, 3].map(() => rejection(ecr.call("ListImages", input))));
    expect(errors).toEqual([1, 2, 3].map(() => expect.objectContaining({ kind: "RepositoryNotFound" })));
    expect(transport.requests).toHaveLength(1);
  });
});

describe("what must come from the service itself", () => {
  it("does: putTag reads past the cache", async () => {
    const tagged: string[] = [];
    const { ecr, transport } = setUp({
      DescribeImages: (request) => {
        tagged.push(JSON.stringify(inputOf(request)));
        return answer({
          imageDetails: [{ imageDigest: digestOf(IMAGE), imageTags: ["v1"], registryId: "1".repeat(12) }],
        });
      },
      PutImage: refusal("ImageTagAlreadyExistsException"),
    });
    await ecr.call("DescribeImages", describeImages);
    await ecr.images.putTag(
      "app",
      { imageManifest: IMAGE, imageManifestMediaType: "application/vnd.oci.image.manifest.v1+json" },
      "v1",
    );
    expect(transport.operations).toEqual(["DescribeImages", "PutImage", "DescribeImages"]);
  });
});
