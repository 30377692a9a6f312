import { EcrError } from "../errors.js";
import { encodeQuery, encodeXml, parseQuery, readElement } from "./query-codec.js";
import {
  type Answer,
  codeOfStatus,
  type RenderedResponse,
  requestIdOf,
  textOf,
  type WholeResponse,
} from "./response.js";
import { ServiceError } from "./service-error.js";
import { type StsOperation, type StsOperations, stsOperations } from "./sts-operations.js";
import { escapeXml, parseXml } from "./xml.js";

const VERSION = "2011-06-15";
const NAMESPACE = `https://sts.amazonaws.com/doc/${VERSION}/`;
const FORM = "application/x-www-form-urlencoded";

/** The unsigned request of an operation; it is sent with `POST` to `/` and signed for the service `sts`. */
export const buildStsRequest = <I, O>(
  { name, input: shape }: StsOperation<I, O>,
  input: I,
): { readonly headers: { readonly "content-type": string }; readonly body: string } => ({
  headers: { "content-type": FORM },
  body: `Action=${name}&Version=${VERSION}${encodeQuery(shape, input)}`,
});

/**
 * Reads the answer to an operation.
 *
 * @throws {EcrError} kind `InvalidResponse` when a success is not the XML that the operation answers.
 */
export function parseStsResponse<I, O>({ name, output }: StsOperation<I, O>, response: WholeResponse): Answer<O> {
  const requestId = requestIdOf(response.headers);
  if (response.statusCode >= 300) return { ok: false, error: parseStsError(response), requestId };
  const result = readRoot(response.body, `${name}Response`)?.children.get(`${name}Result`)?.[0];
  if (result !== undefined) return { ok: true, value: readElement(output, result), requestId };
  throw new EcrError(`STS answered ${name} with status ${response.statusCode}, but not with <${name}Result>`, {
    kind: "InvalidResponse",
    operation: name,
    requestId,
  });
}

function parseStsError({ statusCode, body }: WholeResponse): ServiceError {
  const error = readRoot(body, "ErrorResponse")?.children.get("Error")?.[0];
  const [code, message] = ["Code", "Message"].map((name) => error?.children.get(name)?.[0]?.text);
  return new ServiceError(code || codeOfStatus(statusCode), message ?? "", { status: statusCode });
}

function readRoot(body: string | Uint8Array, name: string): ReturnType<typeof parseXml> | undefined {
  try {
    return parseXml(textOf(body)).children.get(name)?.[0];
  } catch {
    return undefined;
  }
}

/** A request as the local STS reads it. */
export interface StsCall {
  readonly name: keyof StsOperations;
  readonly input: unknown;
}

/**
 * Which operation a form body, or the query of a presigned URL, asks for.
 *
 * @throws {ServiceError} `MissingAction` or `InvalidAction`.
 */
export function parseStsRequest(body: string): StsCall {
  const form = parseQuery(body);
  const action = form.children.get("Action")?.[0]?.text ?? "";
  const version = form.children.get("Version")?.[0]?.text ?? "";
  if (action === "")
    throw new ServiceError("MissingAction", "Could not find operation: the parameter Action is missing");
  if (!isStsOperation(action) || version !== VERSION)
    throw new ServiceError(
      "InvalidAction",
      `Could not find operation ${action} for version ${version || "NO_VERSION_SPECIFIED"}`,
    );
  return { name: action, input: readElement(stsOperations[action].input, form) };
}

const isStsOperation = (action: string): action is keyof StsOperations => Object.hasOwn(stsOperations, action);

/** The response that carries an operation's output. */
export const renderStsOutput = <I, O>(
  { name, output }: StsOperation<I, O>,
  value: O,
  requestId: string,
): RenderedResponse =>
  render(
    200,
    requestId,
    `<${name}Response xmlns="${NAMESPACE}"><${name}Result>${encodeXml(output, value)}</${name}Result>` +
      `<ResponseMetadata><RequestId>${escapeXml(requestId)}</RequestId></ResponseMetadata></${name}Response>`,
  );

/** The response that carries an error: the codes of the JSON services are given the names and statuses they have in STS. */
export function renderStsError(error: ServiceError, requestId: string): RenderedResponse {
  const { code, status } = STS_ERRORS[error.code] ?? error;
  return render(
    status,
    requestId,
    `<ErrorResponse xmlns="${NAMESPACE}"><Error><Type>${status < 500 ? "Sender" : "Receiver"}</Type><Code>${escapeXml(code)}</Code>` +
      `<Message>${escapeXml(error.message)}</Message></Error><RequestId>${escapeXml(requestId)}</RequestId></ErrorResponse>`,
  );
}

/** documented: STS API reference, common errors. */
const STS_ERRORS: Readonly<Record<string, { readonly code: string; readonly status: number }>> = {
  MissingAuthenticationTokenException: { code: "MissingAuthenticationToken", status: 403 },
  UnrecognizedClientException: { code: "InvalidClientTokenId", status: 403 },
  InvalidSignatureException: { code: "SignatureDoesNotMatch", status: 403 },
  ExpiredTokenException: { code: "ExpiredToken", status: 403 },
  AccessDeniedException: { code: "AccessDenied", status: 403 },
  ThrottlingException: { code: "Throttling", status: 400 },
  // AssumeRoleWithWebIdentity says of its token what the other services say of a session's.
  ExpiredIdentityToken: { code: "ExpiredTokenException", status: 400 },
};

const render = (statusCode: number, requestId: string, body: string): RenderedResponse => ({
  statusCode,
  headers: { "content-type": "text/xml", "x-amzn-requestid": requestId },
  body,
});
