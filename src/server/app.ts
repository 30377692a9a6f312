import { Readable } from "node:stream";
import type { Registry } from "../registry/registry.js";
import { LAYER_PATH_PREFIX } from "../registry/signed-layer.js";
import type { HttpRequest, HttpResponse, Transport } from "../transport/transport.js";
import { notFound } from "./answer.js";
import { answerAwsJson } from "./control-plane.js";
import type { OnFault } from "./failure.js";
import { ADMIN_PREFIX, answerAdmin } from "./health.js";
import { withLowerCaseHeaders } from "./request.js";
import { answerSignedLayer } from "./signed-layer.js";
import { answerSts, isStsRequest } from "./sts.js";
import { answerDataPlane } from "./v2/data-plane.js";
import { type Profile, QUIRKS } from "./v2/quirks.js";

/** Options of {@link createApp}. */
export interface AppOptions {
  /** The account of access keys that are not 12 digits. @default "000000000000" */
  readonly account?: string | undefined;
  /** `ecr` is odd where ECR is odd, `oci` follows the OCI distribution specification. @default "ecr" */
  readonly profile?: Profile | undefined;
  /** Is told of faults of the local ECR itself, of which a client only sees a `ServerException`. @default a warning of the process */
  readonly onFault?: OnFault | undefined;
}

/**
 * The local ECR as a transport: whatever request ECR, ECR Public, STS or a registry host would be sent, under any host name, it answers.
 * In-process this is all there is; `listen` puts the same object on a socket.
 */
export function createApp(
  registry: Registry,
  { account = "000000000000", profile = "ecr", onFault = warn }: AppOptions = {},
): Transport {
  const settings = { account, quirks: QUIRKS[profile], onFault, startedMs: registry.time.now() };

  const route = (request: HttpRequest): Promise<HttpResponse> | HttpResponse => {
    const { path, method } = request;
    if (path.startsWith("/v2/") || path === "/v2") return answerDataPlane(registry, request, settings);
    if (path.startsWith(LAYER_PATH_PREFIX)) return answerSignedLayer(registry, request);
    if (path.startsWith(ADMIN_PREFIX)) return answerAdmin(registry, request, settings.startedMs);
    if (path !== "/" || method !== "POST") return notFound(request);
    return isStsRequest(request) ? answerSts(request, settings) : answerAwsJson(registry, request, settings);
  };
  const answer = async (request: HttpRequest): Promise<HttpResponse> => {
    const response = await route(withLowerCaseHeaders(request));
    return request.method === "HEAD" ? { ...response, body: undefined } : response;
  };

  return {
    async handle(request, { abortSignal } = {}) {
      if (abortSignal === undefined) return { response: await answer(request) };
      return { response: await untilAborted(() => answer(request), abortSignal) };
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
