import { randomUUID } from "node:crypto";
import { parseStsRequest, renderStsError, renderStsOutput, type StsCall } from "../protocol/sts.js";
import { type StsOperation, stsOperations } from "../protocol/sts-operations.js";
import type { Caller, Registry } from "../registry/registry.js";
import type { HttpRequest, HttpResponse } from "../transport/transport.js";
import { authenticate } from "./caller.js";
import { asHttp, readCall } from "./control-plane.js";
import { serviceErrorOf } from "./failure.js";
import { queryValue } from "./request.js";
import type { ServerSettings } from "./settings.js";

/** Whether a request speaks the query protocol, which of the services here only STS does: as a form, or as the query of a presigned URL. */
export const isStsRequest = ({ method, headers, query }: HttpRequest): boolean =>
  method === "GET"
    ? query?.["Action"] !== undefined
    : headers["x-amz-target"] === undefined &&
      (headers["content-type"]?.startsWith("application/x-www-form-urlencoded") ?? false);

/** Answers one call to STS. */
export async function answerSts(
  registry: Registry,
  request: HttpRequest,
  settings: ServerSettings,
): Promise<HttpResponse> {
  const requestId = randomUUID();
  try {
    const body = await readCall(request);
    const call = parseStsRequest(request.method === "GET" ? formOf(request) : body.toString());
    const output = registry.sts(call, callerOf(registry, request, { body, call, settings }));
    return asHttp(renderStsOutput(stsOperations[call.name] as StsOperation<unknown, unknown>, output, requestId));
  } catch (error) {
    return asHttp(renderStsError(serviceErrorOf(error, request, settings.onFault), requestId));
  }
}

/** Nobody for AssumeRoleWithWebIdentity, which is not signed: the token is what counts. */
function callerOf(
  registry: Registry,
  request: HttpRequest,
  { body, call, settings }: { readonly body: Uint8Array; readonly call: StsCall; readonly settings: ServerSettings },
): Caller | undefined {
  if (call.name === "AssumeRoleWithWebIdentity") return undefined;
  const authentication = authenticate(registry, { request, body, service: "sts" }, settings);
  if (!authentication.ok) throw authentication.error;
  return authentication.caller;
}

const formOf = (request: HttpRequest): string =>
  new URLSearchParams(
    Object.keys(request.query ?? {}).map((name): [string, string] => [name, queryValue(request, name) ?? ""]),
  ).toString();
