/** One answer as it stood on the wire. */
export interface Answer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Buffer;
}

/** The answers in a run of bytes, and what is wrong with them as HTTP, if anything. */
export interface Answers {
  readonly answers: readonly Answer[];
  /** Bytes after the last whole answer: those of one that was cut off. */
  readonly rest: Buffer;
  readonly problem?: string;
}

const HEAD_END = Buffer.from("\r\n\r\n");
const STATUS_LINE = /^HTTP\/1\.1 (\d{3}) [\t\x20-\x7e\x80-\xff]*$/;
const HEADER = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+): ?([\t\x20-\x7e\x80-\xff]*)$/;

/** Reads answers to requests with these methods as strictly as RFC 9112 puts it: nothing is forgiven. */
export function parseAnswers(bytes: Buffer, methods: readonly string[]): Answers {
  const answers: Answer[] = [];
  let rest = bytes;
  try {
    while (rest.length > 0) {
      const found = parseAnswer(rest, methods[answers.length]);
      if (found === undefined) break;
      if (found.answer.status >= 200) answers.push(found.answer);
      rest = found.rest;
    }
    return { answers, rest };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return { answers, rest, problem: error.message };
  }
}

/** Undefined when the answer is not whole yet. @throws {SyntaxError} when it is no HTTP */
function parseAnswer(bytes: Buffer, method: string | undefined): { answer: Answer; rest: Buffer } | undefined {
  const end = bytes.indexOf(HEAD_END);
  if (end === -1) {
    if (!/^HTTP\/1\.1 \d{3} /.test(bytes.toString("latin1", 0, 13).padEnd(13)) && bytes.length >= 13)
      throw new SyntaxError(`no status line: ${shown(bytes)}`);
    return undefined;
  }
  const [statusLine = "", ...lines] = bytes.toString("latin1", 0, end).split("\r\n");
  const [, digits] = STATUS_LINE.exec(statusLine) ?? [];
  if (digits === undefined) throw new SyntaxError(`no status line: ${shown(bytes)}`);
  const status = Number(digits);
  const headers = new Map<string, string>();
  for (const line of lines) {
    const [, name, value = ""] = HEADER.exec(line) ?? [];
    if (name === undefined) throw new SyntaxError(`no header: ${JSON.stringify(line)}`);
    const key = name.toLowerCase();
    if (headers.has(key)) throw new SyntaxError(`the header ${key} comes twice`);
    headers.set(key, value);
  }
  const after = bytes.subarray(end + HEAD_END.length);
  const whole = bodyOf(after, status, headers, method);
  return whole && { answer: { status, headers, body: whole.body }, rest: whole.rest };
}

type Body = { readonly body: Buffer; readonly rest: Buffer };

function bodyOf(
  bytes: Buffer,
  status: number,
  headers: ReadonlyMap<string, string>,
  method: string | undefined,
): Body | undefined {
  const length = headers.get("content-length");
  const encoding = headers.get("transfer-encoding");
  if (length !== undefined && encoding !== undefined) throw new SyntaxError("a length and an encoding at once");
  const bare = status < 200 || status === 204 || status === 304;
  if (bare && status !== 304 && length !== undefined) throw new SyntaxError(`a ${status} with a content-length`);
  if (bare || method === "HEAD") return { body: Buffer.alloc(0), rest: bytes };
  if (encoding !== undefined) return chunked(bytes);
  if (length === undefined) {
    // Until the end of the connection; Node's own refusals, such as 400, are like that.
    if (headers.get("connection") !== "close") throw new SyntaxError(`a ${status} that nothing ends`);
    return { body: bytes, rest: Buffer.alloc(0) };
  }
  if (!/^\d+$/.test(length)) throw new SyntaxError(`the content-length ${JSON.stringify(length)}`);
  const size = Number(length);
  return bytes.length < size ? undefined : { body: bytes.subarray(0, size), rest: bytes.subarray(size) };
}

function chunked(bytes: Buffer): Body | undefined {
  const parts: Buffer[] = [];
  for (let at = 0; ; ) {
    const line = bytes.indexOf("\r\n", at);
    if (line === -1) return undefined;
    const digits = bytes.toString("latin1", at, line);
    if (!/^[0-9a-f]+$/i.test(digits)) throw new SyntaxError(`the chunk size ${JSON.stringify(digits)}`);
    const size = Number.parseInt(digits, 16);
    const start = line + 2;
    const end = start + size;
    if (bytes.length < end + 2) return undefined;
    if (bytes.toString("latin1", end, end + 2) !== "\r\n") throw new SyntaxError("a chunk that does not end");
    if (size === 0) return { body: Buffer.concat(parts), rest: bytes.subarray(end + 2) };
    parts.push(bytes.subarray(start, end));
    at = end + 2;
  }
}

const shown = (bytes: Buffer): string => JSON.stringify(bytes.toString("latin1", 0, 60));
