import type { Readable } from "node:stream";
import type { Time } from "../time.js";
import type { ByteRange } from "./blobs.js";

/** Who calls, and where: account and region choose the registry unless a request names another account. */
export interface Caller {
  readonly account: string;
  readonly region: string;
  /** The principal, such as `arn:aws:iam::000000000000:root`. */
  readonly arn: string;
}

/** The local ECR without sockets. Every method rejects with a `ServiceError` that says what AWS would say. */
export interface Registry {
  readonly time: Time;
  /**
   * Runs one operation of the control plane: validation, then rules, then state.
   * Takes and gives the JSON values of the wire (epoch seconds, base64).
   */
  call(
    operation: { readonly service: string; readonly name: string },
    caller: Caller,
    input: unknown,
  ): Promise<unknown>;
  /** Who a `/v2` client is by its login: the user `AWS` and the password out of an authorization token. */
  login(username: string, password: string): LoginResult;
  /** The bytes behind a URL of GetDownloadUrlForLayer, or undefined when its signature is wrong or it has expired. */
  signedLayer(url: { readonly path: string; readonly query: Readonly<Record<string, string>> }): Blob | undefined;
  /** Path and query of a URL that `signedLayer` takes for an hour: what GetDownloadUrlForLayer answers, without its origin. */
  signLayer(digest: string): string;
  readonly data: DataPlane;
  close(): Promise<void>;
}

export type LoginResult =
  | { readonly ok: true; readonly caller: Caller }
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
  /** @throws ServiceError LayersNotFoundException */
  blob(caller: Caller, target: Target, digest: string): Promise<Blob>;
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
  /** Whether the blob could be mounted from another repository of the same registry. */
  mount(caller: Caller, target: Target, digest: string, from: string): Promise<boolean>;
}

export interface PageRequest {
  readonly n?: number | undefined;
  readonly last?: string | undefined;
}

export interface ManifestRequest {
  readonly accept?: readonly string[] | undefined;
  readonly pull: boolean;
}
