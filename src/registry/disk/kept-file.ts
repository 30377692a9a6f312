import { closeSync, fsyncSync, openSync, renameSync, writeSync } from "node:fs";
import { dirname } from "node:path";

/** What {@link keepFile} leaves of a file that it did not live to give its name. */
export const DRAFT_ENDING = ".draft";

/** Writes a small file, durably, so that it is there whole or as it was before. */
export function keepFile(path: string, text: string): void {
  const draft = `${path}${DRAFT_ENDING}`;
  const file = openSync(draft, "w", 0o600);
  try {
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(draft, path);
  syncFolder(dirname(path));
}

/** Makes the names in a folder durable. */
export function syncFolder(path: string): void {
  // Windows cannot open a folder, and needs no telling.
  if (process.platform === "win32") return;
  const folder = openSync(path, "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
