import { isRegion } from "../image/partition.js";
import { formatRegistryHost } from "../image/registry-host.js";
import { type Accounts, NO_ACCOUNTS } from "../policy/accounts.js";
import { decodeStrict, encode } from "../protocol/codec.js";
import { type OperationName, operations } from "../protocol/operations.js";
import { ServiceError } from "../protocol/service-error.js";
import { invalidInputCode, validate } from "../protocol/validate.js";
import { systemTime, type Time, type VirtualTime, virtualTime } from "../time.js";
import { requireOperationAccess } from "./access.js";
import type { BlobStore } from "./blobs.js";
import { spoolBlobs } from "./blobs-spool.js";
import { removeOrphans } from "./collect-layers.js";
import { createControl } from "./control/control.js";
import { credentialOf } from "./identity/sessions.js";
import { runDue } from "./jobs.js";
import { runScope } from "./lifecycle/run.js";
import { createDataPlane } from "./oci/data-plane.js";
import { implementations } from "./operations/implementations.js";
import type { Operation } from "./operations/operation.js";
import { pageTokens } from "./paging.js";
import { readAliases } from "./public/aliases.js";
import { requireHomeRegion } from "./public/home-region.js";
import { createPublicRegistries } from "./public/public-registries.js";
import { PUBLIC_REGION } from "./public-region.js";
import type { UpstreamSecret } from "./pull-through/secrets.js";
import type { UpstreamFetch } from "./pull-through/upstream.js";
import { openTables } from "./records.js";
import type { Blob, Caller, Registry } from "./registry.js";
import { putReport, reportedDigest } from "./scanning/put-report.js";
import { loadReport } from "./scanning/report.js";
import { resolveScanning, type ScanningOptions } from "./scanning/scanner.js";
import { readLayerPath, signLayerPath } from "./signed-layer.js";
import { createSigner } from "./signer.js";
import type { State } from "./state.js";
import type { Store } from "./store.js";
import { memoryStore } from "./store-memory.js";
import { runSts } from "./sts/run-sts.js";
import { createThrottle, type QuotaOptions, requireQuotas } from "./throttle.js";
import { readPassword } from "./token.js";
import { createTurns } from "./turns.js";
import { createUploads } from "./uploads.js";

