import { randomBytes } from "node:crypto";
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import { join } from "node:path";
import { EcrError } from "../../errors.js";
import type { Time, VirtualTime } from "../../time.js";
import { virtualTime } from "../../time.js";
import type { BlobStore } from "../blobs.js";
import type { Store } from "../store.js";
import { diskBlobs } from "./blobs-disk.js";
import { openDataFolder } from "./data-folder.js";
import type { FileSystem } from "./file-system.js";
import { diskStore } from "./store-disk.js";

/** All that a registry keeps in a folder. */
export interface Data {
  readonly store: Store;
  readonly blobs: BlobStore;
  /** Logins are good across a restart, so what they are signed with is kept. */
  readonly signerKey: Uint8Array;
  /** A clock that is never behind what it was moved to before a restart. */
  readonly time: VirtualTime;
  /** Whether the process before ended without closing it, so that there may be bytes that nobody has. */
  readonly wasLeft: boolean;
}

/**
 * Opens a folder for a registry, or makes one. It is the registry's until its store is closed.
 *
 * @throws {EcrError} kind `InvalidParameter` when another process has it, a newer ecrkit has written it, or it cannot be read
 */
export function openData(folder: string, time: Time, files?: FileSystem): Data {
  const { path, wasLeft, close } = openDataFolder(folder);
  try {
    const store = diskStore(join(path, "state"));
    return {
      store: {
        ...store,
        async close() {
          await store.close();
          close();
        },
      },
      blobs: diskBlobs(path, files),
      signerKey: keptKey(join(path, "signer-key")),
      time: keptTime(time, join(path, "clock")),
      wasLeft,
    };
  } catch (cause) {
    close();
    if (cause instanceof EcrError) throw cause;
    throw new EcrError(`the data folder ${path} cannot be opened: ${(cause as Error).message}`, {
      kind: "InvalidParameter",
      cause,
    });
  }
}

function keptKey(file: string): Uint8Array {
  if (!existsSync(file)) keep(file, randomBytes(32).toString("hex"));
  return Buffer.from(readFileSync(file, "utf8"), "hex");
}

/** How far the clock is ahead of the one it runs with is kept whenever it is moved. A clock that is moved by its owner is its owner's. */
function keptTime(base: Time, file: string): VirtualTime {
  const time = virtualTime(base, existsSync(file) ? Number(readFileSync(file, "utf8")) : 0);
  if (time === base) return time;
  return {
    ...time,
    async advance(duration) {
      await time.advance(duration);
      keep(file, String(time.now() - base.now()));
    },
  };
}

/** Writes a small file so that it is there whole or not at all. */
function keep(file: string, text: string): void {
  const draft = `${file}.draft`;
  const handle = openSync(draft, "w", 0o600);
  try {
    writeSync(handle, text);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  renameSync(draft, file);
}
