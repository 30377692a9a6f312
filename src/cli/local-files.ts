import { createReadStream, readFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { isEcrError } from "../errors.js";
import type { LocalEcr } from "../local.js";
import { OutsideError, UsageError } from "./exit-code.js";

/** The JSON in a file that an option names. @throws {OutsideError} when it cannot be read @throws {UsageError} when it is not JSON */
export function readJsonFile(option: string, path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (cause) {
    throw unreadable(option, path, cause);
  }
}

/** Fills a local ECR before anybody sees it: with `sample`, a seed, or a snapshot that `/_ecrkit/snapshot` gave. */
export async function plantFile(local: LocalEcr, path: string): Promise<void> {
  if (path === "sample") return void (await local.seed("sample"));
  try {
    if (await isSnapshot(path)) await local.restore(createReadStream(path));
    else await local.seed(readJsonFile("--seed", path) as Parameters<LocalEcr["seed"]>[0]);
  } catch (error) {
    if (isEcrError(error, "InvalidParameter")) throw new UsageError(`--seed ${path}: ${error.message}`);
    throw error instanceof UsageError || error instanceof OutsideError ? error : unreadable("--seed", path, error);
  }
}

/** Where a snapshot begins: its first member. */
const SNAPSHOT_START = '{"format":"ecrkit-snapshot"';

async function isSnapshot(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(SNAPSHOT_START.length) });
    return buffer.toString("utf8", 0, bytesRead) === SNAPSHOT_START;
  } finally {
    await file.close();
  }
}

function unreadable(option: string, path: string, cause: unknown): Error {
  const { message, name } = cause instanceof Error ? cause : new Error(String(cause));
  return name === "SyntaxError"
    ? new UsageError(`${option} ${path} is not JSON: ${message}`)
    : new OutsideError(`${option} ${path} cannot be read: ${message}`, { cause });
}
