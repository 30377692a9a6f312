import { randomUUID } from "node:crypto";
import { memoryCacheStore } from "../cache/memory-store.js";
import type { CacheStore } from "../cache/store.js";
import { EcrError, isEcrError } from "../errors.js";
import { digestOf } from "../image/digest.js";
import { decode, encode } from "../protocol/codec.js";
import type { ImageIdentifier } from "../protocol/ecr/images.js";
import type { InputOf, OperationName, OutputOf } from "../protocol/operations.js";
import { classify } from "../resilience/classify.js";
import { systemTime, type Time } from "../time.js";
import { withinScope } from "./call-scope.js";
import type { CachedCall, OperationCache } from "./operation-cache.js";
import { descriptionOf } from "./operation-exchange.js";
import { requireOptions } from "./options.js";
import { areasOfRead, areasOfWrite, DEFAULT_TTL_MS, KIND_OF_READ, type ReadKind } from "./read-cache-table.js";
import { shown } from "./shown.js";
import { markStale } from "./staleness.js";

/** Options of {@link readCache}. */
export interface ReadCacheOptions {
  /** Where answers are kept; it stays the caller's. @default one in memory, of 10,000 entries and 64 MiB at most */
  readonly store?: CacheStore | undefined;
  /**
   * How long each kind of answer is kept, in milliseconds, or false for not at all. @default 5 minutes for repositories and findings, 1 for
   * lists of images, 10 for images, 15 for lifecycle policies; manifests by digest without end
   */
  readonly ttlMs?: { readonly [K in ReadKind]?: number | false | undefined } | undefined;
  /** How long findings that are out of date are served, and flagged, while ECR cannot be asked, in milliseconds. @default 86_400_000, a day */
  readonly staleMs?: number | undefined;
  /** @default the machine's own */
  readonly time?: Time | undefined;
}

/** An answer as it is kept, and when it was given. */
interface Kept {
  readonly output: unknown;
  readonly atMs: number;
}

/** An answer that is being asked for, for all who want it. */
type Asked = Promise<unknown>;

/**
 * Keeps what reads answered: who asks again is served without a request, and who asks at the same time shares one. A write
 * through a client with this cache makes it forget what the write touched, whether it succeeded or not; writes of others are seen
 * when the time is over. Errors are never kept. Findings are served after their time while ECR is down: {@link staleAgeMs} tells.
 *
 * @throws {EcrError} kind `InvalidParameter`, naming the option and its value
 */
export function readCache(options: ReadCacheOptions = {}): OperationCache {
  const { time, store, ttlMs, staleMs } = resolve(options);
  const asked = new Map<string, Asked>();
  const naming = new Map<string, Promise<string>>();

  /** Names the state of an area: a write gives it a new name, and what was kept under the old one is never found again. */
  const generationOf = (prefix: string, area: string): Promise<string> => {
    const key = `read ${prefix} ${area}`;
    const running = naming.get(key);
    if (running !== undefined) return running;
    const named = nameOf(store, key).finally(() => naming.delete(key));
    naming.set(key, named);
    return named;
  };
  const forget = async (prefix: string, operation: OperationName, input: unknown): Promise<void> => {
    for (const area of areasOfWrite(operation, input))
      await store.set(`read ${prefix} ${area}`, { value: randomUUID() });
  };

  const keep = async (key: string, kind: ReadKind, json: unknown): Promise<void> => {
    const lifeMs = kind === "findings" ? ttlMs.findings + staleMs : ttlMs[kind];
    const atMs = time.now();
    const value = JSON.stringify({ output: json, atMs });
    await store.set(key, { value, ...(Number.isFinite(lifeMs) && { expiresAtMs: atMs + lifeMs }) });
  };

  const ask = async <N extends OperationName>(
    key: string,
    kind: ReadKind,
    call: CachedCall<N>,
    send: () => Promise<OutputOf<N>>,
  ): Promise<OutputOf<N>> => {
    const running = asked.get(key) as Promise<OutputOf<N>> | undefined;
    // One that was asked before may not know of what happened since.
    if (running !== undefined && !call.scope.fresh) {
      // Whoever asked first may give up; then those who wait ask for themselves.
      const shared = await withinScope(running, call.scope, time, call.failed).catch(
        (error: unknown) => error as Error,
      );
      if (!(shared instanceof Error)) return shared;
      if (!isGivenUp(shared) || isOver(call, time)) throw shared;
      return ask(key, kind, call, send);
    }
    const started = send();
    asked.set(key, started);
    try {
      const output = await started;
      if (isWorthKeeping(kind, output)) await keep(key, kind, encode(descriptionOf(call.operation).output, output));
      return output;
    } finally {
      if (asked.get(key) === started) asked.delete(key);
    }
  };

  return {
    async through<N extends OperationName>(call: CachedCall<N>, send: () => Promise<OutputOf<N>>) {
      const { operation, input, access, scope, step } = call;
      if (access === "write") {
        try {
          return await send();
        } finally {
          await forget(await call.keyPrefix(), operation, input);
        }
      }
      const kind = kindOf(operation, input);
      if (kind === undefined || ttlMs[kind] === 0) return send();
      const prefix = await call.keyPrefix();
      const generations = await Promise.all(areasOfRead(kind, input).map((area) => generationOf(prefix, area)));
      const key = `read ${prefix} ${generations.join(" ")} ${operation} ${textOf(input)}`;
      const held = scope.fresh ? undefined : await read(store, key, call);
      if (held !== undefined && time.now() < held.atMs + ttlMs[kind]) {
        step?.note({ cache: "hit" });
        return held.output;
      }
      step?.note({ cache: "miss" });
      try {
        return await ask(key, kind, call, send);
      } catch (error) {
        if (held === undefined || !isDown(error)) throw error;
        step?.note({ cache: "stale" });
        return markStale(held.output, time.now() - held.atMs);
      }
    },
    async close() {
      if (options.store === undefined) await store.close();
    },
  };
}

