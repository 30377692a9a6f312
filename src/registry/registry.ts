import type { Readable } from "node:stream";
import type { StsCall } from "../protocol/sts.js";
import type { Secret } from "../secret.js";
import type { VirtualTime } from "../time.js";
import type { ByteRange } from "./blobs.js";
import type { Control } from "./control/control.js";

/** Who calls, and where. */
export interface Caller {
  /** The principal's own, whose registry is meant unless a request names another. */
  readonly account: string;
  readonly region: string;
  /** The principal, such as `arn:aws:iam::000000000000:root`. */
  readonly arn: string;
  /** Set when it calls with temporary keys. */
  readonly session?: CallerSession | undefined;
}

/** What is known of a session beside the principal's ARN. Plain data: it travels in session tokens and logins. */
export interface CallerSession {
  /** A policy that limits it, as text. */
  readonly policy?: string | undefined;
  /** AWS's own policies that limit it. */
  readonly policyArns?: readonly string[] | undefined;
  readonly tags?: Readonly<Record<string, string>> | undefined;
  /** Keys of the tags that sessions assumed from it inherit. */
  readonly transitiveTagKeys?: readonly string[] | undefined;
  readonly sourceIdentity?: string | undefined;
  readonly mfa?: boolean | undefined;
}

/** An access key that is known here. */
export interface Credential {
  readonly secretAccessKey: Secret;
  /** Of temporary keys: what must come with them. */
  readonly sessionToken?: string | undefined;
  readonly expired: boolean;
  /** Its holder as it calls in a region. */
  caller(region: string): Caller;
}

/** The local ECR without sockets. Every method rejects with a `ServiceError` that says what AWS would say. */
export interface Registry {
  /** Runs with the clock that the registry was given and can be moved ahead of it, which does the work that is due by then. */
  readonly time: VirtualTime;
  /**
   * Runs one operation of the control plane: validation, then rules, then state.
   * Takes and gives the JSON values of the wire (epoch seconds, base64).
   */
  call(
    operation: { readonly service: string; readonly name: string },
    caller: Caller,
    input: unknown,
  ): Promise<unknown>;
  /** Runs one operation of STS. AssumeRoleWithWebIdentity has no caller. Takes and gives the members' values, times as dates. */
  sts(call: StsCall, caller: Caller | undefined): unknown;
  /** Who holds an access key: one of the accounts file, or a temporary one that was made here and comes with its token. */
  credential(accessKeyId: string, sessionToken: string | undefined): Credential | undefined;
  /** Who a `/v2` client is by its login: the user `AWS` and the password out of an authorization token. */
  login(username: string, password: string): LoginResult;
  /** The bytes behind a URL of GetDownloadUrlForLayer, or undefined when its signature is wrong or it has expired. */
  signedLayer(url: { readonly path: string; readonly query: Readonly<Record<string, string>> }): Blob | undefined;
  /** Path and query of a URL that `signedLayer` takes for an hour: what GetDownloadUrlForLayer answers, without its origin. */
  signLayer(digest: string): string;
  /**
   * Applies lifecycle policies now, whenever their next turn is: those of a registry, or that of one repository.
   * @throws ServiceError RepositoryNotFoundException | LifecyclePolicyNotFoundException
   */
  runLifecycle(where: LifecycleScope): Promise<readonly LifecycleRun[]>;
  /**
   * Gives a digest the findings of a report by Trivy or Grype (JSON, as text or parsed), in place of what the scanner finds: at once where
   * the image is under enhanced scanning, else from its next scan on. Resolves with the digest, which the report's own is unless one is given.
   * @throws {EcrError} InvalidParameter when it is no such report, or names no digest and none is given
   */
  loadScanReport(report: unknown, digest?: string): Promise<string>;
  readonly control: Control;
  readonly publicRegistries: PublicRegistries;
  readonly data: DataPlane;
  close(): Promise<void>;
}

/** A registry, or one repository of it. */
export type LifecycleScope = Omit<Target, "repositoryName"> & { readonly repositoryName?: string | undefined };

/** What a repository's lifecycle policy did, in the order in which it did it. */
export interface LifecycleRun {
  readonly repositoryName: string;
  readonly actions: readonly LifecycleRunAction[];
}

/** What a lifecycle rule did to an image, with the tags that the image had. */
export interface LifecycleRunAction {
  readonly digest: string;
  readonly tags: readonly string[];
  readonly rulePriority: number;
  readonly action: "expire" | "transition";
}

