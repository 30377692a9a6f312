import { EcrError } from "../../errors.js";
import type { BlobWriter } from "../blobs.js";
import { holdBlobs } from "../layers.js";
import { openTables } from "../records.js";
import type { State } from "../state.js";
import { memoryStore } from "../store-memory.js";
import { blobsOf, replaceAll } from "./replace-all.js";
import { type Entry, parseLine, type Refuse } from "./snapshot-line.js";

/** Puts a snapshot in the place of everything: whole, or not at all. @throws {EcrError} kind `InvalidParameter` when it is no whole snapshot */
export async function restore(
  state: State,
  advanceTo: (ms: number) => Promise<void>,
  source: AsyncIterable<Uint8Array>,
): Promise<void> {
  const reader = createReader(state);
  try {
    for await (const text of linesOf(source)) await reader.take(text);
    const { takenAtMs, entries, layers } = reader.whole();
    await requireLayers(entries, layers);
    // The clock first: work that the snapshot holds is due by its own time. What is due here by then is not done: it goes with all the rest.
    await advanceTo(takenAtMs);
    await replaceAll(state, entries);
  } finally {
    await reader.close();
  }
}

/** A snapshot that has come to its end; its layers are held. */
interface WholeSnapshot {
  readonly takenAtMs: number;
  readonly entries: readonly Entry[];
  readonly layers: ReadonlySet<string>;
}

interface Reader {
  take(line: string): Promise<void>;
  /** @throws {EcrError} when the last line has not been taken */
  whole(): WholeSnapshot;
  /** Forgets what is half written, and the layers that nobody has taken. */
  close(): Promise<void>;
}

function createReader(state: State): Reader {
  let lines = 0;
  let takenAtMs: number | undefined;
  let ended = false;
  const entries: Entry[] = [];
  const refuse: Refuse = (problem) => refusal(`the snapshot's line ${lines} ${problem}`);
  const layers = createLayers(state, refuse);

  return {
    async take(text) {
      lines += 1;
      const line = parseLine(text, takenAtMs === undefined, refuse);
      if (ended) throw refuse("comes after the end");
      if ("takenAtMs" in line) takenAtMs = line.takenAtMs;
      else if ("entry" in line) entries.push(line.entry);
      else if ("blob" in line) await layers.take(line.blob, line.bytes);
      else {
        await layers.finish();
        if (line.end.entries !== entries.length || line.end.blobs !== layers.digests.size)
          throw refuse("counts more or less than came before it");
        ended = true;
      }
    },
    whole() {
      if (takenAtMs === undefined || !ended) throw refuse("is its last, but not the end of a snapshot");
      return { takenAtMs, entries, layers: layers.digests };
    },
    close: layers.close,
  };
}

const refusal = (problem: string): EcrError => new EcrError(problem, { kind: "InvalidParameter" });

/** @throws {EcrError} when a repository of the snapshot has a layer that did not come with it */
async function requireLayers(entries: readonly Entry[], layers: ReadonlySet<string>): Promise<void> {
  const store = memoryStore();
  await store.transaction(() => {
    for (const [key, value] of entries) store.put(key, value);
  });
  const missing = blobsOf({ tables: openTables(store) }).find((digest) => !layers.has(digest));
  if (missing !== undefined) throw refusal(`the snapshot lacks the layer ${missing}, which a repository of it has`);
}

/** The layers of a snapshot, which come in pieces, one after the other. */
interface Layers {
  take(digest: string, bytes: Uint8Array): Promise<void>;
  /** Ends the last one. */
  finish(): Promise<void>;
  /** Those that have begun. */
  readonly digests: ReadonlySet<string>;
  /** Forgets what is half written, and the layers that nobody has taken. */
  close(): Promise<void>;
}

function createLayers(state: State, refuse: Refuse): Layers {
  let current: { readonly digest: string; readonly writer: BlobWriter } | undefined;
  const digests = new Set<string>();
  const releases: (() => Promise<void>)[] = [];

  const finish = async (): Promise<void> => {
    if (!current) return;
    const { digest, writer } = current;
    const actual = await writer.digest(digest.startsWith("sha512:") ? "sha512" : "sha256");
    if (actual !== digest) throw refuse(`ends a layer that is not ${digest} but ${actual}`);
    await writer.commit(digest);
    current = undefined;
  };

  return {
    async take(digest, bytes) {
      if (current?.digest !== digest) {
        await finish();
        if (digests.has(digest)) throw refuse(`begins the layer ${digest}, which has come before`);
        digests.add(digest);
        releases.push(holdBlobs(state, [digest]));
        current = { digest, writer: await state.blobs.begin() };
      }
      await current.writer.append(bytes);
    },
    finish,
    digests,
    async close() {
      await current?.writer.abort();
      for (const release of releases) await release();
    },
  };
}

/** The lines of a text that comes in pieces. */
async function* linesOf(source: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of source) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) if (line !== "") yield line;
  }
  if (rest !== "") yield rest;
}
