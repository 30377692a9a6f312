import { createHash, randomUUID } from "node:crypto";
import { mkdirSync, statSync } from "node:fs";
import { open, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { EcrError } from "../errors.js";
import { systemTime, type Time } from "../time.js";
import { fileTurn } from "./file-turn.js";
import { type CacheEntry, type CacheStore, isAlive } from "./store.js";
import { turnsByKey } from "./turns.js";

/** Options of {@link fileCacheStore}. */
export interface FileCacheOptions {
  /** A folder of its own, made with mode 0700 where it is missing. It may be shared by any processes of one user and one machine. */
  readonly folder: string;
  /** @default the machine's own */
  readonly time?: Time | undefined;
}

/** What a file holds; anything else in it is as good as nothing. */
interface Kept extends CacheEntry {
  readonly key: string;
}

/** Sets between two clearings of what has expired. */
const SETS_PER_CLEARING = 100;

/**
 * A store in a folder that processes of one user share: one file an entry, of mode 0600, replaced whole. With tokens in it the folder is as
 * good as a login for twelve hours, so one that others may read is refused (on Windows, where modes say nothing, it is not looked at).
 *
 * @throws {EcrError} kind `InvalidParameter` when the folder cannot be made, is no folder, or others may read it
 */
export function fileCacheStore({ folder, time = systemTime }: FileCacheOptions): CacheStore {
  const place = requireFolder(folder);
  const turns = turnsByKey();
  let sets = 0;
  const fileOf = (key: string): string => join(place, `${createHash("sha256").update(key).digest("hex")}.json`);

  return {
    async get(key) {
      const kept = await read(fileOf(key));
      return kept?.key === key && isAlive(kept, time.now())
        ? { value: kept.value, expiresAtMs: kept.expiresAtMs }
        : undefined;
    },
    async set(key, entry) {
      await replace(fileOf(key), JSON.stringify({ key, ...entry })).catch(ignoreFull);
      sets += 1;
      if (sets % SETS_PER_CLEARING === 1) await clearExpired(place, time.now()).catch(() => undefined);
    },
    async delete(key) {
      await rm(fileOf(key), { force: true });
    },
    // Callers of this process stand in line without touching the disk.
    exclusively: (key, work) => turns(key, () => fileTurn(`${fileOf(key)}.turn`, time, work)),
    close: async () => undefined,
  };
}

function requireFolder(folder: string): string {
  const refuse = (problem: string, cause?: unknown): EcrError =>
    new EcrError(`the cache's folder ${JSON.stringify(folder)} ${problem}`, { kind: "InvalidParameter", cause });
  if (typeof folder !== "string" || folder === "") throw refuse("must be a path");
  const place = resolve(folder);
  try {
    mkdirSync(place, { recursive: true, mode: 0o700 });
    const { mode } = statSync(place);
    if (process.platform === "win32" || (mode & 0o077) === 0) return place;
  } catch (cause) {
    throw refuse(`cannot be made or looked at: ${(cause as Error).message}`, cause);
  }
  throw refuse(`may be read by others, and tokens would lie in it: chmod 700 ${place}`);
}

/** Reads an entry. Whatever is not one, torn or foreign, reads as nothing. */
async function read(file: string): Promise<Kept | undefined> {
  try {
    const kept: Partial<Kept> | null = JSON.parse(await readFile(file, "utf8"));
    const isKept = typeof kept?.key === "string" && typeof kept.value === "string";
    return isKept && ["number", "undefined"].includes(typeof kept.expiresAtMs) ? (kept as Kept) : undefined;
  } catch {
    return undefined;
  }
}

/** Puts a whole file in the place of another: whoever reads sees the one or the other. */
async function replace(file: string, text: string): Promise<void> {
  const draft = `${file}.${randomUUID()}.draft`;
  try {
    const handle = await open(draft, "wx", 0o600);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

/** A disk that is full or gone makes a cache that keeps nothing, not one that fails the calls. */
function ignoreFull(error: NodeJS.ErrnoException): void {
  if (error.code === undefined) throw error;
}

/** How old a draft is that its process no longer writes, in milliseconds. */
const DRAFT_LIFE_MS = 600_000;

/** Takes away what has expired, and what processes that died have left. */
async function clearExpired(folder: string, nowMs: number): Promise<void> {
  for (const name of await readdir(folder)) {
    const file = join(folder, name);
    if (name.endsWith(".json")) {
      const kept = await read(file);
      if (kept === undefined || !isAlive(kept, nowMs)) await rm(file, { force: true });
    } else if (name.endsWith(".draft") || name.endsWith(".turn")) {
      const found = await stat(file).catch(() => undefined);
      if (found !== undefined && Date.now() - found.mtimeMs > DRAFT_LIFE_MS) await rm(file, { force: true });
    }
  }
}
