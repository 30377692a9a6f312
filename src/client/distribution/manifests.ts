import { EcrError, isEcrError } from "../../errors.js";
import { digestOf, isDigest, parseDigest, verifyDigest } from "../../image/digest.js";
import { bareMediaType, manifestKindOf, manifestMediaTypes } from "../../image/media-types.js";
import { callRegion } from "../../protocol/endpoints.js";
import type { CallScope } from "../call-scope.js";
import { failure } from "../error-mapper.js";
import { imageName } from "../image-failure.js";
import { type RegistryCall, repositoryPath } from "./registry-call.js";
import type { Once, RegistryAnswer, RegistryConnection } from "./registry-connection.js";

/** A manifest as a registry serves it: its exact bytes, and what they are. */
export interface RegistryManifest {
  readonly bytes: Uint8Array;
  readonly mediaType: string;
  readonly digest: string;
}

/** What a registry says of a manifest without giving it. */
export interface ManifestHead {
  readonly mediaType: string;
  readonly digest: string;
  readonly sizeBytes: number;
}

/** An image by name: its reference is a tag or a digest. */
export interface ManifestName {
  readonly repository: string;
  readonly reference: string;
}

/** Larger than any manifest that a registry takes, in bytes. documented: service model, ImageManifest. */
const MAX_MANIFEST_BYTES = 4_194_304;

const readCall = ({ repository, reference }: ManifestName, method: "GET" | "HEAD"): RegistryCall => ({
  operation: "BatchGetImage",
  access: "read",
  subject: imageName(repository, isDigest(reference) ? { imageDigest: reference } : { imageTag: reference }),
  about: "manifest",
  method,
  target: repositoryPath(repository, `manifests/${reference}`),
  headers: { accept: manifestMediaTypes.join(", ") },
});

/**
 * A manifest of any of the types that ECR stores, byte for byte and held to its digest. A registry counts it as a pull.
 *
 * @throws {EcrError} kind `ImageNotFound` when there is none, `ImageDigestMismatch` when it is not the one its digest names
 */
export async function readManifest(
  connection: RegistryConnection,
  name: ManifestName,
  scope: CallScope,
): Promise<RegistryManifest> {
  const call = readCall(name, "GET");
  const answer = await connection.send(call, scope);
  const { region } = (await connection.openWire(scope)).place;
  const failed = { ...call, region: callRegion(connection.service, region), attempts: 1 };
  const { body: bytes, headers } = answer;
  if (bytes.byteLength > MAX_MANIFEST_BYTES)
    throw failure("InvalidResponse", `it is larger than the ${MAX_MANIFEST_BYTES} bytes of any manifest`, failed, {});
  const named = isDigest(name.reference) ? name.reference : headers["docker-content-digest"];
  // observed: ECR and ECR Public have answered without the header (containers-roadmap #1931).
  const digest = named ?? digestOf(bytes);
  if (!verifyDigest(bytes, digest))
    throw failure(
      "ImageDigestMismatch",
      `its bytes are not those of ${digest}: damaged or exchanged on the way`,
      failed,
      {},
    );
  return { bytes, mediaType: bareMediaType(headers["content-type"] ?? ""), digest };
}

/** What a registry says of a manifest, or undefined when it has none. It is not counted as a pull where the registry tells the digest. */
export async function headManifest(
  connection: RegistryConnection,
  name: ManifestName,
  scope: CallScope,
): Promise<ManifestHead | undefined> {
  try {
    const answer = await connection.send(readCall(name, "HEAD"), scope);
    const head = headOf(answer, name);
    if (head !== undefined) return head;
    const { bytes, mediaType, digest } = await readManifest(connection, name, scope);
    return { mediaType, digest, sizeBytes: bytes.byteLength };
  } catch (error) {
    if (isEcrError(error, "ImageNotFound")) return undefined;
    throw error;
  }
}

function headOf({ headers }: RegistryAnswer, { reference }: ManifestName): ManifestHead | undefined {
  const digest = isDigest(reference) ? reference : headers["docker-content-digest"];
  const mediaType = bareMediaType(headers["content-type"] ?? "");
  if (digest === undefined || parseDigest(digest) === undefined) return undefined;
  return { mediaType, digest, sizeBytes: Number(headers["content-length"] ?? 0) };
}

/**
 * Stores a manifest, byte for byte, and gives its digest. A tag that names it already is as good.
 *
 * @throws {EcrError} kind `ImageTagAlreadyExists` when an immutable tag names another image, `LayersNotFound` or
 * `ReferencedImagesNotFound` when something that it lists is not there
 */
export async function writeManifest(
  connection: RegistryConnection,
  name: ManifestName,
  { bytes, mediaType }: Omit<RegistryManifest, "digest">,
  scope: CallScope,
): Promise<string> {
  const digest = isDigest(name.reference) ? name.reference : digestOf(bytes);
  const call: RegistryCall = {
    ...readCall(name, "GET"),
    operation: "PutImage",
    access: "write",
    tags: !isDigest(name.reference),
    about: manifestKindOf(mediaType) === "index" ? "index" : "manifest",
    method: "PUT",
    headers: { "content-type": mediaType },
    content: { sizeBytes: bytes.byteLength, open: () => bytes },
  };
  const stored = await connection.run(call, scope, async (once) => {
    try {
      return (await once(call)).headers["docker-content-digest"] ?? digest;
    } catch (error) {
      if (isEcrError(error, "ImageTagAlreadyExists") && (await namesAlready(once, name, digest))) return digest;
      throw error;
    }
  });
  if (stored === digest) return digest;
  throw new EcrError(`PutImage of ${call.subject} was answered with ${stored}: what is stored is not what was sent.`, {
    kind: "ImageDigestMismatch",
    operation: "PutImage",
  });
}

async function namesAlready(once: Once, name: ManifestName, digest: string): Promise<boolean> {
  try {
    return headOf(await once(readCall(name, "HEAD")), name)?.digest === digest;
  } catch {
    // Whoever may not look learns of the refusal itself.
    return false;
  }
}
