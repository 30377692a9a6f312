import { randomUUID } from "node:crypto";
import { parseTarget } from "../protocol/request.js";
import { type RenderedResponse, renderError, renderOutput } from "../protocol/response.js";
import { ServiceError } from "../protocol/service-error.js";
import type { Registry } from "../registry/registry.js";
import type { HttpRequest, HttpResponse } from "../transport/transport.js";
import { textAnswer } from "./answer.js";
import { readBody } from "./body.js";
import { authenticate } from "./caller.js";
import { serviceErrorOf } from "./failure.js";
import { parseJsonBody } from "./json-body.js";
import type { ServerSettings } from "./settings.js";

/** Largest body of a call, in bytes: that of UploadLayerPart, 20 MiB in base64, and room to spare (assumed). */
const MAX_BODY_BYTES = 32 * 1024 * 1024;

/** Answers one call in AWS JSON 1.1 to ECR or ECR Public. */
export async function answerAwsJson(
  registry: Registry,
  request: HttpRequest,
  settings: ServerSettings,
): Promise<HttpResponse> {
  const requestId = randomUUID();
  try {
    return asHttp(renderOutput(await call(registry, request, settings), requestId));
  } catch (error) {
    return asHttp(renderError(serviceErrorOf(error, request, settings.onFault), requestId));
  }
}

/** In AWS's order: size, JSON, target, signature; then the registry's types, rules and state. */
async function call(registry: Registry, request: HttpRequest, settings: ServerSettings): Promise<unknown> {
  const body = await readCall(request);
  const operation = parseTarget(request.headers["x-amz-target"] ?? "");
  // Before the JSON is read, which may overwrite the body; what comes of it is told in its turn.
  const authentication = operation && authenticate(registry, { request, body, service: operation.service }, settings);
  const input = parseJsonBody(body);
  // assumed: AWS answers a target of another service, and none, as it answers an unknown operation.
  if (operation === undefined || authentication === undefined) throw new ServiceError("UnknownOperationException", "");
  if (!authentication.ok) throw authentication.error;
  return registry.call(operation, authentication.caller, input);
}

/** The body of a call. @throws {ServiceError} RequestEntityTooLarge */
export async function readCall(request: HttpRequest): Promise<Buffer> {
  const bytes = await readBody(request, MAX_BODY_BYTES);
  if (bytes === undefined)
    throw new ServiceError("RequestEntityTooLarge", `The request's body is larger than ${MAX_BODY_BYTES} bytes`, {
      status: 413,
    });
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** A response of the protocol room on its way out. */
export const asHttp = ({ statusCode, headers, body }: RenderedResponse): HttpResponse =>
  textAnswer(statusCode, headers, body);
