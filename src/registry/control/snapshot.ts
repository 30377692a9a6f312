import { holdBlobs } from "../layers.js";
import type { State } from "../state.js";
import { blobsOf, entriesOf } from "./replace-all.js";

/** The first line of a snapshot. */
interface SnapshotHeader {
  readonly format: typeof SNAPSHOT_FORMAT;
  readonly version: typeof SNAPSHOT_VERSION;
  readonly takenAtMs: number;
}

/** Every other line: an entry of the store, a piece of a layer (the pieces of one follow each other), or the end. */
type SnapshotLine =
  | { readonly entry: readonly [key: string, value: unknown] }
  | { readonly blob: string; readonly bytes: string }
  | { readonly end: { readonly entries: number; readonly blobs: number } };

export const SNAPSHOT_FORMAT = "ecrkit-snapshot";
export const SNAPSHOT_VERSION = 1;

/** Bytes of a layer in one line. */
const PIECE_BYTES = 48 * 1024;

/** Everything as it is at the first line, layers included. Memory does not grow with the layers' size. */
export async function* snapshot(state: State): AsyncGenerator<Uint8Array> {
  const entries = entriesOf(state);
  const blobs = blobsOf(state);
  // A layer that is deleted while the lines before it are read must still be there.
  const release = holdBlobs(state, blobs);
  try {
    yield line({ format: SNAPSHOT_FORMAT, version: SNAPSHOT_VERSION, takenAtMs: state.time.now() });
    for (const entry of entries) yield line({ entry });
    for (const blob of blobs) yield* piecesOf(state, blob);
    yield line({ end: { entries: entries.length, blobs: blobs.length } });
  } finally {
    await release();
  }
}

async function* piecesOf(state: State, blob: string): AsyncGenerator<Uint8Array> {
  let isEmpty = true;
  for await (const chunk of state.blobs.open(blob) as AsyncIterable<Uint8Array>)
    for (let at = 0; at < chunk.byteLength; at += PIECE_BYTES) {
      isEmpty = false;
      yield line({ blob, bytes: Buffer.from(chunk.subarray(at, at + PIECE_BYTES)).toString("base64") });
    }
  if (isEmpty) yield line({ blob, bytes: "" });
}

const line = (value: SnapshotHeader | SnapshotLine): Uint8Array => Buffer.from(`${JSON.stringify(value)}\n`);
