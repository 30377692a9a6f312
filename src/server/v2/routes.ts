/** What a path below `/v2/` is about. `digest` and `reference` are as the client wrote them: the registry decides whether they are well formed. */
export type Route =
  | { readonly kind: "base" }
  | { readonly kind: "catalog" }
  | { readonly kind: "tags"; readonly repositoryName: string }
  | { readonly kind: "manifest"; readonly repositoryName: string; readonly reference: string }
  | { readonly kind: "blob"; readonly repositoryName: string; readonly digest: string }
  | { readonly kind: "uploads"; readonly repositoryName: string }
  | { readonly kind: "upload"; readonly repositoryName: string; readonly uploadId: string }
  | { readonly kind: "referrers"; readonly repositoryName: string; readonly digest: string };

/** What a repository-scoped path is about, read from its end: a repository may itself be called `manifests` or `a/blobs/b`. */
const REPOSITORY_ROUTE =
  /^\/v2\/(.+)\/(?:(tags\/list)|manifests\/([^/]+)|blobs\/uploads\/([^/]*)|blobs\/([^/]+)|referrers\/([^/]+))$/;

/**
 * The route of a raw path, or undefined when there is none. Nothing is decoded but the colon of a digest: no legal name, tag or digest
 * needs another escape, so an encoded slash, a dot segment or a NUL stays what it is and is refused as a name.
 */
export function parseRoute(path: string): Route | undefined {
  if (path === "/v2/" || path === "/v2") return { kind: "base" };
  if (path === "/v2/_catalog") return { kind: "catalog" };
  const [, repositoryName, tags, reference, uploadId, digest, subject] = REPOSITORY_ROUTE.exec(path) ?? [];
  if (repositoryName === undefined) return undefined;
  if (tags !== undefined) return { kind: "tags", repositoryName };
  if (reference !== undefined) return { kind: "manifest", repositoryName, reference: withColon(reference) };
  if (uploadId !== undefined)
    return uploadId === "" ? { kind: "uploads", repositoryName } : { kind: "upload", repositoryName, uploadId };
  if (digest === "uploads") return { kind: "uploads", repositoryName };
  if (digest !== undefined) return { kind: "blob", repositoryName, digest: withColon(digest) };
  return { kind: "referrers", repositoryName, digest: withColon(subject ?? "") };
}

const withColon = (segment: string): string => segment.replace(/%3a/i, ":");
