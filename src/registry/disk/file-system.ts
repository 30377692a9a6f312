import { statSync } from "node:fs";
import { type FileHandle, mkdir, open, readdir, rename, unlink } from "node:fs/promises";

/** What the blobs on a disk need of it: a parameter, so that a test can write down the order, and end a process between any two. */
export interface FileSystem {
  /** A new file to write to. */
  create(path: string): Promise<FileHandle>;
  /** Makes the bytes of a file durable. */
  syncFile(file: FileHandle): Promise<void>;
  /** Makes the names in a folder durable. */
  syncFolder(path: string): Promise<void>;
  /** Puts a file in the place of whatever has the name. */
  rename(from: string, to: string): Promise<void>;
  /** Makes a folder where there is none. */
  makeFolder(path: string): Promise<void>;
  remove(path: string): Promise<void>;
  /** The names in a folder; none when there is no folder. */
  list(path: string): Promise<readonly string[]>;
  /** The size of a file, in bytes, or undefined when there is none. */
  size(path: string): number | undefined;
}

export const realFileSystem: FileSystem = {
  create: (path) => open(path, "wx", 0o600),
  syncFile: (file) => file.sync(),
  async syncFolder(path) {
    // Windows cannot open a folder, and needs no telling.
    if (process.platform === "win32") return;
    const folder = await open(path, "r");
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  },
  rename,
  async makeFolder(path) {
    await mkdir(path, { recursive: true, mode: 0o700 });
  },
  async remove(path) {
    await unlink(path).catch(ignoreAbsence);
  },
  list: (path) => readdir(path).catch((error) => ignoreAbsence(error) ?? []),
  size: (path) => statSync(path, { throwIfNoEntry: false })?.size,
};

function ignoreAbsence(error: NodeJS.ErrnoException): undefined {
  if (error.code !== "ENOENT") throw error;
  return undefined;
}
