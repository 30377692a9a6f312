import { isEcrError } from "../errors.js";
import { printable, type Terminal } from "./terminal.js";

/** What the process answers to its caller: by category, so that a script can decide without reading the text. */
const exitCodes = {
  ok: 0,
  /** A mistake in ecrkit itself, or something that it did not expect. */
  unexpected: 1,
  /** The command line is wrong: an unknown option, a malformed name. Nothing was sent. */
  usage: 2,
  terminal: 3,
  credential: 4,
  retryable: 5,
  /** 128 and the number of the signal, as shells have it. */
  SIGINT: 130,
  SIGTERM: 143,
} as const;

/** A command line that cannot be carried out; the message says what to write instead. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** Something outside ecrkit that failed: a port that is taken, a program that is not installed. */
export class OutsideError extends Error {
  override readonly name = "OutsideError";
}

/** Says on one line of stderr what went wrong and what to do, and gives the exit code that says it to a script. */
export function report(error: unknown, terminal: Terminal): number {
  const say = (text: string): unknown => terminal.stderr.write(`ecrkit: ${printable(text)}\n`);
  if (terminal.signal.aborted && isEnding(error, terminal.signal)) {
    say("stopped");
    return terminal.signal.reason === "SIGTERM" ? exitCodes.SIGTERM : exitCodes.SIGINT;
  }
  if (isEcrError(error)) {
    say(oneLine(error.message));
    const isUsage = error.kind === "InvalidParameter" && error.service === undefined;
    return isUsage ? exitCodes.usage : exitCodes[error.category];
  }
  if (error instanceof UsageError) {
    say(oneLine(error.message));
    return exitCodes.usage;
  }
  if (error instanceof OutsideError) {
    say(oneLine(error.message));
    return exitCodes.terminal;
  }
  say(`unexpected: ${error instanceof Error ? oneLine(`${error.name}: ${error.message}`) : String(error)}`);
  if (terminal.env["ECRKIT_DEBUG"] && error instanceof Error) terminal.stderr.write(`${printableLines(error.stack)}\n`);
  return exitCodes.unexpected;
}

const isEnding = (error: unknown, signal: AbortSignal): boolean =>
  error === signal.reason || isEcrError(error, "Aborted");

const oneLine = (text: string): string => text.trim().replace(/\s*\n\s*/g, " ");

const printableLines = (text = ""): string => text.split("\n").map(printable).join("\n");
