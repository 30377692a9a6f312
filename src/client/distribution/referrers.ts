import { EcrError, isEcrError } from "../../errors.js";
import type { Descriptor } from "../../image/descriptor.js";
import { parseManifest } from "../../image/manifest.js";
import { mediaTypes } from "../../image/media-types.js";
import type { CallScope } from "../call-scope.js";
import { blobSubject } from "./blobs.js";
import { readManifest } from "./manifests.js";
import { type RegistryCall, repositoryPath } from "./registry-call.js";
import type { RegistryAnswer, RegistryConnection } from "./registry-connection.js";

/** Whose referrers are asked for. */
export interface ReferrersOf {
  readonly repository: string;
  readonly digest: string;
  /** Only those of this type. */
  readonly artifactType?: string | undefined;
}

/** More pages than any image has referrers for. */
const MOST_PAGES = 1_000;

/**
 * What refers to an image: signatures, SBOMs and the like, whether or not the image is there. Where a registry has no such list, what
 * clients keep under the digest's tag instead. documented: OCI distribution specification 1.1, listing referrers and its fallback.
 */
export async function readReferrers(
  connection: RegistryConnection,
  of: ReferrersOf,
  scope: CallScope,
): Promise<readonly Descriptor[]> {
  const { repository, digest, artifactType } = of;
  const found = (await fromList(connection, of, scope)) ?? (await fromTag(connection, repository, digest, scope));
  // A registry need not filter.
  return artifactType === undefined ? found : found.filter((one) => one.artifactType === artifactType);
}

async function fromList(
  connection: RegistryConnection,
  { repository, digest, artifactType }: ReferrersOf,
  scope: CallScope,
): Promise<readonly Descriptor[] | undefined> {
  const query = artifactType === undefined ? "" : `?artifactType=${encodeURIComponent(artifactType)}`;
  const call: RegistryCall = {
    operation: "ListImageReferrers",
    access: "read",
    subject: `the referrers of ${blobSubject({ repository, digest }).replace("blob ", "")}`,
    about: "referrers",
    method: "GET",
    target: repositoryPath(repository, `referrers/${digest}${query}`),
    headers: { accept: mediaTypes.ociIndex },
  };
  const found: Descriptor[] = [];
  let target: string | URL | undefined = call.target;
  for (let page = 0; target !== undefined; page++) {
    if (page === MOST_PAGES) throw strange(call, `more than ${MOST_PAGES} pages`);
    const answer = await answerTo(connection, { ...call, target }, scope);
    if (answer === undefined) return undefined;
    found.push(...descriptorsIn(answer.body, call));
    target = nextPage(answer);
  }
  return found;
}

/** Undefined where the registry has no such list: then it does not know the path, and no repository is missing. */
async function answerTo(
  connection: RegistryConnection,
  call: RegistryCall,
  scope: CallScope,
): Promise<RegistryAnswer | undefined> {
  try {
    return await connection.send(call, scope);
  } catch (error) {
    const isNotThere = isEcrError(error) && error.service?.status === 404 && error.service.code !== "NAME_UNKNOWN";
    if (isNotThere) return undefined;
    throw error;
  }
}

async function fromTag(
  connection: RegistryConnection,
  repository: string,
  digest: string,
  scope: CallScope,
): Promise<readonly Descriptor[]> {
  const reference = digest.replace(":", "-");
  try {
    const { bytes, mediaType } = await readManifest(connection, { repository, reference }, scope);
    const manifest = parseManifest(bytes, mediaType);
    return manifest.kind === "index" ? manifest.manifests : [];
  } catch (error) {
    if (isEcrError(error, "ImageNotFound")) return [];
    throw error;
  }
}

function descriptorsIn(body: Uint8Array, call: RegistryCall): readonly Descriptor[] {
  try {
    const manifest = parseManifest(body, mediaTypes.ociIndex);
    if (manifest.kind === "index") return manifest.manifests;
  } catch (cause) {
    throw strange(call, cause instanceof Error ? cause.message : String(cause));
  }
  throw strange(call, "no index");
}

/** documented: RFC 8288, and the specification's paging. */
function nextPage({ headers, url }: RegistryAnswer): URL | undefined {
  const [, link] = /<([^>]+)>\s*;\s*rel="?next"?/i.exec(headers["link"] ?? "") ?? [];
  return link !== undefined && URL.canParse(link, url.href) ? new URL(link, url) : undefined;
}

const strange = ({ operation, subject }: RegistryCall, what: string): EcrError =>
  new EcrError(`${operation} on ${subject} was answered with ${what}`, { kind: "InvalidResponse", operation });
