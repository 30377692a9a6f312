import type { Signer } from "./signer.js";

/** Where signed layer URLs live: a path that begins with this is one for `signedLayer`. */
export const LAYER_PATH_PREFIX = "/_layers/";

/** How long a layer URL is good, in seconds. observed: `X-Amz-Expires=3600` in the AWS CLI's sample of GetDownloadUrlForLayer. */
const LAYER_URL_LIFE_S = 3600;

/** Path and query of a URL to a blob's bytes, good for an hour. The query's names are those of an S3 presigned URL. */
export function signLayerPath(signer: Signer, nowMs: number, digest: string): string {
  const expires = Math.floor(nowMs / 1000) + LAYER_URL_LIFE_S;
  const signature = signer.sign("layer", signedText(digest, String(expires)));
  return `${LAYER_PATH_PREFIX}${digest}?X-Amz-Expires=${LAYER_URL_LIFE_S}&Expires=${expires}&X-Amz-Signature=${signature}`;
}

/** The digest a layer URL is for, or undefined when it was not signed here or has expired. */
export function readLayerPath(
  signer: Signer,
  nowMs: number,
  { path, query }: { readonly path: string; readonly query: Readonly<Record<string, string>> },
): string | undefined {
  if (!path.startsWith(LAYER_PATH_PREFIX)) return undefined;
  const digest = decoded(path.slice(LAYER_PATH_PREFIX.length));
  const { Expires: expires, "X-Amz-Signature": signature } = query;
  if (digest === undefined || expires === undefined || signature === undefined) return undefined;
  if (!signer.verify("layer", signedText(digest, expires), signature)) return undefined;
  return nowMs < Number(expires) * 1000 ? digest : undefined;
}

/** Clients may send the colon of a digest as `%3A`. */
function decoded(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}

const signedText = (digest: string, expires: string): string => `${digest} ${expires}`;
