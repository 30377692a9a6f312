import type { ServiceError } from "../../protocol/service-error.js";
import type { HttpResponse } from "../../transport/transport.js";
import { textAnswer } from "../answer.js";
import type { Quirks } from "./quirks.js";
import type { Route } from "./routes.js";

/** A refusal as `/v2/` puts it on the wire. */
interface DataPlaneError {
  readonly status: number;
  readonly code: string;
}

type RouteKind = Route["kind"];

/**
 * How the API's errors are told on `/v2/`. The statuses and codes are those of facts 3.5 where they are known (observed: field reports named
 * there), else the ones that the OCI distribution specification gives the case (assumed).
 */
const ERRORS: Readonly<Record<string, DataPlaneError>> = {
  RepositoryNotFoundException: { status: 404, code: "NAME_UNKNOWN" },
  ImageNotFoundException: { status: 404, code: "MANIFEST_UNKNOWN" },
  LayersNotFoundException: { status: 404, code: "BLOB_UNKNOWN" },
  LayerInaccessibleException: { status: 404, code: "BLOB_UNKNOWN" },
  ReferencedImagesNotFoundException: { status: 404, code: "MANIFEST_BLOB_UNKNOWN" },
  ImageTagAlreadyExistsException: { status: 400, code: "TAG_INVALID" },
  ImageDigestDoesNotMatchException: { status: 400, code: "DIGEST_INVALID" },
  InvalidLayerException: { status: 400, code: "DIGEST_INVALID" },
  InvalidLayerPartException: { status: 416, code: "BLOB_UPLOAD_INVALID" },
  EmptyUploadException: { status: 400, code: "BLOB_UPLOAD_INVALID" },
  LayerPartTooSmallException: { status: 400, code: "BLOB_UPLOAD_INVALID" },
  UploadNotFoundException: { status: 404, code: "BLOB_UPLOAD_UNKNOWN" },
  LimitExceededException: { status: 403, code: "DENIED" },
  AccessDeniedException: { status: 403, code: "DENIED" },
  KmsException: { status: 403, code: "DENIED" },
  ThrottlingException: { status: 429, code: "TOOMANYREQUESTS" },
  // assumed: what the upstream of a cached repository refuses is not there for the client.
  UnableToGetUpstreamImageException: { status: 404, code: "MANIFEST_UNKNOWN" },
  UnableToGetUpstreamLayerException: { status: 404, code: "BLOB_UNKNOWN" },
  UnableToListUpstreamImageReferrersException: { status: 404, code: "MANIFEST_UNKNOWN" },
  // documented: OCI distribution specification, a deletion that is not offered. assumed of ECR.
  StillReferenced: { status: 405, code: "UNSUPPORTED" },
  RequestEntityTooLarge: { status: 413, code: "SIZE_INVALID" },
  ServerException: { status: 500, code: "UNKNOWN" },
};

/** The same for a manifest that is pushed. assumed: facts 3.5 leave open which of two statuses and codes it is. */
const ERRORS_OF_MANIFESTS: Readonly<Record<string, DataPlaneError>> = {
  LayersNotFoundException: { status: 400, code: "MANIFEST_BLOB_UNKNOWN" },
};

/** A bad parameter by the route it came on. ECR says 405 UNSUPPORTED to all of them. */
const BAD_PARAMETER: Readonly<Partial<Record<RouteKind, DataPlaneError>>> = {
  manifest: { status: 400, code: "MANIFEST_INVALID" },
  blob: { status: 400, code: "DIGEST_INVALID" },
  upload: { status: 400, code: "DIGEST_INVALID" },
  referrers: { status: 400, code: "DIGEST_INVALID" },
};

const UNSUPPORTED: DataPlaneError = { status: 405, code: "UNSUPPORTED" };

/** The refusal of a request on `route` as a response with the envelope of docker and OCI. */
export function errorAnswer(error: ServiceError, route: RouteKind, quirks: Quirks): HttpResponse {
  const { status, code } = dataPlaneError(error.code, route, quirks);
  return envelope(status, code, error.message);
}

function dataPlaneError(code: string, route: RouteKind, { badParameter }: Quirks): DataPlaneError {
  const known = (route === "manifest" ? own(ERRORS_OF_MANIFESTS, code) : undefined) ?? own(ERRORS, code);
  if (known !== undefined) return known;
  if (badParameter === "unsupported") return UNSUPPORTED;
  return BAD_PARAMETER[route] ?? { status: 400, code: "NAME_INVALID" };
}

const own = <T>(table: Readonly<Record<string, T>>, key: string): T | undefined =>
  Object.hasOwn(table, key) ? table[key] : undefined;

/** The error envelope. documented: OCI distribution specification, error codes. */
export const envelope = (
  statusCode: number,
  code: string,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): HttpResponse =>
  textAnswer(
    statusCode,
    { "content-type": "application/json; charset=utf-8", ...headers },
    JSON.stringify({ errors: [{ code, message }] }),
  );
