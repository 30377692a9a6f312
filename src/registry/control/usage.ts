import type { State } from "../state.js";

/** How much there is in all registries. */
export interface Usage {
  readonly repositories: number;
  /** Those in the archive, and those on their way out of it, are not counted. */
  readonly images: number;
  /** Uploads that are open. */
  readonly uploads: number;
}

/** Read off the counts that are kept anyway: one for each registry and each repository. */
export const usageOf = ({ tables, uploads }: Pick<State, "tables" | "uploads">): Usage => ({
  repositories: sum(tables.counter.list(["repositories"])),
  images: sum(tables.counter.list(["images"])),
  uploads: uploads.count(),
});

function sum(counts: Iterable<readonly [unknown, number]>): number {
  let total = 0;
  for (const [, count] of counts) total += count;
  return total;
}
