/** How fast one operation may be called, by one account in one region: a token bucket. documented: ECR user guide, throttling. */
export interface Rate {
  /** Calls that the bucket gains in a second. */
  readonly perSecond: number;
  /** Calls that it holds when full: what may come at once. */
  readonly depth: number;
}

/** How many of a thing there may be. */
export interface CountQuotas {
  readonly repositories: number;
  readonly imagesPerRepository: number;
  readonly tagsPerImage: number;
}

/** AWS's defaults of one service. */
export interface Quotas {
  /** Calls in a second by operation. */
  readonly perSecond: Readonly<Record<string, number>>;
  readonly counts: CountQuotas;
}

/** documented: ECR service quotas. */
export const PRIVATE_QUOTAS: Quotas = {
  perSecond: {
    // Another page of the guide still says 20, with a bucket of 200.
    GetAuthorizationToken: 500,
    BatchCheckLayerAvailability: 1_000,
    InitiateLayerUpload: 100,
    UploadLayerPart: 500,
    CompleteLayerUpload: 100,
    PutImage: 10,
    BatchGetImage: 2_000,
    GetDownloadUrlForLayer: 3_000,
  },
  counts: { repositories: 100_000, imagesPerRepository: 100_000, tagsPerImage: 1_000 },
};

/** documented: ECR Public service quotas. */
export const PUBLIC_QUOTAS: Quotas = {
  perSecond: {
    BatchCheckLayerAvailability: 200,
    CompleteLayerUpload: 10,
    GetAuthorizationToken: 200,
    InitiateLayerUpload: 10,
    PutImage: 10,
    UploadLayerPart: 260,
    // Pulls of manifests: by an account, and by one that has not logged in.
    AuthenticatedPull: 10,
    AnonymousPull: 1,
  },
  counts: { repositories: 10_000, imagesPerRepository: 100_000, tagsPerImage: 1_000 },
};

/** Calls in a second of an operation that is not listed. assumed: AWS does not publish them. */
export const UNLISTED_PER_SECOND = 20;

/** Seconds of its rate that a bucket holds. assumed: AWS does not publish the depth. */
export const DEPTH_S = 1;
