import { dropUnused } from "../layers.js";
import type { State } from "../state.js";

/** Everything a store holds, in the order of its keys. */
export const entriesOf = ({ store }: State): readonly (readonly [key: string, value: unknown])[] =>
  Array.from(store.range<unknown>("", BEYOND_ALL));

/** Sorts above every key: keys are ASCII. */
const BEYOND_ALL = "\u{10ffff}";

/** Puts `entries` in the place of everything; uploads end, and layers that nobody has any more go. */
export async function replaceAll(
  state: State,
  entries: Iterable<readonly [key: string, value: unknown]>,
): Promise<void> {
  await state.uploads.abortAll();
  const before = blobsOf(state);
  await state.store.transaction(() => {
    for (const [key] of entriesOf(state)) state.store.remove(key);
    for (const [key, value] of entries) state.store.put(key, value);
  });
  await dropUnused(state, before);
}

/** The digests of all layers. */
export const blobsOf = ({ tables }: Pick<State, "tables">): readonly string[] => [
  ...new Set(Array.from(tables.blobRepository.list([]), ([[digest = ""]]) => digest)),
];
