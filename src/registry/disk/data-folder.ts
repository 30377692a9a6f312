import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { EcrError } from "../../errors.js";
import { version } from "../../version.js";
import { type FolderLock, lockFolder } from "./folder-lock.js";
import { DRAFT_ENDING, keepFile, syncFolder } from "./kept-file.js";

/** How what is in a data folder is written. A change that this ecrkit's predecessors could not read makes it one more. */
export const DATA_FORMAT = 1;

/** A folder that holds a local ECR, and that this process has for itself. */
export interface DataFolder extends FolderLock {
  readonly path: string;
}

const FORMAT_FILE = "ecrkit.json";

/**
 * Takes a folder for this process, and makes it where there is none.
 *
 * @throws {EcrError} kind `InvalidParameter` when another process has it, a newer ecrkit has written it, or it is somebody else's
 */
export function openDataFolder(folder: string): DataFolder {
  const path = resolve(folder);
  const refuse = (problem: string, cause?: unknown): EcrError =>
    new EcrError(`the data folder ${path} ${problem}`, { kind: "InvalidParameter", cause });
  try {
    if (mkdirSync(path, { recursive: true, mode: 0o700 }) !== undefined) syncFolder(dirname(path));
    requireOurs(path, refuse);
    return { path, ...lockFolder(path, refuse) };
  } catch (cause) {
    if (cause instanceof EcrError) throw cause;
    throw refuse(`cannot be used: ${(cause as Error).message}`, cause);
  }
}

type Refuse = (problem: string, cause?: unknown) => EcrError;

function requireOurs(path: string, refuse: Refuse): void {
  const file = join(path, FORMAT_FILE);
  if (!existsSync(file)) {
    const other = readdirSync(path).find((name) => name !== FORMAT_FILE + DRAFT_ENDING);
    if (other !== undefined) throw refuse(`holds other things, such as ${other}: give one that is empty or new`);
    keepFile(file, `${JSON.stringify({ format: DATA_FORMAT, ecrkit: version })}\n`);
    return;
  }
  const { format, ecrkit } = written(file, refuse);
  if (typeof format !== "number") throw refuse(`has no format in its ${FORMAT_FILE}: it is not one of ecrkit`);
  if (format > DATA_FORMAT)
    throw refuse(
      `was written by ecrkit ${String(ecrkit)} in format ${format}, and this ecrkit ${version} reads up to format ${DATA_FORMAT}: use a newer one, or another folder`,
    );
}

function written(file: string, refuse: Refuse): { readonly format?: unknown; readonly ecrkit?: unknown } {
  try {
    return Object(JSON.parse(readFileSync(file, "utf8")));
  } catch (cause) {
    throw refuse(`has a ${FORMAT_FILE} that cannot be read: it is not one of ecrkit, or is damaged`, cause);
  }
}
