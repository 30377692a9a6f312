import { EcrError } from "../../errors.js";
import type { Descriptor } from "../../image/descriptor.js";
import { verifyDigest } from "../../image/digest.js";
import { type ImageConfig, parseImageConfig } from "../../image/image-config.js";
import { ManifestError } from "../../image/manifest-error.js";
import { mediaTypes } from "../../image/media-types.js";
import { callRegion } from "../../protocol/endpoints.js";
import type { CallScope } from "../call-scope.js";
import { gathered, readContent } from "../distribution/content.js";
import { openUrl } from "../distribution/layer-url.js";
import type { OpenWire } from "../distribution/wire.js";
import type { ServiceContext } from "../service-context.js";
import { nameOfKind, type StoredManifest, subjectOf } from "./stored-manifest.js";

/** What every configuration has. */
interface ConfigBase {
  readonly mediaType: string;
  readonly digest: string;
  /** The exact bytes, held to their digest. */
  readonly bytes: Uint8Array;
}

/** The configuration of an image that runs. */
export interface RunnableConfig extends ConfigBase {
  readonly kind: "image";
  readonly config: ImageConfig;
}

/** The configuration of something else: a Helm chart, a policy, an artifact with none. */
export interface ArtifactConfig extends ConfigBase {
  readonly kind: "artifact";
  /** What it holds where that is JSON. */
  readonly json?: unknown;
}

/** What a manifest's config is, by `kind`. */
export type StoredConfig = RunnableConfig | ArtifactConfig;

const IMAGE_CONFIGS: ReadonlySet<string> = new Set([mediaTypes.ociConfig, mediaTypes.dockerConfig]);

/**
 * The configuration that a manifest names, held to its digest.
 *
 * @throws {EcrError} kind `LimitExceeded` when it is larger than `maxBytes`, `ImageDigestMismatch` when it is not what its digest names,
 * `InvalidResponse` when an image's cannot be read
 */
export async function readConfig(
  context: ServiceContext,
  openWire: OpenWire,
  found: StoredManifest,
  maxBytes: number,
  scope: CallScope,
): Promise<StoredConfig> {
  const { manifest, repositoryName } = found;
  const subject = subjectOf(found);
  if (manifest.kind !== "image")
    throw new EcrError(`${subject} has no configuration: it is ${nameOfKind(manifest)}`, { kind: "InvalidParameter" });
  const { config: descriptor } = manifest;
  const { mediaType, digest, size } = descriptor;
  if (size > maxBytes)
    throw new EcrError(
      `the configuration of ${subject} was not fetched: it has ${size} bytes, more than the ${maxBytes} of maxBytes`,
      { kind: "LimitExceeded" },
    );
  const bytes = inlineData(descriptor) ?? (await download(context, openWire, descriptor, repositoryName, scope));
  const base = { mediaType, digest, bytes };
  if (!IMAGE_CONFIGS.has(mediaType)) return { kind: "artifact", ...base, ...jsonIn(bytes) };
  try {
    return { kind: "image", ...base, config: parseImageConfig(bytes) };
  } catch (cause) {
    if (!(cause instanceof ManifestError)) throw cause;
    throw new EcrError(`the configuration of ${subject} cannot be read: ${cause.reason}`, {
      kind: "InvalidResponse",
      cause,
    });
  }
}

/** What the manifest holds itself, if it is what the digest names. documented: OCI image specification, embedded content. */
function inlineData({ data, digest, size }: Descriptor): Uint8Array | undefined {
  if (data === undefined) return undefined;
  const bytes = Buffer.from(data, "base64");
  return bytes.byteLength === size && verifyDigest(bytes, digest) ? bytes : undefined;
}

async function download(
  { send, registry }: ServiceContext,
  openWire: OpenWire,
  { digest, size }: Descriptor,
  repositoryName: string,
  scope: CallScope,
): Promise<Uint8Array> {
  const input = { ...registry, repositoryName, layerDigest: digest };
  const ask = async (): Promise<string> => (await send("GetDownloadUrlForLayer", input, scope)).downloadUrl;
  const wire = await openWire(scope);
  const call = {
    operation: "GetDownloadUrlForLayer",
    subject: `blob ${digest} of repository "${repositoryName}"`,
    region: callRegion("ecr", wire.place.region),
    attempts: 1,
  };
  const open = openUrl(wire, ask, call, scope);
  return gathered(readContent({ digest, sizeBytes: size, call, open }, wire, scope));
}

function jsonIn(bytes: Uint8Array): { readonly json?: unknown } {
  try {
    return { json: JSON.parse(Buffer.from(bytes).toString()) as unknown };
  } catch {
    return {};
  }
}
