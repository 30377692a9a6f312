import type { Transport } from "../transport/transport.js";

/** Where text goes: a stream of the process in earnest, a string in a test. */
interface Sink {
  /** `done` is called once the text is out, where somebody waits for that. */
  write(text: string, done?: () => void): unknown;
  /** Whether a person reads it. */
  readonly isTTY?: boolean | undefined;
  /** The width of the window, in characters. */
  readonly columns?: number | undefined;
}

/** All that the command line touches outside itself. */
export interface Terminal {
  readonly stdout: Sink;
  readonly stderr: Sink;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Ends what is running; its reason is the name of the process signal. */
  readonly signal: AbortSignal;
  /** Aborts when that is taking too long for whoever asked for it: at a second process signal. @default never */
  readonly cutOff?: AbortSignal | undefined;
  /** Answers the requests to AWS. @default the network */
  readonly transport?: Transport | undefined;
}

/** Text that came from elsewhere, safe to show: control characters, which a terminal would obey, become `\xNN`. */
export const printable = (text: string): string =>
  text.replace(
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g,
    (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`,
  );
