import { isEcrError } from "../errors.js";
import type { ImageFailure, ImageIdentifier } from "../protocol/ecr/images.js";

/** What came of a batch: the images that were found, in the order of their ids, and for each of the others why not. */
export interface BatchResult<T> {
  readonly images: readonly T[];
  readonly failures: readonly ImageFailure[];
}

/** Most image ids in one request. documented: service model, `imageIds`. */
const MAX_BATCH_SIZE = 100;

/** Requests of one batch that run side by side. */
const SIDE_BY_SIDE = 4;

/** An image id as the key of a map. */
export const keyOf = ({ imageDigest = "", imageTag = "" }: ImageIdentifier): string => `${imageDigest}@${imageTag}`;

/** The same ids without repetitions, in their order, and without whatever else the caller's objects hold. */
export function distinct(ids: readonly ImageIdentifier[]): readonly ImageIdentifier[] {
  const bare = ids.map(({ imageDigest, imageTag }) => ({
    ...(imageDigest !== undefined && { imageDigest }),
    ...(imageTag !== undefined && { imageTag }),
  }));
  return [...new Map(bare.map((id) => [keyOf(id), id])).values()];
}

/** Runs what it is given, never more than a few at a time, until one fails for good. */
export type Gate = <T>(run: () => Promise<T>, isExpected?: (error: unknown) => boolean) => Promise<T>;

/**
 * A gate through which at most `limit` runs go at a time, first come, first served. A failure that its caller did not expect closes it:
 * whatever comes later, or waits, is refused with the same error.
 */
export function openGate(limit: number = SIDE_BY_SIDE): Gate {
  const waiting: (() => void)[] = [];
  let running = 0;
  let closed: { readonly by: unknown } | undefined;
  return async (run, isExpected = () => false) => {
    if (running >= limit) await new Promise<void>((resolve) => waiting.push(resolve));
    else running++;
    try {
      if (closed !== undefined) throw closed.by;
      return await run();
    } catch (error) {
      if (!isExpected(error)) closed ??= { by: error };
      throw error;
    } finally {
      const next = waiting.shift();
      if (next === undefined) running--;
      else next();
    }
  };
}

/** `items` in pieces of at most `size`. */
function chunks<T>(items: readonly T[], size: number = MAX_BATCH_SIZE): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}

/** `items` in two halves, the first not the smaller. */
export function halves<T>(items: readonly T[]): readonly [readonly T[], readonly T[]] {
  const middle = Math.ceil(items.length / 2);
  return [items.slice(0, middle), items.slice(middle)];
}

/** Whether the service refused these ids because its answer would be too large, so that halves of them may be answered. */
export const isTooLarge = (ids: readonly ImageIdentifier[], error: unknown): boolean =>
  ids.length > 1 && isEcrError(error, "LimitExceeded");

/**
 * The answers for all ids, in their order: requests of at most 100 ids, a few side by side, cut in half when the service says that an
 * answer would be too large. What a request fails with, `giveUp` may turn into an answer.
 */
export async function askInBatches<A>(
  ids: readonly ImageIdentifier[],
  gate: Gate,
  ask: (ids: readonly ImageIdentifier[]) => Promise<A>,
  giveUp: (ids: readonly ImageIdentifier[], error: unknown) => A = (_, error) => {
    throw error;
  },
): Promise<readonly A[]> {
  const askShrinking = async (part: readonly ImageIdentifier[]): Promise<readonly A[]> => {
    try {
      return [
        await gate(
          () => ask(part),
          (error) => isTooLarge(part, error),
        ),
      ];
    } catch (error) {
      if (!isTooLarge(part, error)) return [giveUp(part, error)];
      const [first, second] = halves(part);
      return (await Promise.all([askShrinking(first), askShrinking(second)])).flat();
    }
  };
  return (await Promise.all(chunks(ids).map(askShrinking))).flat();
}
