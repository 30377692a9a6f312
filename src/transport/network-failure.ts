/** What an end that talks to the network adds to an error that ended a request on its socket. Its `code`, such as `ECONNRESET`, is as Node's own. */
export interface NetworkFailure extends Error {
  readonly code?: string;
  /** Whether the request went out on a socket that had served others before. */
  readonly reusedSocket: boolean;
  /** Whether any byte of the answer had come. */
  readonly answerStarted: boolean;
}

/** Whether a request was lost because the server had closed the idle socket that it went out on. */
export function isLostOnIdleSocket(error: unknown): boolean {
  const { code, reusedSocket, answerStarted } = error as Partial<NetworkFailure>;
  return reusedSocket === true && answerStarted === false && (code === "ECONNRESET" || code === "EPIPE");
}