/** Options of {@link createRegistry}. */
export interface RegistryOptions {
  /**
   * `open`: whoever is not in `accounts` may do everything in their own account, and elsewhere what is allowed there. `strict`: there is nobody
   * but who is in `accounts`.
   * @default "open"
   */
  readonly auth?: "open" | "strict" | undefined;
  /** Accounts with their users, roles and access keys. @default none */
  readonly accounts?: Accounts | undefined;
  /** AWS's rates and counts. @default none: as many and as fast as can be */
  readonly quotas?: QuotaOptions | undefined;
  /** @default the machine's own */
  readonly time?: Time | undefined;
  /** The clock by which the tokens of identity providers end, for they are made outside. @default the machine's own */
  readonly realTime?: Pick<Time, "now"> | undefined;
  /** Where state is kept. @default in memory */
  readonly store?: Store | undefined;
  /** Where layer bytes are kept. @default a private temporary folder that goes with the process */
  readonly blobs?: BlobStore | undefined;
  /** What tokens, sessions, pages and layer URLs are signed with: 32 secret bytes. @default new ones, so that none outlives the registry */
  readonly signerKey?: Uint8Array | undefined;
  /** Given when there may be bytes that no repository has, because a process ended in the middle: they are taken away meanwhile, and it is called then. @default there are none */
  readonly orphansGone?: (() => void) | undefined;
  /** `unchecked` lets PutImage take manifests whose layers were never uploaded, for tests of metadata alone. @default "checked" */
  readonly layers?: "checked" | "unchecked" | undefined;
  /**
   * `ecr` is odd where ECR is odd; `oci` is as the OCI distribution specification has it: mounts, empty layers, plain `last`.
   * @default "ecr"
   */
  readonly profile?: "ecr" | "oci" | undefined;
  /**
   * Milliseconds from one run of a registry's lifecycle policies to the next; the first comes this long after its first policy.
   * @default 24 hours: ECR acts within a day
   */
  readonly lifecycleIntervalMs?: number | undefined;
  /** Milliseconds from a push to the arrival of its copies. ECR needs up to half an hour. @default 5,000 */
  readonly replicationLagMs?: number | undefined;
  /** What scans find and how they go. @default made-up findings after two seconds */
  readonly scanning?: ScanningOptions | undefined;
  /**
   * Where pull-through cache rules find the registries outside: a URL such as `http://127.0.0.1:5000`, which may carry a login, by the host that
   * a rule names or by ECR's name for it, such as `docker-hub`. Needs `fetchUpstream`. Registries of this local ECR need no entry.
   * @default none: nothing goes out to the network
   */
  readonly upstreams?: Readonly<Record<string, string>> | undefined;
  /** Sends the requests to `upstreams`. */
  readonly fetchUpstream?: UpstreamFetch | undefined;
  /** The secrets that pull-through cache rules may name, by ARN. @default every ARN is taken for a secret, and no login is sent */
  readonly upstreamSecrets?: Readonly<Record<string, UpstreamSecret>> | undefined;
  /** The host, with its port, that a `repositoryUri` starts with. @default ECR's own, `{account}.dkr.ecr.{region}.amazonaws.com` */
  readonly registryHost?: ((account: string, region: string) => string) | undefined;
  /** Scheme and host of `proxyEndpoint` and of layer URLs. @default `https://` and the registry's host */
  readonly origin?: ((account: string, region: string) => string) | undefined;
  /** The host, with its port, that the `repositoryUri` of a public repository starts with. @default ECR Public's own, `public.ecr.aws` */
  readonly publicRegistryHost?: (() => string) | undefined;
  /** Scheme and host of the URLs of logos. @default `https://` and the public registry's host */
  readonly publicRegistryOrigin?: (() => string) | undefined;
  /**
   * Aliases of public registries, each with its account, as if they had been asked for in the console and granted; the first of an account is
   * its primary one. @default none: every registry has the default alias that comes with its first repository
   */
  readonly publicAliases?: Readonly<Record<string, string>> | undefined;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** A local ECR without sockets: every registry of every account and region, empty. Close it to free its layers. */
export function createRegistry(options: RegistryOptions = {}): Registry {
  const clock = virtualTime(options.time);
  const state = createState({ ...options, time: clock });
  const { signer, blobs, store } = state;
  const closing = new AbortController();
  const cleaning = options.orphansGone && clean(state, closing.signal, options.orphansGone);
  const time = movable(clock, state);
  let closed: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    closing.abort();
    await cleaning;
    await state.uploads.abortAll();
    await blobs.close();
    await store.close();
  };
  return {
    time,
    call: (operation, caller, input) => call(state, operation, caller, input),
    sts: (stsCall, caller) => runSts(state, stsCall, caller),
    credential: (accessKeyId, sessionToken) => credentialOf(state, accessKeyId, sessionToken),
    login: (username, password) =>
      username === "AWS" ? readPassword(signer, time.now(), password) : { ok: false, reason: "invalid" },
    signLayer: (digest) => signLayerPath(signer, time.now(), digest),
    signedLayer(url): Blob | undefined {
      const digest = readLayerPath(signer, time.now(), url);
      const sizeBytes = digest === undefined ? undefined : blobs.size(digest);
      if (digest === undefined || sizeBytes === undefined) return undefined;
      return { digest, sizeBytes, open: (range) => blobs.open(digest, range) };
    },
    async runLifecycle(where) {
      await runDue(state);
      return store.transaction(() => runScope(state, where));
    },
    async loadScanReport(report, digest) {
      const loaded = loadReport(report);
      const of = reportedDigest(loaded, digest);
      await runDue(state);
      return store.transaction(() => putReport(state, of, loaded.findings));
    },
    control: createControl(state, {
      advanceTo: (ms) => clock.advance(Math.max(0, ms - clock.now())),
      // Quotas are by the clock that runs: what is done as of another moment does not count.
      callAt: (ms) => (operation, caller, input) =>
        call({ ...state, throttle: undefined, time: { ...clock, now: () => ms } }, operation, caller, input),
    }),
    publicRegistries: createPublicRegistries(state),
    data: createDataPlane(state),
    close() {
      closed ??= close();
      return closed;
    },
  };
}

async function clean(state: State, signal: AbortSignal, done: () => void): Promise<void> {
  try {
    if (await removeOrphans(state, signal)) done();
  } catch {
    // What cannot be taken away now is looked for again by the next process.
  }
}

/** The registry's clock as others see it: whoever moves it finds all work done that is due by then. */
const movable = ({ now, sleep, random, advance }: VirtualTime, state: State): VirtualTime => ({
  now,
  sleep,
  random,
  async advance(duration) {
    await advance(duration);
    await runDue(state);
  },
});

