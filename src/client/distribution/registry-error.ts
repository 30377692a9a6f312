import type { EcrError, EcrErrorKind } from "../../errors.js";
import { requestIdOf, type WholeResponse } from "../../protocol/response.js";
import { retryAfterMs } from "../answer-headers.js";
import { type FailedCall, failure } from "../error-mapper.js";
import { kindOf } from "../service-error-kinds.js";

/** What a request to `/v2/` is about, which decides what an error means. */
export type About = "manifest" | "index" | "blob" | "upload" | "referrers" | "token";

/** An error as a registry names it. documented: OCI distribution specification, error codes. */
interface Named {
  readonly code: string;
  readonly message: string;
  readonly detail?: unknown;
}

type Meaning = EcrErrorKind | ((message: string, about: About) => EcrErrorKind);

/** What the codes of OCI mean. documented: OCI distribution specification; the texts of ECR are those of its user guide (documented). */
const MEANING_OF_CODE: Readonly<Record<string, Meaning>> = {
  NAME_UNKNOWN: "RepositoryNotFound",
  MANIFEST_UNKNOWN: "ImageNotFound",
  BLOB_UNKNOWN: "LayersNotFound",
  MANIFEST_BLOB_UNKNOWN: (message, about) =>
    about === "index" || message.startsWith("Images with digests") ? "ReferencedImagesNotFound" : "LayersNotFound",
  TAG_INVALID: (message) => (message.includes("already exists") ? "ImageTagAlreadyExists" : "InvalidParameter"),
  DIGEST_INVALID: (_, about) => (about === "upload" ? "InvalidLayer" : "ImageDigestMismatch"),
  BLOB_UPLOAD_INVALID: "InvalidLayerPart",
  BLOB_UPLOAD_UNKNOWN: "UploadNotFound",
  MANIFEST_INVALID: "InvalidParameter",
  NAME_INVALID: "InvalidParameter",
  SIZE_INVALID: "LimitExceeded",
  UNSUPPORTED: (message) => (message.startsWith("Invalid parameter") ? "InvalidParameter" : "UnknownOperation"),
  UNAUTHORIZED: "InvalidCredentials",
  DENIED: meaningOfDenied,
  // documented: the monthly amount of data that ECR Public gives to anybody; more of it does not come by waiting.
  TOOMANYREQUESTS: (message) => (/data limit/i.test(message) ? "LimitExceeded" : "Throttled"),
};

/** ECR says it of a login that has expired or is none, and of quotas (observed), beside what it is for. */
function meaningOfDenied(message: string): EcrErrorKind {
  if (/token has expired/i.test(message)) return "ExpiredToken";
  if (/authorization token is invalid/i.test(message)) return "InvalidCredentials";
  return /maximum|limit exceeded|quota/i.test(message) ? "LimitExceeded" : "AccessDenied";
}

/** What a bare 404 says, as to a HEAD. */
const MISSING: Readonly<Record<About, EcrErrorKind>> = {
  manifest: "ImageNotFound",
  index: "ImageNotFound",
  blob: "LayersNotFound",
  upload: "UploadNotFound",
  referrers: "RepositoryNotFound",
  token: "UnknownOperation",
};

/** The `EcrError` for an answer of a registry, or of the store that it sent the request to, that is no success. */
export function fromRegistryAnswer(response: WholeResponse, about: About, call: FailedCall, nowMs: number): EcrError {
  const { statusCode: status, headers } = response;
  const named = namedIn(response);
  const kind = kindOfAnswer(named, status, about);
  const { code = "", message = "" } = named ?? {};
  const saidWhat = message === "" ? `status ${status}` : message;
  return failure(kind, code === "" ? saidWhat : `${saidWhat} (${code})`, call, {
    requestId: requestIdOf(headers),
    retryAfterMs: retryAfterMs(headers, nowMs),
    service: { code, message, status, members: named?.detail === undefined ? {} : { detail: named.detail } },
  });
}

function kindOfAnswer(named: Named | undefined, status: number, about: About): EcrErrorKind {
  const meaning =
    named !== undefined && Object.hasOwn(MEANING_OF_CODE, named.code) ? MEANING_OF_CODE[named.code] : undefined;
  if (meaning !== undefined) return typeof meaning === "string" ? meaning : meaning(named?.message ?? "", about);
  if (status === 404) return MISSING[about];
  if (status === 416) return about === "upload" ? "InvalidLayerPart" : "InvalidResponse";
  return kindOf({ code: "", status });
}

/** The first error of the envelope. Whatever else a proxy answers is not shown: it may be a page. */
function namedIn({ body }: WholeResponse): Named | undefined {
  try {
    const { errors } = JSON.parse(Buffer.from(body).toString()) as { readonly errors?: unknown };
    const first: unknown = Array.isArray(errors) ? errors[0] : undefined;
    if (typeof first !== "object" || first === null) return undefined;
    const { code, message, detail } = first as Readonly<Record<string, unknown>>;
    if (typeof code !== "string") return undefined;
    return { code, message: typeof message === "string" ? message : "", ...(detail != null && { detail }) };
  } catch {
    return undefined;
  }
}
