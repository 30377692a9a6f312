import { isEcrError } from "../errors.js";

/**
 * What a failure means for the next try: `throttle`, `unavailable`, `connection` and `timeout` may pass by themselves, `credential` after
 * a renewal, `terminal` never.
 */
export type FailureClass = "throttle" | "unavailable" | "connection" | "timeout" | "credential" | "terminal";

/** Codes of Node and undici for a connection that never stood or broke. */
const CONNECTION_CODES: ReadonlySet<string> = new Set([
  "ECONNRESET",
  "ECONNREFUSED",
  "ECONNABORTED",
  "EPIPE",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "EHOSTDOWN",
  "ENETUNREACH",
  "ENETDOWN",
  "ERR_STREAM_PREMATURE_CLOSE",
  "UND_ERR_SOCKET",
  "UND_ERR_CLOSED",
]);

const TIMEOUT_CODES: ReadonlySet<string> = new Set([
  "ETIMEDOUT",
  "ESOCKETTIMEDOUT",
  "UND_ERR_CONNECT_TIMEOUT",
  "UND_ERR_HEADERS_TIMEOUT",
  "UND_ERR_BODY_TIMEOUT",
]);

/** Whether, and after what, a failed call is worth another try. Takes an `EcrError` or whatever a transport rejected with. */
export function classify(error: unknown): FailureClass {
  if (!isEcrError(error)) return classifyTransportFailure(error);
  if (error.category !== "retryable") return error.category;
  switch (error.kind) {
    case "Throttled":
      return "throttle";
    case "Connection":
      return "connection";
    case "Timeout":
      return "timeout";
    default:
      return "unavailable";
  }
}

function classifyTransportFailure(error: unknown): FailureClass {
  if (!(error instanceof Error)) return "terminal";
  const code = "code" in error ? String(error.code) : "";
  if (error.name === "TimeoutError" || TIMEOUT_CODES.has(code)) return "timeout";
  return CONNECTION_CODES.has(code) ? "connection" : "terminal";
}

/** Whether a transport failed before anything was sent, so that the call cannot have been carried out. */
export function isUnsent(failure: unknown): boolean {
  if (!(failure instanceof Error) || !("code" in failure)) return false;
  const syscall = "syscall" in failure ? failure.syscall : undefined;
  return syscall === "connect" || syscall === "getaddrinfo" || UNSENT_CODES.has(String(failure.code));
}

const UNSENT_CODES: ReadonlySet<string> = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
]);
