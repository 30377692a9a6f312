import { createRequire } from "node:module";
import type { RootDatabase } from "lmdb";

/**
 * Opens a file of LMDB, or makes one, with text as its keys and JSON as its values; a write is over when it is on the disk. LMDB is loaded
 * by whoever keeps something, and by nobody else: it costs a third of the start.
 */
export function openLmdb(path: string): RootDatabase<unknown, string> {
  const { open } = createRequire(import.meta.url)("lmdb") as typeof import("lmdb");
  // Without batches of its own: they hold promises that nobody could catch when the disk refuses a write.
  const writing = { overlappingSync: false, eventTurnBatching: false };
  return open<unknown, string>({ path, noSubdir: true, encoding: "json", ...writing });
}
