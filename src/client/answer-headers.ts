type Headers = Readonly<Record<string, string>>;

/**
 * How long a failed answer asks to wait, in milliseconds: `x-amz-retry-after` is in milliseconds, `Retry-After` in seconds or a date.
 * documented: AWS SDKs' retry behaviour, RFC 9110 10.2.3.
 */
export function retryAfterMs(headers: Headers, nowMs: number): number | undefined {
  const exact = headers["x-amz-retry-after"];
  if (exact !== undefined && /^\d{1,15}$/.test(exact)) return Number(exact);
  const header = headers["retry-after"];
  if (header === undefined) return undefined;
  if (/^\d{1,15}(\.\d+)?$/.test(header)) return Number(header) * 1_000;
  const atMs = Date.parse(header);
  return Number.isNaN(atMs) ? undefined : Math.max(0, atMs - nowMs);
}

/** A clock is wrong when it differs by so much, in milliseconds: AWS refuses a signature that is older. documented: SigV4. */
const WRONG_BY_MS = 300_000;

/** How far a clock that says `nowMs` is behind the service's, in milliseconds; undefined when it is right, or the service says no time. */
export function clockOffsetMs(headers: Headers, nowMs: number): number | undefined {
  const serviceMs = Date.parse(headers["date"] ?? "");
  return Math.abs(serviceMs - nowMs) >= WRONG_BY_MS ? serviceMs - nowMs : undefined;
}
