import { randomUUID } from "node:crypto";
import { open, readFile, rename, rm, stat } from "node:fs/promises";
import type { Time } from "../time.js";
import { TURN_LIFE_MS, TURN_WAIT_MS } from "./store.js";

/** How often a caller looks whether the turn has been given back, in milliseconds. */
const LOOK_MS = 25;

/**
 * Runs `work` while no other process does so with the same file, which is there as long as somebody's turn lasts. What a process that
 * was killed has left is taken over at once, and what is older than half a minute in any case.
 */
export async function fileTurn<T>(file: string, time: Time, work: () => Promise<T>): Promise<T> {
  const untilMs = time.now() + TURN_WAIT_MS;
  const mine = `${process.pid} ${randomUUID()}`;
  let isMine = await take(file, mine);
  while (isMine === false && time.now() < untilMs) {
    if (await isLeft(file)) await clear(file);
    else await time.sleep(LOOK_MS);
    isMine = await take(file, mine);
  }
  try {
    return await work();
  } finally {
    // Not one that another process has taken over meanwhile.
    if (isMine && (await holderOf(file)) === mine) await rm(file, { force: true });
  }
}

/** Whether the turn is ours now; undefined where no file can be made, and so no turn be had. */
async function take(file: string, mine: string): Promise<boolean | undefined> {
  try {
    const handle = await open(file, "wx", 0o600);
    try {
      await handle.writeFile(mine);
    } finally {
      await handle.close();
    }
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EEXIST" ? false : undefined;
  }
}

const holderOf = (file: string): Promise<string | undefined> => readFile(file, "utf8").catch(() => undefined);

/** Whether the holder of a turn is no more. By the file system's clock, which is that of the machine. */
async function isLeft(file: string): Promise<boolean> {
  const found = await stat(file).catch(() => undefined);
  if (found === undefined) return false;
  if (Date.now() - found.mtimeMs > TURN_LIFE_MS) return true;
  const pid = Number(/^(\d+) /.exec((await holderOf(file)) ?? "")?.[1]);
  return Number.isInteger(pid) && !isRunning(pid);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}

/** Takes the file away, by a rename, of which one alone succeeds. When it hits the next holder's after all, two ask at once, and no more. */
async function clear(file: string): Promise<void> {
  const aside = `${file}.${randomUUID()}.draft`;
  try {
    await rename(file, aside);
    await rm(aside, { force: true });
  } catch {
    // Somebody else was faster.
  }
}