/** What sets ECR Public's data plane apart: repositories under aliases, and pulls by anyone. */
export interface PublicRegistries {
  /** What stands in the place of the region of its registries and of those who are logged in to it. */
  readonly region: string;
  /** Whoever is not logged in. */
  readonly anonymous: Caller;
  /** Whether a path `{alias}/{name}` begins with an alias that some registry has. */
  has(path: string): boolean;
  /** The repository that a path `{alias}/{name}` names. @throws ServiceError RepositoryNotFoundException when nobody has the alias */
  target(path: string): Target;
  /** A Bearer token for whoever is not logged in, good for pulls for 12 hours. */
  anonymousToken(): string;
  /** The picture in a repository's catalog data, a PNG. */
  logo(account: string, repositoryName: string): Uint8Array | undefined;
}

/** Who logged in. `registryId` is the account that the login was asked for: its registry is meant where a host does not tell, as on plain localhost. */
export type LoginResult =
  | { readonly ok: true; readonly caller: Caller; readonly registryId: string }
  | { readonly ok: false; readonly reason: "invalid" | "expired" };

/** A stored blob and a way to its bytes. */
export interface Blob {
  readonly digest: string;
  readonly sizeBytes: number;
  open(range?: ByteRange): Readable;
}

/** A stored manifest, byte for byte. */
export interface StoredManifest {
  readonly digest: string;
  readonly mediaType: string;
  readonly bytes: Uint8Array;
}

/** An upload in progress. */
export interface Upload {
  readonly uploadId: string;
  readonly sizeBytes: number;
}

/** What is to be appended to an upload; `firstByte`, when given, must be the number of bytes that the upload already has. */
export interface UploadChunk {
  readonly body: AsyncIterable<Uint8Array>;
  readonly firstByte?: number | undefined;
}

/** A page of a `/v2` listing; `last` is the opaque token of the next page. */
export interface DataPage {
  readonly items: readonly string[];
  readonly last?: string | undefined;
}

/** One entry of a referrers index. */
export interface Referrer {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly artifactType?: string | undefined;
  readonly annotations?: Readonly<Record<string, string>> | undefined;
}

/** Which repository of which registry a `/v2` request is about. */
export interface Target {
  readonly account: string;
  readonly region: string;
  readonly repositoryName: string;
}

/** What `/v2` does to the same state that the operations work on. The server turns codes into statuses. */
export interface DataPlane {
  catalog(caller: Caller, registry: Omit<Target, "repositoryName">, page: PageRequest): Promise<DataPage>;
  tags(caller: Caller, target: Target, page: PageRequest): Promise<DataPage>;
  /** By tag or digest. `accept` is what the client takes, for conversion rules; undefined takes all. Counts as a pull when `pull`. */
  manifest(caller: Caller, target: Target, reference: string, options: ManifestRequest): Promise<StoredManifest>;
  putManifest(
    caller: Caller,
    target: Target,
    reference: string,
    manifest: { readonly bytes: Uint8Array; readonly mediaType: string | undefined },
  ): Promise<{ readonly digest: string; readonly subject?: string | undefined }>;
  deleteManifest(caller: Caller, target: Target, reference: string): Promise<void>;
  referrers(caller: Caller, target: Target, digest: string, artifactType?: string): Promise<readonly Referrer[]>;
  /** Without `pull` it is only asked whether it is there, which needs another permission. @throws ServiceError LayersNotFoundException */
  blob(caller: Caller, target: Target, digest: string, options?: { readonly pull: boolean }): Promise<Blob>;
  /** Takes a blob that no image uses from the repository. @throws ServiceError LayersNotFoundException, StillReferenced when an image uses it */
  deleteBlob(caller: Caller, target: Target, digest: string): Promise<void>;
  startUpload(caller: Caller, target: Target): Promise<Upload>;
  upload(caller: Caller, target: Target, uploadId: string): Promise<Upload>;
  /** Appends a stream. `firstByte`, when given, must be the number of bytes that the upload already has. A failing stream leaves what was appended whole chunks. */
  append(
    caller: Caller,
    target: Target,
    uploadId: string,
    body: AsyncIterable<Uint8Array>,
    firstByte?: number,
  ): Promise<Upload>;
  /** Appends the last chunk, if there is one, verifies the digest and seals the upload, all in one. An upload that fails the check is gone. */
  completeUpload(caller: Caller, target: Target, uploadId: string, digest: string, last?: UploadChunk): Promise<void>;
  cancelUpload(caller: Caller, target: Target, uploadId: string): Promise<void>;
  /** Mounts a blob from another repository of the same registry, from any when none is named; where that cannot be, opens an upload, as one request. */
  mount(caller: Caller, target: Target, digest: string, from?: string): Promise<"mounted" | Upload>;
}

export interface PageRequest {
  readonly n?: number | undefined;
  readonly last?: string | undefined;
}

export interface ManifestRequest {
  readonly accept?: readonly string[] | undefined;
  readonly pull: boolean;
}
