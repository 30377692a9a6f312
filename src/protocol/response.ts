import { EcrError } from "../errors.js";
import { decode } from "./codec.js";
import type { OperationDescription } from "./operation.js";
import { JSON_CONTENT_TYPE } from "./request.js";
import { ServiceError } from "./service-error.js";

/** A response whose body has been read whole. Header names are in lower case. */
export interface WholeResponse {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

/** What came back from a service: a value, or the error it names. */
export type Answer<Output> =
  | { readonly ok: true; readonly value: Output; readonly requestId: string | undefined }
  | { readonly ok: false; readonly error: ServiceError; readonly requestId: string | undefined };

/**
 * Reads the answer to an operation. Any status from 300 up is an error: its code comes from `__type`, `code` or `x-amzn-ErrorType`, in
 * this order, or from the status when no readable body names one.
 *
 * @throws {EcrError} kind `InvalidResponse` when a success is not the JSON that the operation answers.
 */
export function parseResponse<I, O>(description: OperationDescription<I, O>, response: WholeResponse): Answer<O> {
  const requestId = requestIdOf(response.headers);
  if (response.statusCode >= 300) return { ok: false, error: parseError(response), requestId };
  try {
    return { ok: true, value: decode(description.output, parseJson(response.body)), requestId };
  } catch (cause) {
    throw new EcrError(
      `${description.name} was answered with status ${response.statusCode}, but not with its output: ${reasonOf(cause)}`,
      {
        kind: "InvalidResponse",
        operation: description.name,
        requestId,
        cause,
      },
    );
  }
}

/** AWS's id of the request that a response answers. */
export const requestIdOf = (headers: Readonly<Record<string, string>>): string | undefined =>
  headers["x-amzn-requestid"] ?? headers["x-amzn-request-id"] ?? headers["x-amz-request-id"];

function parseError({ statusCode, headers, body }: WholeResponse): ServiceError {
  const { __type, code, Code, message, Message, ...members } = readErrorBody(body);
  const named = [__type, code, Code, headers["x-amzn-errortype"]].find(
    (name) => typeof name === "string" && name !== "",
  );
  const text = [message, Message].find((one) => typeof one === "string");
  return new ServiceError(
    typeof named === "string" ? bareCode(named) : codeOfStatus(statusCode),
    typeof text === "string" ? text : "",
    { status: statusCode, members },
  );
}

/** What a status alone says, for answers of proxies and load balancers that name no error. assumed: names of AWS's common errors. */
export const codeOfStatus = (statusCode: number): string => CODE_OF_STATUS[statusCode] ?? "Unknown";

const CODE_OF_STATUS: Readonly<Record<number, string>> = {
  403: "AccessDeniedException",
  413: "RequestEntityTooLarge",
  429: "ThrottlingException",
  500: "InternalFailure",
  502: "BadGateway",
  503: "ServiceUnavailable",
  504: "GatewayTimeout",
};

/** `com.amazonaws.ecr#ServerException:http://…` names a `ServerException`. documented: AWS JSON 1.1. */
const bareCode = (name: string): string => name.replace(/^[^,:]*#/, "").replace(/[,:].*$/s, "");

function readErrorBody(body: string | Uint8Array): Readonly<Record<string, unknown>> {
  try {
    const json = parseJson(body);
    return typeof json === "object" && json !== null && !Array.isArray(json) ? { ...json } : {};
  } catch {
    return {};
  }
}

function parseJson(body: string | Uint8Array): unknown {
  const text = textOf(body);
  return text === "" ? {} : JSON.parse(text);
}

/** A body as text. */
export const textOf = (body: string | Uint8Array): string =>
  typeof body === "string" ? body : Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString("utf8");

const reasonOf = (cause: unknown): string => (cause instanceof EcrError ? cause.message : "it is not JSON");

/** A response as the local ECR writes it. */
export interface RenderedResponse {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The response that carries an operation's output, given as the JSON value of the wire. */
export const renderOutput = (json: unknown, requestId: string): RenderedResponse => ({
  statusCode: 200,
  headers: { "content-type": JSON_CONTENT_TYPE, "x-amzn-requestid": requestId },
  body: JSON.stringify(json),
});

/** The response that carries an error. */
export const renderError = (error: ServiceError, requestId: string): RenderedResponse => ({
  statusCode: error.status,
  headers: { "content-type": JSON_CONTENT_TYPE, "x-amzn-requestid": requestId, "x-amzn-errortype": error.code },
  body: JSON.stringify({ __type: error.code, [messageMember(error.code)]: error.message, ...error.members }),
});

/** observed: field reports of the answer to a call that a policy denies; every other error says `message`. */
const messageMember = (code: string): string => (code === "AccessDeniedException" ? "Message" : "message");
