/** What a caller should do about an error: try again, give up, or renew credentials first. */
export type EcrErrorCategory = "retryable" | "terminal" | "credential";

/** Each kind of failure with the category it has unless the error says otherwise. */
const CATEGORY_OF = {
  RepositoryNotFound: "terminal",
  RepositoryAlreadyExists: "terminal",
  RepositoryNotEmpty: "terminal",
  ImageNotFound: "terminal",
  ImageAlreadyExists: "terminal",
  ImageTagAlreadyExists: "terminal",
  ImageDigestMismatch: "terminal",
  ReferencedImagesNotFound: "terminal",
  LayersNotFound: "terminal",
  LayerAlreadyExists: "terminal",
  LayerInaccessible: "terminal",
  InvalidLayer: "terminal",
  InvalidLayerPart: "terminal",
  UploadNotFound: "terminal",
  LifecyclePolicyNotFound: "terminal",
  RepositoryPolicyNotFound: "terminal",
  RegistryPolicyNotFound: "terminal",
  ScanNotFound: "terminal",
  ScanFailed: "terminal",
  ScanTimeout: "terminal",
  ScanUnsupported: "terminal",
  FindingsUnavailable: "terminal",
  PlatformNotFound: "terminal",
  InvalidParameter: "terminal",
  /** A quota. The AWS SDK calls it throttling and retries it; waiting a second does not change a quota. */
  LimitExceeded: "terminal",
  TooManyTags: "terminal",
  UnknownOperation: "terminal",
  /** The service named an error that has no kind of its own here: see `service.code`. */
  Service: "terminal",
  /** What came back is not what the operation answers: not JSON, a wrong digest, a missing member. */
  InvalidResponse: "terminal",
  /** The caller's signal ended the call; `cause` is its reason. */
  Aborted: "terminal",
  TapeMiss: "terminal",
  /** Not sent: the region failed again and again, so calls wait until `retryAfterMs` is over. */
  CircuitOpen: "terminal",
  /** Not sent: the client only reads, and the operation writes. */
  ReadOnly: "terminal",
  AccessDenied: "credential",
  ExpiredToken: "credential",
  InvalidCredentials: "credential",
  /** Terminal or retryable by `kmsError`. */
  KmsError: "terminal",
  Throttled: "retryable",
  ServiceUnavailable: "retryable",
  Timeout: "retryable",
  /** No answer: refused, reset, name not found. */
  Connection: "retryable",
} as const;

/** What went wrong, in one word that never changes its meaning. */
export type EcrErrorKind = keyof typeof CATEGORY_OF;

/** What the service answered, untouched. */
export interface ServiceAnswer {
  /** The error's name on the wire, such as `RepositoryNotFoundException`. */
  readonly code: string;
  readonly message: string;
  /** The HTTP status that came with it. Never invented: without an answer there is no `ServiceAnswer`. */
  readonly status: number;
  /** Further members of the answer, such as `lastValidByteReceived` or `kmsError`. */
  readonly members: Readonly<Record<string, unknown>>;
}

/** What an {@link EcrError} is made of beside its message. */
export interface EcrErrorDetails {
  readonly kind: EcrErrorKind;
  /** Given only where it differs from the kind's own. */
  readonly category?: EcrErrorCategory | undefined;
  readonly operation?: string | undefined;
  readonly region?: string | undefined;
  readonly requestId?: string | undefined;
  readonly service?: ServiceAnswer | undefined;
  readonly attempts?: number | undefined;
  readonly retryAfterMs?: number | undefined;
  readonly ambiguous?: boolean | undefined;
  readonly cause?: unknown;
}

/** The one error of ecrkit: `kind` says what happened, `category` what to do, the rest where and how often it was tried. */
export class EcrError extends Error {
  override readonly name = "EcrError";
  readonly kind: EcrErrorKind;
  readonly category: EcrErrorCategory;
  /** The operation's AWS name, such as `DescribeImages`. */
  readonly operation: string | undefined;
  readonly region: string | undefined;
  /** `x-amzn-RequestId` of the last answer, for AWS Support. */
  readonly requestId: string | undefined;
  /** What the service answered; absent when no answer came. */
  readonly service: ServiceAnswer | undefined;
  /** Requests that were sent, the first included. */
  readonly attempts: number | undefined;
  /** How long the service, or an open circuit, asks to wait, in milliseconds. */
  readonly retryAfterMs: number | undefined;
  /** True when a write may have been carried out although its answer was lost. */
  readonly ambiguous: boolean;

  constructor(message: string, details: EcrErrorDetails) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.kind = details.kind;
    this.category = details.category ?? CATEGORY_OF[details.kind];
    this.operation = details.operation;
    this.region = details.region;
    this.requestId = details.requestId;
    this.service = details.service;
    this.attempts = details.attempts;
    this.retryAfterMs = details.retryAfterMs;
    this.ambiguous = details.ambiguous ?? false;
  }
}

/** Whether `error` is an {@link EcrError}, of `kind` if one is given; true across two installed copies of ecrkit, where `instanceof` is not. */
export function isEcrError(error: unknown, kind?: EcrErrorKind): error is EcrError {
  return (
    error instanceof Error &&
    error.name === "EcrError" &&
    "kind" in error &&
    "category" in error &&
    (kind === undefined || error.kind === kind)
  );
}
