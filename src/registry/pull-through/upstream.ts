import type { Referrer, StoredManifest, Target } from "../registry.js";

/** What an upstream registry answers to a GET. */
export interface UpstreamResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: AsyncIterable<Uint8Array>;
}

/**
 * Sends a GET to a registry outside: given by whoever has sockets. Follows redirects, to another origin without `authorization`; rejects
 * when no answer comes.
 */
export type UpstreamFetch = (request: {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}) => Promise<UpstreamResponse>;

/** Why an upstream does not give what it was asked for. */
export type UpstreamProblem = "not-found" | "access-denied" | "too-many-requests" | "unavailable" | "unreachable";

/** An upstream does not give what it was asked for; never leaves the pull-through cache. */
export class UpstreamError extends Error {
  override readonly name = "UpstreamError";
  readonly problem: UpstreamProblem;

  constructor(problem: UpstreamProblem, message: string, options?: ErrorOptions) {
    super(message, options);
    this.problem = problem;
  }
}

/** A registry that images are cached from, by the names that repositories have there. Every method rejects with an {@link UpstreamError}. */
export interface Upstream {
  /** By tag or digest. */
  manifest(repositoryName: string, reference: string): Promise<StoredManifest>;
  /** Takes a blob, whose digest is verified, into a repository here. */
  copyBlob(repositoryName: string, digest: string, target: Target): Promise<void>;
  referrers(repositoryName: string, digest: string): Promise<readonly Referrer[]>;
  /** Resolves when the upstream takes the login. */
  check(): Promise<void>;
}
