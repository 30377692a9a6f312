import { Readable } from "node:stream";
import { LOGO_PATH_PREFIX } from "../registry/public/catalog-data.js";
import type { Registry } from "../registry/registry.js";
import { LAYER_PATH_PREFIX } from "../registry/signed-layer.js";
import { systemTime, type Time } from "../time.js";
import { faults as createFaults, type Faults } from "../transport/fault.js";
import type { HttpRequest, HttpResponse, Transport } from "../transport/transport.js";
import { ADMIN_PREFIX, answerAdmin } from "./admin/admin.js";
import { answerMetrics, METRICS_PATH } from "./admin/metrics-route.js";
import { notFound } from "./answer.js";
import { answerAwsJson } from "./control-plane.js";
import type { OnFault } from "./failure.js";
import { answerLogo } from "./logo.js";
import { type ObserveOptions, observed } from "./observed.js";
import { createOperationLog, type OperationLogBook } from "./operation-log.js";
import { withLowerCaseHeaders } from "./request.js";
import { answerSignedLayer } from "./signed-layer.js";
import { answerSts, isStsRequest } from "./sts.js";
import { answerDataPlane } from "./v2/data-plane.js";
import { answerToken } from "./v2/public-registry.js";
import { type Profile, QUIRKS } from "./v2/quirks.js";

/** Options of {@link createApp}. */
export interface AppOptions {
  /** The account of access keys that are not 12 digits. @default "000000000000" */
  readonly account?: string | undefined;
  /** `strict` verifies every signature against the registry's accounts. @default "open" */
  readonly auth?: "open" | "strict" | undefined;
  /** The clock that clients sign by, which need not be the registry's. @default the machine's own */
  readonly realTime?: Pick<Time, "now"> | undefined;
  /** `ecr` is odd where ECR is odd, `oci` follows the OCI distribution specification. @default "ecr" */
  readonly profile?: Profile | undefined;
  /** Is told of faults of the local ECR itself, of which a client only sees a `ServerException`. @default a warning of the process */
  readonly onFault?: OnFault | undefined;
  /** The host that `/_ecrkit/` answers under besides addresses and `localhost`, with `{account}`, `{region}` and `{port}`. @default none */
  readonly publicHost?: string | undefined;
  /** What goes wrong on purpose. @default nothing, until `/_ecrkit/faults` is told */
  readonly faults?: Faults | undefined;
  /** Where requests are written down. @default a log of its own */
  readonly log?: OperationLogBook | undefined;
  /** What `/metrics` answers, in Prometheus' text format. @default there is no `/metrics` */
  readonly metrics?: (() => string) | undefined;
}

/** A transport that also tells what it notes of a request. */
export interface App extends Transport {
  handle(request: HttpRequest, options?: ObserveOptions): Promise<{ readonly response: HttpResponse }>;
}

/**
 * The local ECR as a transport: whatever request ECR, ECR Public, STS or a registry host would be sent, under any host name, it answers.
 * In-process this is all there is; `listen` puts the same object on a socket.
 */
export function createApp(
  registry: Registry,
  {
    account = "000000000000",
    auth = "open",
    realTime = systemTime,
    profile = "ecr",
    onFault = warn,
    publicHost,
    faults = createFaults(undefined, { time: registry.time, isPublicPath: registry.publicRegistries.has }),
    log = createOperationLog(registry.time),
    metrics,
  }: AppOptions = {},
): App {
  const settings = { account, auth, realTime, quirks: QUIRKS[profile], onFault, startedMs: registry.time.now() };

  const route = (from: Registry, request: HttpRequest): Promise<HttpResponse> | HttpResponse => {
    const { path, method } = request;
    if (path.startsWith("/v2/") || path === "/v2") return answerDataPlane(from, request, settings);
    if (path === "/token/" || path === "/token") return answerToken(from, request);
    if (path.startsWith(LOGO_PATH_PREFIX)) return answerLogo(from, request);
    if (path.startsWith(LAYER_PATH_PREFIX)) return answerSignedLayer(from, request);
    if (path !== "/" || (method !== "POST" && method !== "GET")) return notFound(request);
    if (isStsRequest(request)) return answerSts(from, request, settings);
    return method === "POST" ? answerAwsJson(from, request, settings) : notFound(request);
  };
  const admin = { registry, faults, log, account, onFault, publicHost, startedMs: settings.startedMs };
  const observe = observed(registry, faults, log, route);
  /** Answers the local ECR's own routes. They are not observed: whoever turns faults off must not meet one. */
  const own = (request: HttpRequest): Promise<HttpResponse> | HttpResponse | undefined => {
    if (request.path.startsWith(ADMIN_PREFIX)) return answerAdmin(admin, request);
    if (metrics && request.path === METRICS_PATH) return answerMetrics(metrics, request);
    return undefined;
  };
  const answer = async (asked: HttpRequest, options: ObserveOptions): Promise<HttpResponse> => {
    const request = withLowerCaseHeaders(asked);
    const response = await (own(request) ?? observe(request, options));
    return request.method === "HEAD" ? { ...response, body: undefined } : response;
  };

  return {
    async handle(request, options = {}) {
      const { abortSignal } = options;
      if (abortSignal === undefined) return { response: await answer(request, options) };
      return { response: await untilAborted(() => answer(request, options), abortSignal) };
    },
  };
}

const warn: OnFault = (error) => process.emitWarning(error instanceof Error ? error : String(error));

/**
 * What `work` answers, or the signal's reason as soon as it aborts, which ends the answer's body as well, then and later. The work itself
 * ends with the request's body, or runs to its end.
 */
function untilAborted(work: () => Promise<HttpResponse>, signal: AbortSignal): Promise<HttpResponse> {
  if (signal.aborted) return Promise.reject(signal.reason);
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason);
    signal.addEventListener("abort", onAbort, { once: true });
    work()
      .then((response) => {
        if (response.body instanceof Readable) endWith(signal, response.body);
        resolve(response);
      }, reject)
      .finally(() => signal.removeEventListener("abort", onAbort));
  });
}

/** Ends a body when the signal aborts, or at once if it has: nobody else closes the file behind it. */
function endWith(signal: AbortSignal, body: Readable): void {
  const onAbort = (): void => {
    const { reason } = signal;
    body.destroy(reason instanceof Error ? reason : new Error("aborted", { cause: reason }));
  };
  // Whoever reads is told; when nobody does, it is nobody's unhandled error.
  body.on("error", () => undefined);
  if (signal.aborted) {
    onAbort();
    return;
  }
  signal.addEventListener("abort", onAbort, { once: true });
  body.once("close", () => signal.removeEventListener("abort", onAbort));
}