async function nameOf(store: CacheStore, key: string): Promise<string> {
  const known = await store.get(key);
  if (known !== undefined) return known.value;
  const value = randomUUID();
  await store.set(key, { value });
  return value;
}

interface Resolved {
  readonly store: CacheStore;
  readonly time: Time;
  readonly staleMs: number;
  readonly ttlMs: Readonly<Record<ReadKind, number>>;
}

function resolve(options: ReadCacheOptions): Resolved {
  requireOptions("options", options, "readCache", ["store", "ttlMs", "staleMs", "time"]);
  const { time = systemTime, staleMs = 86_400_000, ttlMs = {} } = options;
  const store = options.store ?? memoryCacheStore({ time });
  requireOptions("ttlMs", ttlMs, "ttlMs of readCache", Object.keys(DEFAULT_TTL_MS));
  const kinds = Object.keys(DEFAULT_TTL_MS) as ReadKind[];
  const entries = kinds.map((kind) => {
    const ms = ttlMs[kind] ?? DEFAULT_TTL_MS[kind];
    return [kind, ms === false ? 0 : requireMs(`ttlMs.${kind}`, ms)] as const;
  });
  return {
    store,
    time,
    staleMs: requireMs("staleMs", staleMs),
    ttlMs: Object.fromEntries(entries) as Record<ReadKind, number>,
  };
}

function requireMs(name: string, ms: unknown): number {
  if (typeof ms === "number" && ms >= 0) return ms;
  throw new EcrError(`${name} must be a number of milliseconds from 0 up, or false, got ${shown(ms)}`, {
    kind: "InvalidParameter",
  });
}

/** Manifests are kept by digest only: what a tag names may be another image a moment later. */
function kindOf(operation: OperationName, input: unknown): ReadKind | undefined {
  const kind = KIND_OF_READ[operation];
  if (kind !== "manifests") return kind;
  const { imageIds } = input as InputOf<"BatchGetImage">;
  return imageIds.every(({ imageDigest, imageTag }) => imageDigest !== undefined && imageTag === undefined)
    ? kind
    : undefined;
}

/** An answer that says only a part, or is about to change, is not kept. */
function isWorthKeeping(kind: ReadKind, output: unknown): boolean {
  if (kind === "manifests") {
    const { images = [], failures = [] } = output as Partial<OutputOf<"BatchGetImage">>;
    return failures.length === 0 && images.every(isWhole);
  }
  if (kind !== "findings") return true;
  const { imageScanStatus } = output as Partial<OutputOf<"DescribeImageScanFindings">>;
  return imageScanStatus?.status === "COMPLETE" || imageScanStatus?.status === "ACTIVE";
}

const isWhole = ({ imageId, imageManifest }: { imageId?: ImageIdentifier; imageManifest?: string }): boolean =>
  imageManifest !== undefined && imageId?.imageDigest !== undefined && digestOf(imageManifest) === imageId.imageDigest;

/** What is kept under a key; what is damaged is taken away and reads as nothing. */
async function read<N extends OperationName>(
  store: CacheStore,
  key: string,
  { operation }: CachedCall<N>,
): Promise<{ readonly output: OutputOf<N>; readonly atMs: number } | undefined> {
  const entry = await store.get(key);
  if (entry === undefined) return undefined;
  try {
    const { output, atMs }: Kept = JSON.parse(entry.value);
    const value = decode(descriptionOf(operation).output, output);
    if (typeof atMs === "number" && isWorthKeeping(KIND_OF_READ[operation] ?? "images", value))
      return { output: value, atMs };
  } catch {
    // Told like any other damage.
  }
  await store.delete(key);
  return undefined;
}

/** An input as text, whatever the order of its members. */
const textOf = (input: unknown): string =>
  JSON.stringify(input, (_, value: unknown) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );

/** Whether ECR could not be asked, or did not answer. */
const isDown = (error: unknown): boolean =>
  isEcrError(error, "CircuitOpen") || ["unavailable", "connection", "timeout", "throttle"].includes(classify(error));

const isGivenUp = (error: Error): boolean => isEcrError(error, "Aborted") || isEcrError(error, "Timeout");

const isOver = ({ scope }: CachedCall<OperationName>, time: Time): boolean =>
  scope.signal?.aborted === true || (scope.deadlineMs !== undefined && time.now() >= scope.deadlineMs);
