import { randomUUID } from "node:crypto";
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { EcrError } from "../../errors.js";

/** A folder that belongs to this process. */
export interface FolderLock {
  release(): void;
}

/** Who has a folder. */
interface Holder {
  readonly pid: number;
  /** When the process began, in the kernel's ticks, where it can be told: a number of a process is given again. */
  readonly startedAt: string | undefined;
}

/**
 * Takes a folder for this process, by a file that names it. One that a killed process has left is taken over.
 * @throws what `refuse` makes of it, when a running process has the folder
 */
export function lockFolder(folder: string, refuse: (problem: string) => EcrError): FolderLock {
  const file = join(folder, "lock");
  const draft = join(folder, `lock.${randomUUID()}`);
  writeFileSync(draft, JSON.stringify({ pid: process.pid, startedAt: statOf(process.pid)[1] }), { mode: 0o600 });
  try {
    while (!take(draft, file)) {
      const holder = holderOf(file);
      if (holder !== undefined && isRunning(holder))
        throw refuse(
          holder.pid === process.pid
            ? "is open in this process already: close that local ECR first"
            : `is open in the process ${holder.pid}: stop that one, or give another folder`,
        );
      clear(file, holder);
    }
  } finally {
    rmSync(draft, { force: true });
  }
  return { release: () => rmSync(file, { force: true }) };
}

/** A link is made whole or not at all, and only where there is none of the name. */
function take(draft: string, file: string): boolean {
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/** Takes a left lock away, unless it is another one by now: who has just taken the folder keeps it. */
function clear(file: string, left: Holder | undefined): void {
  const aside = `${file}.${randomUUID()}`;
  try {
    renameSync(file, aside);
  } catch {
    return;
  }
  const found = holderOf(aside);
  if (found?.pid !== left?.pid || found?.startedAt !== left?.startedAt) take(aside, file);
  rmSync(aside, { force: true });
}

function holderOf(file: string): Holder | undefined {
  try {
    const { pid, startedAt }: Partial<Holder> = JSON.parse(readFileSync(file, "utf8"));
    return typeof pid === "number" ? { pid, startedAt } : undefined;
  } catch {
    return undefined;
  }
}

function isRunning({ pid, startedAt }: Holder): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
  }
  const [state, started] = statOf(pid);
  // One that was killed and that nobody has asked after yet.
  if (state === "Z") return false;
  return started === undefined || startedAt === undefined || started === startedAt;
}

/** A process's state and the moment at which it began, on Linux. The name in the second field may hold blanks and brackets. documented: proc(5), stat. */
function statOf(pid: number): readonly [state: string | undefined, startedAt: string | undefined] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return [fields[0], fields[19]];
  } catch {
    return [undefined, undefined];
  }
}