function createState({
  time,
  realTime = systemTime,
  store = memoryStore(),
  blobs = spoolBlobs(),
  signerKey,
  layers = "checked",
  profile = "ecr",
  auth = "open",
  accounts = NO_ACCOUNTS,
  quotas,
  lifecycleIntervalMs = DAY_MS,
  replicationLagMs = 5_000,
  upstreams = {},
  fetchUpstream,
  upstreamSecrets,
  scanning,
  registryHost = (account, region) =>
    formatRegistryHost({ kind: "private", account, region, fips: false, dualStack: false }),
  origin = (account, region) => `https://${registryHost(account, region)}`,
  publicRegistryHost = () => formatRegistryHost({ kind: "public", dualStack: false }),
  publicRegistryOrigin = () => `https://${publicRegistryHost()}`,
  publicAliases = {},
}: RegistryOptions & { readonly time: Time }): State {
  // A shorter one would be a run in every few milliseconds of all the time that a clock is moved by.
  requireAtLeast("lifecycleIntervalMs", lifecycleIntervalMs, 1_000);
  requireAtLeast("replicationLagMs", replicationLagMs, 0);
  if (quotas) requireQuotas(quotas);
  requireUpstreams(upstreams, fetchUpstream);
  const signer = createSigner(signerKey);
  return {
    settings: {
      scanning: resolveScanning(scanning),
      ...{ layers, profile, auth, accounts, quotas, lifecycleIntervalMs, replicationLagMs },
      ...{ registryHost, origin, publicRegistryHost, publicRegistryOrigin },
      publicAliases: readAliases(publicAliases),
    },
    time,
    realTime,
    store,
    tables: openTables(store),
    blobs,
    arriving: new Map(),
    uploads: createUploads(blobs, time),
    signer,
    throttle: quotas && createThrottle(time, quotas),
    upstreams: {
      urls: new Map(Object.entries(upstreams)),
      fetch: fetchUpstream,
      secrets: upstreamSecrets && new Map(Object.entries(upstreamSecrets)),
      imports: createTurns(),
    },
    pages: pageTokens(signer),
  };
}

function requireAtLeast(option: string, value: number, least: number): void {
  if (!(Number.isFinite(value) && value >= least))
    throw new RangeError(`${option} must be a number from ${least} up, got ${value}`);
}

function requireUpstreams(upstreams: Readonly<Record<string, string>>, fetch: UpstreamFetch | undefined): void {
  for (const [name, url] of Object.entries(upstreams)) {
    if (!URL.canParse(url) || !/^https?:/.test(url))
      throw new RangeError(`upstreams: "${name}" must be a URL with http or https`);
    if (!fetch) throw new RangeError(`upstreams: "${name}" needs fetchUpstream, by which it is asked`);
  }
}

/** One operation: is it known, is its input well formed, is it valid; then its own rules. */
async function call(
  state: State,
  { service, name }: { readonly service: string; readonly name: string },
  caller: Caller,
  input: unknown,
): Promise<unknown> {
  const operationName = operationNamed(service, name);
  const implementation = operationName && (implementations[operationName] as Operation<OperationName> | undefined);
  // assumed text: AWS's for JSON services.
  if (!operationName || !implementation) throw new ServiceError("UnknownOperationException", "");
  // assumed: AWS's text for a credential whose scope names no region.
  if (!isRegion(caller.region))
    throw new ServiceError("InvalidSignatureException", "Credential should be scoped to a valid region.");
  if (service === "ecr-public") requireHomeRegion(name, caller);
  // Whatever region a call to ECR Public is signed for, it counts as its pushes and pulls on /v2 do.
  const throttledIn = service === "ecr-public" ? PUBLIC_REGION : caller.region;
  state.throttle?.take(`${service}:${name}`, caller.account, throttledIn);
  const description = operations[operationName];
  const request = decodeStrict(description.input, input);
  const violation = validate(description.input, request);
  if (violation) throw new ServiceError(invalidInputCode(description), violation.message);
  await runDue(state);
  requireOperationAccess(state, caller, { service, name }, request);
  return encode(description.output, await implementation(state, caller, request));
}

/** The name in our tables of an operation that is built, or undefined. */
function operationNamed(service: string, name: string): OperationName | undefined {
  const key = service === "ecr" ? name : `${service}:${name}`;
  if (!Object.hasOwn(implementations, key)) return undefined;
  const operationName = key as OperationName;
  return operations[operationName].service.id === service ? operationName : undefined;
}
