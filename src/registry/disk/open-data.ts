import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { EcrError } from "../../errors.js";
import { type Time, type VirtualTime, virtualTime } from "../../time.js";
import type { BlobStore } from "../blobs.js";
import type { Store } from "../store.js";
import { diskBlobs } from "./blobs-disk.js";
import { openDataFolder } from "./data-folder.js";
import type { FileSystem } from "./file-system.js";
import { keepFile, syncFolder } from "./kept-file.js";
import { diskStore } from "./store-disk.js";

/** All that a registry keeps in a folder. */
export interface Data {
  /** The folder is the registry's until this is closed. */
  readonly store: Store;
  readonly blobs: BlobStore;
  /** Logins are good across a restart, so what they are signed with is kept. */
  readonly signerKey: Uint8Array;
  /** A clock that is never behind what it was moved to before a restart. */
  readonly time: VirtualTime;
  /** Set when there may be bytes that nobody has: to be called once there are none. Until then the next one is told too. */
  readonly orphansGone: (() => void) | undefined;
}

/**
 * Opens a folder for a registry, or makes one.
 *
 * @throws {EcrError} kind `InvalidParameter` when another process has it, a newer ecrkit has written it, or it cannot be read
 */
export function openData(folder: string, time: Time, files?: FileSystem): Data {
  const { path, wasLeft, release } = openDataFolder(folder);
  let isInOrder = !wasLeft;
  let store: Store | undefined;
  const close = async (): Promise<void> => {
    await store?.close();
    await release(isInOrder);
  };
  try {
    store = diskStore(join(path, "state.mdb"));
    syncFolder(path);
    return {
      store: { ...store, close },
      blobs: diskBlobs(path, files),
      signerKey: keptKey(join(path, "signer-key")),
      time: keptTime(time, join(path, "clock")),
      orphansGone: wasLeft
        ? () => {
            isInOrder = true;
          }
        : undefined,
    };
  } catch (cause) {
    void close();
    if (cause instanceof EcrError) throw cause;
    throw new EcrError(`the data folder ${path} cannot be opened: ${(cause as Error).message}`, {
      kind: "InvalidParameter",
      cause,
    });
  }
}

function keptKey(file: string): Uint8Array {
  if (!existsSync(file)) keepFile(file, randomBytes(32).toString("hex"));
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
      keepFile(file, String(time.now() - base.now()));
    },
  };
}
