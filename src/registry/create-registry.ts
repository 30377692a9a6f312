import { isRegion } from "../image/partition.js";
import { formatRegistryHost } from "../image/registry-host.js";
import { decodeStrict, encode } from "../protocol/codec.js";
import { type OperationName, operations } from "../protocol/operations.js";
import { ServiceError } from "../protocol/service-error.js";
import { invalidInputCode, validate } from "../protocol/validate.js";
import { systemTime, type Time } from "../time.js";
import type { BlobStore } from "./blobs.js";
import { spoolBlobs } from "./blobs-spool.js";
import { createDataPlane } from "./oci/data-plane.js";
import { implementations } from "./operations/implementations.js";
import type { Operation } from "./operations/operation.js";
import { pageTokens } from "./paging.js";
import { openTables } from "./records.js";
import type { Blob, Caller, Registry } from "./registry.js";
import { readLayerPath, signLayerPath } from "./signed-layer.js";
import { createSigner } from "./signer.js";
import type { State } from "./state.js";
import type { Store } from "./store.js";
import { memoryStore } from "./store-memory.js";
import { readPassword } from "./token.js";
import { createUploads } from "./uploads.js";

/** Options of {@link createRegistry}. */
export interface RegistryOptions {
  /** @default the machine's own */
  readonly time?: Time | undefined;
  /** Where state is kept. @default in memory */
  readonly store?: Store | undefined;
  /** Where layer bytes are kept. @default a private temporary folder that goes with the process */
  readonly blobs?: BlobStore | undefined;
  /** `unchecked` lets PutImage take manifests whose layers were never uploaded, for tests of metadata alone. @default "checked" */
  readonly layers?: "checked" | "unchecked" | undefined;
  /**
   * `ecr` is odd where ECR is odd; `oci` is as the OCI distribution specification has it: mounts, empty layers, plain `last`.
   * @default "ecr"
   */
  readonly profile?: "ecr" | "oci" | undefined;
  /** The host, with its port, that a `repositoryUri` starts with. @default ECR's own, `{account}.dkr.ecr.{region}.amazonaws.com` */
  readonly registryHost?: ((account: string, region: string) => string) | undefined;
  /** Scheme and host of `proxyEndpoint` and of layer URLs. @default `https://` and the registry's host */
  readonly origin?: ((account: string, region: string) => string) | undefined;
}

/** A local ECR without sockets: every registry of every account and region, empty. Close it to free its layers. */
export function createRegistry(options: RegistryOptions = {}): Registry {
  const state = createState(options);
  const { time, signer, blobs, store } = state;
  return {
    time,
    call: (operation, caller, input) => call(state, operation, caller, input),
    login: (username, password) =>
      username === "AWS" ? readPassword(signer, time.now(), password) : { ok: false, reason: "invalid" },
    signLayer: (digest) => signLayerPath(signer, time.now(), digest),
    signedLayer(url): Blob | undefined {
      const digest = readLayerPath(signer, time.now(), url);
      const sizeBytes = digest === undefined ? undefined : blobs.size(digest);
      if (digest === undefined || sizeBytes === undefined) return undefined;
      return { digest, sizeBytes, open: (range) => blobs.open(digest, range) };
    },
    data: createDataPlane(state),
    async close() {
      await state.uploads.abortAll();
      await blobs.close();
      await store.close();
    },
  };
}

function createState({
  time = systemTime,
  store = memoryStore(),
  blobs = spoolBlobs(),
  layers = "checked",
  profile = "ecr",
  registryHost = (account, region) =>
    formatRegistryHost({ kind: "private", account, region, fips: false, dualStack: false }),
  origin = (account, region) => `https://${registryHost(account, region)}`,
}: RegistryOptions): State {
  const signer = createSigner();
  return {
    settings: { layers, profile, registryHost, origin },
    time,
    store,
    tables: openTables(store),
    blobs,
    arriving: new Map(),
    uploads: createUploads(blobs, time),
    signer,
    pages: pageTokens(signer),
  };
}

/** One operation: is it known, is its input well formed, is it valid; then its own rules. */
async function call(
  state: State,
  { service, name }: { readonly service: string; readonly name: string },
  caller: Caller,
  input: unknown,
): Promise<unknown> {
  const operationName = service === "ecr" && Object.hasOwn(implementations, name) ? (name as OperationName) : undefined;
  const implementation = operationName && (implementations[operationName] as Operation<OperationName> | undefined);
  // assumed text: AWS's for JSON services.
  if (!operationName || !implementation) throw new ServiceError("UnknownOperationException", "");
  // assumed: AWS's text for a credential whose scope names no region.
  if (!isRegion(caller.region))
    throw new ServiceError("InvalidSignatureException", "Credential should be scoped to a valid region.");
  const description = operations[operationName];
  const request = decodeStrict(description.input, input);
  const violation = validate(description.input, request);
  if (violation) throw new ServiceError(invalidInputCode(description), violation.message);
  return encode(description.output, await implementation(state, caller, request));
}
