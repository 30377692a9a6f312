import { open } from "node:fs/promises";
import { OutsideError } from "./exit-code.js";

/** A file that text is added to. */
export interface LogFile {
  /** `done` is called when the text is in the file, or when it could not be put there. */
  write(text: string, done?: () => void): void;
  close(): Promise<void>;
}

/**
 * Opens a file to add to, which is made when it is not there. What cannot be written, on a disk that is full, is lost; `say` is told so when
 * it begins, and the next text is tried all the same.
 *
 * @throws {OutsideError} when it cannot be opened
 */
export async function openLogFile(path: string, say: (problem: string) => void): Promise<LogFile> {
  const file = await open(path, "a", 0o640).catch((cause) => {
    throw new OutsideError(`cannot write to ${path}: ${cause.message}`, { cause });
  });
  let isFailing = false;
  const add = async (text: string): Promise<void> => {
    try {
      await file.appendFile(text);
      isFailing = false;
    } catch (error) {
      if (!isFailing) say(`cannot write to ${path}: ${error instanceof Error ? error.message : String(error)}`);
      isFailing = true;
    }
  };
  return {
    write: (text, done) => void add(text).then(done),
    close: () => file.close(),
  };
}
