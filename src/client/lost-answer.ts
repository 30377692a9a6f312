import type { EcrError } from "../errors.js";
import { digestOf } from "../image/digest.js";
import type { ImageDetail, ImageIdentifier } from "../protocol/ecr/images.js";
import type { InputOf, OperationName, OutputOf } from "../protocol/operations.js";
import type { CallScope } from "./call-scope.js";
import type { Send } from "./operation-exchange.js";

type Settle<Output> = (error: EcrError, scope: CallScope) => Promise<Output | undefined>;

/**
 * How to prove that an earlier try was carried out although its answer was lost, for the two writes whose result is named by a digest:
 * "already there" is then what success looks like. Undefined for the others.
 */
export function settleLostAnswer<N extends OperationName>(
  name: N,
  input: InputOf<N>,
  send: Send,
): Settle<OutputOf<N>> | undefined {
  const settle = SETTLE[name];
  // Each entry of the table is held to its own operation; an index loses that.
  return settle && ((error, scope) => settle(input as never, error, scope, send) as Promise<OutputOf<N> | undefined>);
}

type SettleTable = {
  readonly [N in OperationName]?: (
    input: InputOf<N>,
    error: EcrError,
    scope: CallScope,
    send: Send,
  ) => Promise<OutputOf<N> | undefined>;
};

/** A write of ECR and its namesake of ECR Public are settled alike, each by a question to its own service. */
const SETTLE: SettleTable = {
  PutImage: settlePut((asked, scope, send) => send("DescribeImages", asked, scope)),
  "ecr-public:PutImage": settlePut(async (asked, scope, send) => {
    const { imageDetails } = await send("ecr-public:DescribeImages", asked, scope);
    // ECR Public's model promises less of an image, but so does what PutImage answers there.
    return { imageDetails: imageDetails as readonly Found[] };
  }),
  CompleteLayerUpload: settleComplete((asked, scope, send) => send("BatchCheckLayerAvailability", asked, scope)),
  "ecr-public:CompleteLayerUpload": settleComplete((asked, scope, send) =>
    send("ecr-public:BatchCheckLayerAvailability", asked, scope),
  ),
};

type Question<Asked, Answered> = (asked: InRepository & Asked, scope: CallScope, send: Send) => Promise<Answered>;

type PutInput = Pick<InputOf<"PutImage">, "imageManifest" | "imageDigest" | "imageTag"> & InRepository;

type Found = Pick<ImageDetail, "registryId" | "imageDigest" | "imageManifestMediaType">;

function settlePut(
  describe: Question<{ readonly imageIds: readonly ImageIdentifier[] }, { readonly imageDetails: readonly Found[] }>,
) {
  return async (input: PutInput, error: EcrError, scope: CallScope, send: Send) => {
    const imageId = putImageId(input, error);
    if (imageId === undefined) return undefined;
    const { imageDetails } = await describe({ ...at(input), imageIds: [imageId.asked] }, scope, send);
    const [detail] = imageDetails;
    if (detail?.imageDigest !== imageId.put.imageDigest) return undefined;
    const { registryId, imageManifestMediaType } = detail;
    const { repositoryName, imageManifest } = input;
    return { image: { registryId, repositoryName, imageId: imageId.put, imageManifest, imageManifestMediaType } };
  };
}

interface LayersFound {
  readonly layers: readonly { readonly layerAvailability?: string | undefined }[];
}

function settleComplete(check: Question<{ readonly layerDigests: readonly string[] }, LayersFound>) {
  return async (input: CompleteInput, error: EcrError, scope: CallScope, send: Send) => {
    if (!isCompleted(error)) return undefined;
    const { layers } = await check({ ...at(input), layerDigests: input.layerDigests.slice(0, 1) }, scope, send);
    return completed(input, error, layers[0]?.layerAvailability === "AVAILABLE");
  };
}

interface InRepository {
  readonly registryId?: string | undefined;
  readonly repositoryName: string;
}

const at = ({ registryId, repositoryName }: InRepository): InRepository => ({ registryId, repositoryName });

/** The image that a PutImage puts, and how to ask for it; undefined when its error does not say that something is there. */
function putImageId({ imageManifest, imageDigest, imageTag }: PutInput, { kind }: EcrError) {
  if (kind !== "ImageAlreadyExists" && kind !== "ImageTagAlreadyExists") return undefined;
  const digest = imageDigest ?? digestOf(imageManifest);
  return imageTag === undefined
    ? { put: { imageDigest: digest }, asked: { imageDigest: digest } }
    : { put: { imageDigest: digest, imageTag }, asked: { imageTag } };
}

/** An upload that has been completed is answered as one that is not there, or by its layer that is. */
const isCompleted = ({ kind }: EcrError): boolean => kind === "LayerAlreadyExists" || kind === "UploadNotFound";

interface CompleteInput extends InRepository {
  readonly uploadId: string;
  readonly layerDigests: readonly string[];
}

function completed(
  { registryId = undefined, repositoryName, uploadId, layerDigests }: CompleteInput,
  error: EcrError,
  isThere: boolean,
): OutputOf<"CompleteLayerUpload"> | undefined {
  const registry = registryId ?? /registry with id '(\d{12})'/.exec(error.service?.message ?? "")?.[1];
  const [layerDigest] = layerDigests;
  if (!isThere || registry === undefined || layerDigest === undefined) return undefined;
  return { registryId: registry, repositoryName, uploadId, layerDigest };
}
