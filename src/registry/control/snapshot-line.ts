import type { EcrError } from "../../errors.js";
import { isDigest } from "../../image/digest.js";
import { LAST_MOMENT_MS } from "../../time.js";
import { SNAPSHOT_FORMAT, SNAPSHOT_VERSION } from "./snapshot.js";

/** An entry of a store. */
export type Entry = readonly [key: string, value: unknown];

/** The error that says what is wrong with the line that is read. */
export type Refuse = (problem: string) => EcrError;

/** What a line of a snapshot says, once it is sure that it says it. */
type ReadLine =
  | { readonly takenAtMs: number }
  | { readonly entry: Entry }
  | { readonly blob: string; readonly bytes: Uint8Array }
  | { readonly end: { readonly entries: unknown; readonly blobs: unknown } };

/** Reads a line, the first or another. @throws what `refuse` gives when it is none */
export function parseLine(text: string, isFirst: boolean, refuse: Refuse): ReadLine {
  const line = parse(text, refuse);
  if (isFirst) return { takenAtMs: headerTime(line, refuse) };
  const { entry, blob, bytes, end } = line;
  if (entry !== undefined) return { entry: entryIn(entry, refuse) };
  if (blob !== undefined) {
    if (typeof blob !== "string" || !isDigest(blob))
      throw refuse(`names a layer ${JSON.stringify(blob)}, which is no digest`);
    if (typeof bytes !== "string") throw refuse("has no bytes of its layer");
    return { blob, bytes: Buffer.from(bytes, "base64") };
  }
  if (end === undefined) throw refuse("is neither an entry, a layer nor the end");
  if (!isObject(end)) throw refuse("ends without saying what came before it");
  return { end: { entries: end["entries"], blobs: end["blobs"] } };
}

function headerTime({ format, version, takenAtMs }: JsonObject, refuse: Refuse): number {
  if (format !== SNAPSHOT_FORMAT) throw refuse("does not begin a snapshot of a local ECR");
  if (version !== SNAPSHOT_VERSION)
    throw refuse(`says version ${String(version)}, and this ecrkit reads version ${SNAPSHOT_VERSION}`);
  if (typeof takenAtMs !== "number" || !(takenAtMs >= 0 && takenAtMs <= LAST_MOMENT_MS))
    throw refuse(`has no time from 1970 to 9999 at which it was taken, but takenAtMs ${JSON.stringify(takenAtMs)}`);
  return takenAtMs;
}

function entryIn(entry: unknown, refuse: Refuse): Entry {
  const [key, value] = Array.isArray(entry) && entry.length === 2 ? entry : [];
  if (typeof key !== "string" || key === "" || value === undefined || value === null)
    throw refuse("has an entry that is not a key and a value");
  return [key, value];
}

type JsonObject = Readonly<Partial<Record<string, unknown>>>;

const isObject = (value: unknown): value is JsonObject => typeof value === "object" && value !== null;

function parse(text: string, refuse: Refuse): JsonObject {
  try {
    const value: unknown = JSON.parse(text);
    if (isObject(value)) return value;
  } catch {
    // Told below, like JSON that is no object.
  }
  throw refuse("is not a JSON object");
}
