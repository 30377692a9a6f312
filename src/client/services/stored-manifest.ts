import { EcrError } from "../../errors.js";
import { type Manifest, parseManifest } from "../../image/manifest.js";
import { ManifestError } from "../../image/manifest-error.js";
import type { Image } from "../../protocol/ecr/images.js";
import { imageName } from "../image-failure.js";

/** A manifest as a registry stores it: read, with its exact bytes, held to its digest. */
export interface StoredManifest<M extends Manifest = Manifest> {
  /** In ECR Public with the registry's alias: `alias/name`. */
  readonly repositoryName: string;
  readonly digest: string;
  /** The tag that it was asked for by. */
  readonly tag?: string | undefined;
  readonly mediaType: string;
  readonly bytes: Uint8Array;
  /** What it says. */
  readonly manifest: M;
}

/** Reads the manifest of an image. @throws {EcrError} kind `InvalidResponse` when it cannot be read */
export function storedManifest({
  repositoryName,
  imageId,
  imageManifest,
  imageManifestMediaType,
}: Image): StoredManifest {
  const { imageDigest: digest = "", imageTag: tag } = imageId;
  const bytes = Buffer.from(imageManifest);
  const manifest = readManifest(imageManifest, imageManifestMediaType, imageName(repositoryName, imageId));
  const { mediaType } = manifest;
  return { repositoryName, digest, ...(tag !== undefined && { tag }), mediaType, bytes, manifest };
}

/** What a manifest says. @throws {EcrError} kind `InvalidResponse` when it cannot be read */
export function readManifest(source: string | Uint8Array, mediaType: string, subject: string): Manifest {
  try {
    return parseManifest(source, mediaType === "" ? undefined : mediaType);
  } catch (cause) {
    if (!(cause instanceof ManifestError)) throw cause;
    throw new EcrError(`the manifest of ${subject} cannot be read: ${cause.reason}; images.get gives it as it is`, {
      kind: "InvalidResponse",
      operation: "BatchGetImage",
      cause,
    });
  }
}

/** What a manifest is, for people. */
export const nameOfKind = ({ kind, mediaType }: Manifest): string =>
  `${{ image: "an image", index: "an index", schema1: "an image in Docker's old schema 1" }[kind]} (${mediaType})`;

/** The image, for people. */
export const subjectOf = ({ repositoryName, digest, tag }: StoredManifest): string =>
  imageName(repositoryName, tag === undefined ? { imageDigest: digest } : { imageTag: tag });
