/** The media types that images are made of. documented: OCI image specification, and Docker's image manifest version 2. */
export const mediaTypes = {
  dockerSchema1: "application/vnd.docker.distribution.manifest.v1+json",
  dockerSchema1Signed: "application/vnd.docker.distribution.manifest.v1+prettyjws",
  dockerManifest: "application/vnd.docker.distribution.manifest.v2+json",
  dockerManifestList: "application/vnd.docker.distribution.manifest.list.v2+json",
  dockerConfig: "application/vnd.docker.container.image.v1+json",
  dockerLayer: "application/vnd.docker.image.rootfs.diff.tar.gzip",
  dockerForeignLayer: "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip",
  ociManifest: "application/vnd.oci.image.manifest.v1+json",
  ociIndex: "application/vnd.oci.image.index.v1+json",
  ociConfig: "application/vnd.oci.image.config.v1+json",
  ociEmpty: "application/vnd.oci.empty.v1+json",
  ociLayer: "application/vnd.oci.image.layer.v1.tar",
  ociLayerGzip: "application/vnd.oci.image.layer.v1.tar+gzip",
  ociLayerZstd: "application/vnd.oci.image.layer.v1.tar+zstd",
  ociForeignLayer: "application/vnd.oci.image.layer.nondistributable.v1.tar",
  ociForeignLayerGzip: "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip",
  ociForeignLayerZstd: "application/vnd.oci.image.layer.nondistributable.v1.tar+zstd",
} as const;

/** What a manifest is: one image or artifact, an index of several, or the old Docker schema 1. */
export type ManifestKind = "image" | "index" | "schema1";

const KIND_OF: ReadonlyMap<string, ManifestKind> = new Map([
  [mediaTypes.ociManifest, "image"],
  [mediaTypes.ociIndex, "index"],
  [mediaTypes.dockerManifest, "image"],
  [mediaTypes.dockerManifestList, "index"],
  [mediaTypes.dockerSchema1, "schema1"],
  [mediaTypes.dockerSchema1Signed, "schema1"],
]);

/** The media types of manifests that ECR stores, the most modern first: what a client that reads them all accepts. */
export const manifestMediaTypes: readonly string[] = [...KIND_OF.keys()];

/** What a manifest of this media type is, or undefined when ECR does not store the type. */
export const manifestKindOf = (mediaType: string): ManifestKind | undefined => KIND_OF.get(mediaType);

/** A media type without its parameters, as headers have them. */
export const bareMediaType = (type: string): string => type.replace(/;.*$/s, "").trim();
