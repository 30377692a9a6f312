import { hostname } from "node:os";
import { join } from "node:path";
import type { RootDatabase } from "lmdb";
import type { EcrError } from "../../errors.js";
import { openLmdb } from "./lmdb.js";

/** A folder that belongs to this process. */
export interface FolderLock {
  /** Whether whoever had it before has not released it in good order: there may be bytes that nobody has. */
  readonly wasLeft: boolean;
  /** Lets others have it. `inOrder`: nothing is left to be found by the next one. */
  release(inOrder: boolean): Promise<void>;
}

/** Who has a folder. */
interface Holder {
  readonly pid: number;
  /** The machine, or the container, in which the number means something. */
  readonly host: string;
}

/**
 * Takes a folder for this process: names it in a file of LMDB, and reads in that file as long as it has the folder. LMDB lists who reads,
 * by locks of the kernel that end with a process however it ends, and that hold across containers; so a lock that was left stops nobody.
 *
 * @throws what `refuse` makes of it, when a running process has the folder
 */
export function lockFolder(folder: string, refuse: (problem: string) => EcrError): FolderLock {
  const file = openLmdb(join(folder, "lock.mdb"));
  // One process at a time is in here.
  const { other, before, reading } = file.transactionSync(() => {
    file.readerCheck();
    const before = file.get("holder") as Holder | undefined;
    if (before !== undefined && readersOf(file).includes(before.pid)) return { other: before };
    file.put("holder", { pid: process.pid, host: hostname() } satisfies Holder);
    return { before, reading: file.useReadTransaction() };
  });
  if (other !== undefined) {
    file.close();
    throw refuse(heldBy(other));
  }
  return {
    wasLeft: before !== undefined,
    async release(inOrder) {
      reading.done();
      if (inOrder) forgetHolder(file);
      await file.close();
    },
  };
}

function forgetHolder(file: RootDatabase<unknown, string>): void {
  try {
    file.transactionSync(() => {
      file.remove("holder");
    });
  } catch {
    // A full disk: then the next one looks for what was left, and finds nothing.
  }
}

function heldBy({ pid, host }: Holder): string {
  if (host !== hostname()) return `is open in the process ${pid} on ${host}: stop that one, or give another folder`;
  return pid === process.pid
    ? "is open in this process already: close that local ECR first"
    : `is open in the process ${pid}: stop that one, or give another folder`;
}

/** The processes that read in a file, from LMDB's list of them: a line each, which begins with the number. */
const readersOf = (file: RootDatabase): readonly number[] =>
  Array.from(file.readerList().matchAll(/^\s*(\d+)\s/gm), ([, pid]) => Number(pid));
