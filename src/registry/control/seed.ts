import { EcrError } from "../../errors.js";
import { digestOf } from "../../image/digest.js";
import { partitionOf } from "../../image/partition.js";
import { ServiceError } from "../../protocol/service-error.js";
import { durationMs } from "../../time.js";
import type { Caller } from "../registry.js";
import type { Call } from "./control.js";
import {
  type ImageSeed,
  parseSeed,
  platformOf,
  type RegistrySeed,
  type RepositorySeed,
  type SeedCall,
} from "./seed-document.js";
import { type Content, type MadeImage, makeAttachment, makeImage, makeIndex, OCI } from "./seed-image.js";

/** What a seed has added. */
export interface Planted {
  readonly registries: number;
  readonly repositories: number;
  /** Images by their digests: an index and the images it lists are several. */
  readonly images: number;
}

/** One thing to do, and when it was done. */
interface Step {
  readonly atMs: number;
  readonly run: (call: Call) => Promise<void>;
}

/**
 * Does what a seed describes, through the operations themselves and in the order of their times, so that everything follows that would
 * have followed: events, scans, copies, lifecycle runs.
 */
export async function plant(document: unknown, nowMs: number, callAt: (ms: number) => Call): Promise<Planted> {
  const { registries } = parseSeed(document);
  const images = registries.flatMap(({ repositories = [] }) => repositories.flatMap((one) => one.images ?? []));
  // Settings come a day before the first image.
  const startMs = images.reduce((first, image) => Math.min(first, agoMs(nowMs, image.pushed)), nowMs) - DAY_MS;
  requireStart(startMs, nowMs);
  let planted = 0;
  const steps = registries.flatMap((registry, at) =>
    stepsOf(registry, `registries[${at}]`, { startMs, nowMs, count: () => void planted++ }),
  );
  for (const { atMs, run } of steps.toSorted((a, b) => a.atMs - b.atMs)) await run(callAt(atMs));
  const repositories = registries.reduce((sum, { repositories: list = [] }) => sum + list.length, 0);
  return { registries: registries.length, repositories, images: planted };
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** Times are kept as what has passed since 1970. */
function requireStart(startMs: number, nowMs: number): void {
  if (startMs >= 0) return;
  const now = new Date(nowMs).toISOString();
  throw new EcrError(
    `the seed begins before 1970: its first image, and a day before that its settings, by a clock that shows ${now}; give a smaller age, or a later clock`,
    { kind: "InvalidParameter" },
  );
}

const agoMs = (nowMs: number, age: number | string = 0): number => nowMs - durationMs(age);

interface Sowing {
  readonly startMs: number;
  readonly nowMs: number;
  readonly count: () => void;
}

function stepsOf(registry: RegistrySeed, where: string, sowing: Sowing): readonly Step[] {
  const { account, region, calls = [], repositories = [] } = registry;
  const caller: Caller = { account, region, arn: `arn:${partitionOf(region).name}:iam::${account}:root` };
  const settings = calls.map((one, at): Step => {
    const place = `${where}.calls[${at}]`;
    return { atMs: sowing.startMs, run: async (call) => void (await carryOut(call, caller, place, one)) };
  });
  const inside = repositories.map((repository, at) =>
    repositorySteps(caller, repository, `${where}.repositories[${at}]`, sowing),
  );
  return [...settings, ...inside.flat()];
}

/** @throws {EcrError} kind `InvalidParameter` with the place in the document, where ECR refuses */
async function carryOut(
  call: Call,
  caller: Caller,
  where: string,
  { operation, input = {} }: SeedCall,
): Promise<Readonly<Record<string, unknown>>> {
  const [name = "", service = "ecr"] = operation.split(":").reverse();
  try {
    return (await call({ service, name }, caller, input)) as Readonly<Record<string, unknown>>;
  } catch (cause) {
    if (!(cause instanceof ServiceError)) throw cause;
    throw new EcrError(`the seed's ${where}: ${operation} was refused with ${cause.code}: ${cause.message}`, {
      kind: "InvalidParameter",
      cause,
    });
  }
}

/** Does an operation in one repository. */
type InRepository = (operation: string, input: object) => Promise<Readonly<Record<string, unknown>>>;

function repositorySteps(caller: Caller, repository: RepositorySeed, where: string, sowing: Sowing): readonly Step[] {
  const { name, settings = {}, calls = [], images = [] } = repository;
  const prefix = repository.public ? "ecr-public:" : "";
  const within =
    (call: Call, place: string): InRepository =>
    (operation, input) =>
      carryOut(call, caller, place, { operation: prefix + operation, input: { repositoryName: name, ...input } });
  const create: Step = {
    // After the settings of all registries.
    atMs: sowing.startMs + 1,
    async run(call) {
      await within(call, where)("CreateRepository", settings);
      for (const [at, { operation, input = {} }] of calls.entries())
        await within(call, `${where}.calls[${at}]`)(operation, input);
    },
  };
  const pushes = images.flatMap((image, at) => {
    const place = `${where}.images[${at}]`;
    const pushedAtMs = agoMs(sowing.nowMs, image.pushed);
    let digest = "";
    const push: Step = {
      atMs: pushedAtMs,
      async run(call) {
        for (const one of make(name, image, at, pushedAtMs)) {
          await pushImage(within(call, place), one);
          if (one.isTop) digest = digestOf(one.manifest);
          sowing.count();
        }
      },
    };
    if (image.pulled === undefined || repository.public) return [push];
    const pull: Step = {
      atMs: agoMs(sowing.nowMs, image.pulled),
      run: async (call) => void (await within(call, place)("BatchGetImage", { imageIds: [{ imageDigest: digest }] })),
    };
    return [push, pull];
  });
  return [create, ...pushes];
}

/** A manifest on its way in. */
interface Pushed extends MadeImage {
  readonly tags: readonly string[];
  /** Whether it is what the tags and the attachments are for. */
  readonly isTop: boolean;
}

const DEFAULT_LAYER_BYTES = [20_000, 5_000];

/** What is pushed for one image of a seed, in order: images, their index, what is attached to it. */
function make(repository: string, image: ImageSeed, at: number, createdAtMs: number): readonly Pushed[] {
  const { tags = [], platforms = ["linux/amd64"], layerBytes = DEFAULT_LAYER_BYTES, attachments = [] } = image;
  const name = tags[0] ?? `untagged-${at}`;
  const images = platforms.flatMap((text) => {
    const platform = platformOf(text);
    return platform ? [{ platform, ...makeImage({ repository, name, platform, layerBytes, createdAtMs }) }] : [];
  });
  const isIndex = images.length > 1;
  const index: MadeImage[] = isIndex ? [{ blobs: [], manifest: makeIndex(images) }] : [];
  const pushed = [...images, ...index].map(({ blobs, manifest }, place, all) => {
    const isTop = place === all.length - 1;
    return { blobs, manifest, isTop, tags: isTop ? tags : [] };
  });
  const subject: Content = {
    mediaType: isIndex ? OCI.index : OCI.manifest,
    bytes: Buffer.from(pushed.at(-1)?.manifest ?? ""),
  };
  const attached = attachments.map((type) => ({ ...makeAttachment(type, subject), isTop: false, tags: [] }));
  return [...pushed, ...attached];
}

async function pushImage(run: InRepository, { blobs, manifest, tags }: Pushed): Promise<void> {
  for (const { bytes } of blobs) {
    const layerDigests = [digestOf(bytes)];
    const { layers } = await run("BatchCheckLayerAvailability", { layerDigests });
    if ((layers as readonly { layerAvailability?: string }[])[0]?.layerAvailability === "AVAILABLE") continue;
    const { uploadId } = await run("InitiateLayerUpload", {});
    const layerPartBlob = Buffer.from(bytes).toString("base64");
    const part = { uploadId, partFirstByte: 0, partLastByte: bytes.byteLength - 1, layerPartBlob };
    await run("UploadLayerPart", part);
    await run("CompleteLayerUpload", { uploadId, layerDigests });
  }
  const puts = tags.length === 0 ? [{}] : tags.map((imageTag) => ({ imageTag }));
  for (const put of puts) await run("PutImage", { imageManifest: manifest, ...put });
}
