import {
  createEcrClient,
  digestOf,
  type EcrClient,
  type EcrClientConfig,
  type EcrErrorKind,
  manualTime,
} from "../../../src/index.js";
import { createLocalEcr, type LocalEcr, type LocalEcrOptions, simulate } from "../../../src/local.js";
import type { FaultEffect } from "../../../src/transport/fault-plan.js";
import { bareManifest, imageManifest, indexManifest } from "../../fixtures/local-registry.js";

/** A local ECR with a repository `app` in it, and its client. */
export interface KindWorld {
  readonly local: LocalEcr;
  readonly ecr: EcrClient;
}

/** Opens a world whose local ECR and client have these options; the client has no patience. */
export type OpenWorld = (options?: LocalEcrOptions, config?: EcrClientConfig) => Promise<KindWorld>;

/** How an error of a kind comes about, and what is expected of it. */
export interface KindCase {
  readonly raise: (open: OpenWorld) => Promise<unknown>;
  readonly category: "retryable" | "terminal" | "credential";
  readonly operation: string;
  /** Whether an answer of the service is what failed the call, so that its request has an id. */
  readonly isAnswered: boolean;
  /** What it says to a person, digests as `sha256:…` and upload ids as `…`. */
  readonly message: string;
}

export const REGION = "eu-west-1";
const repositoryName = "app";
const bytes = Buffer.from("bytes");
const layerDigests = [digestOf(bytes)];
const unchecked = { layers: "unchecked" } as const;

/** A client of a local ECR in this process, on a clock that stands still. */
export const openWorld =
  (onOpen: (local: LocalEcr) => void): OpenWorld =>
  async (options = {}, config = {}) => {
    const time = manualTime();
    const local = createLocalEcr({ time, ...options });
    onOpen(local);
    const auth = { kind: "static", accessKeyId: "123456789012", secretAccessKey: "any" } as const;
    const base = { region: REGION, auth, transport: simulate(local), time };
    await createEcrClient(base).call("CreateRepository", { repositoryName });
    return { local, ecr: createEcrClient({ ...base, retry: false, ...config }) };
  };

/** A world whose every DescribeImages suffers so. */
const suffering =
  (effect: FaultEffect, config?: EcrClientConfig) =>
  async (open: OpenWorld): Promise<unknown> => {
    const faults = { faults: [{ operation: "DescribeImages", effect }] };
    return (await open({ faults }, config)).ecr.images.describe(repositoryName).all();
  };

const upload = async (ecr: EcrClient): Promise<string> => {
  const { uploadId } = await ecr.call("InitiateLayerUpload", { repositoryName });
  const part = { repositoryName, uploadId, partFirstByte: 0, partLastByte: bytes.length - 1, layerPartBlob: bytes };
  await ecr.call("UploadLayerPart", part);
  return uploadId;
};

const complete = async ({ ecr }: KindWorld, digests: readonly string[] = layerDigests) =>
  ecr.call("CompleteLayerUpload", { repositoryName, uploadId: await upload(ecr), layerDigests: digests });

const put = ({ ecr }: KindWorld, manifest: string, more: object = {}) =>
  ecr.call("PutImage", { repositoryName, imageManifest: manifest, ...more });

/** What the client says of what the service answered: so, and what to do. */
const answered = (
  operation: string,
  message: string,
  raise: KindCase["raise"],
  category: KindCase["category"] = "terminal",
): KindCase => ({ raise, category, operation, isAnswered: true, message });

type Later = Extract<
  EcrErrorKind,
  "ScanFailed" | "ScanTimeout" | "FindingsUnavailable" | "PlatformNotFound" | "TapeMiss"
>;

/** The issue, or the part of this one, whose tests raise a kind that nothing in the client raises before. */
export const LATER: { readonly [K in Later]: string } = {
  ScanFailed: "issue 6: scans.waitFor",
  ScanTimeout: "issue 6: scans.waitFor",
  FindingsUnavailable: "issue 6: scans.waitFor",
  PlatformNotFound: "src/client/services/manifests.test.ts: manifests.getForPlatform",
  TapeMiss: "issue 7: replay",
};

/** Each kind that the client raises, through the whole client and a local ECR. */
export const KINDS: { readonly [K in Exclude<EcrErrorKind, Later>]: KindCase } = {
  RepositoryNotFound: answered(
    "DescribeRepositories",
    "DescribeRepositories on repository \"none\" in eu-west-1 failed: The repository with name 'none' does not exist in the registry with id '123456789012' (RepositoryNotFoundException). Check the name, the region and the registry id, or create the repository first.",
    async (open) => (await open()).ecr.repositories.get("none"),
  ),
  RepositoryAlreadyExists: answered(
    "CreateRepository",
    "CreateRepository on repository \"app\" in eu-west-1 failed: The repository with name 'app' already exists in the registry with id '123456789012' (RepositoryAlreadyExistsException). Use it, or choose another name.",
    async (open) => (await open()).ecr.call("CreateRepository", { repositoryName }),
  ),
  RepositoryNotEmpty: answered(
    "DeleteRepository",
    "DeleteRepository on repository \"app\" in eu-west-1 failed: The repository with name 'app' in registry with id '123456789012' cannot be deleted because it still contains images (RepositoryNotEmptyException). Delete its images first, or delete it with force.",
    async (open) => {
      const world = await open(unchecked);
      await put(world, bareManifest(1));
      return world.ecr.call("DeleteRepository", { repositoryName });
    },
  ),
  ImageNotFound: answered(
    "DescribeImages",
    "DescribeImages on repository \"app\" in eu-west-1 failed: The image with imageId {imageDigest:'null', imageTag:'none'} does not exist within the repository with name 'app' in the registry with id '123456789012' (ImageNotFoundException). Check the tag or the digest; images.list shows what the repository holds.",
    async (open) => (await open()).ecr.call("DescribeImages", { repositoryName, imageIds: [{ imageTag: "none" }] }),
  ),
  ImageAlreadyExists: answered(
    "PutImage",
    "PutImage on repository \"app\" in eu-west-1 failed: Image with digest 'sha256:…' and tag 'v1' already exists in the repository with name 'app' in registry with id '123456789012' (ImageAlreadyExistsException). Nothing is left to do: the tag names this image already.",
    async (open) => {
      const world = await open(unchecked);
      await put(world, bareManifest(1), { imageTag: "v1" });
      return put(world, bareManifest(1), { imageTag: "v1" });
    },
  ),
  ImageTagAlreadyExists: answered(
    "PutImage",
    "PutImage on repository \"app\" in eu-west-1 failed: The image tag 'v1' already exists in the 'app' repository and cannot be overwritten because the repository is immutable (ImageTagAlreadyExistsException). The repository's tags are immutable: use another tag, or delete this one first.",
    async (open) => {
      const world = await open(unchecked);
      await world.ecr.call("PutImageTagMutability", { repositoryName, imageTagMutability: "IMMUTABLE" });
      await put(world, bareManifest(1), { imageTag: "v1" });
      return put(world, bareManifest(2), { imageTag: "v1" });
    },
  ),
  ImageDigestMismatch: answered(
    "PutImage",
    "PutImage on repository \"app\" in eu-west-1 failed: Image digest 'sha256:…' does not match the digest of the image manifest, 'sha256:…' (ImageDigestDoesNotMatchException). These are not the bytes that the digest names: fetch or build them again.",
    async (open) => put(await open(unchecked), bareManifest(1), { imageDigest: digestOf("other") }),
  ),
  ReferencedImagesNotFound: answered(
    "PutImage",
    "PutImage on repository \"app\" in eu-west-1 failed: Images with digests '[sha256:…]' required for pushing image into repository with name 'app' in the registry with id '123456789012' do not exist (ReferencedImagesNotFoundException). Push the manifests that the index lists to this repository before the index.",
    async (open) =>
      put(await open(), indexManifest([{ digest: digestOf(bareManifest(1)), manifest: bareManifest(1) }])),
  ),
  LayersNotFound: answered(
    "PutImage",
    "PutImage on repository \"app\" in eu-west-1 failed: Layers with digests '[sha256:…]' required for pushing image into repository with name 'app' in the registry with id '123456789012' do not exist (LayersNotFoundException). Upload the missing layers to this repository before the manifest.",
    async (open) => put(await open(), imageManifest(bytes, [])),
  ),
  LayerAlreadyExists: answered(
    "CompleteLayerUpload",
    "CompleteLayerUpload on repository \"app\" in eu-west-1 failed: The layer with digest 'sha256:…' already exists in the repository with name 'app' in the registry with id '123456789012' (LayerAlreadyExistsException). Nothing is left to do: the repository holds the layer.",
    async (open) => {
      const world = await open();
      await complete(world);
      return complete(world);
    },
  ),
  LayerInaccessible: answered(
    "GetDownloadUrlForLayer",
    "GetDownloadUrlForLayer on repository \"app\" in eu-west-1 failed: The layer with digest sha256:… is not associated with an image in the repository with name 'app' in the registry with id '123456789012' (LayerInaccessibleException). Only layers of a repository's images can be fetched: put an image that has this one first.",
    async (open) => {
      const world = await open();
      await complete(world);
      return world.ecr.call("GetDownloadUrlForLayer", { repositoryName, layerDigest: digestOf(bytes) });
    },
  ),
  InvalidLayer: answered(
    "CompleteLayerUpload",
    "CompleteLayerUpload on repository \"app\" in eu-west-1 failed: The layer digest 'sha256:…' does not match the digest of the uploaded layer, 'sha256:…' (InvalidLayerException). Upload the layer again, and complete it with the digest of exactly its bytes.",
    async (open) => complete(await open(), [digestOf("x")]),
  ),
  InvalidLayerPart: answered(
    "UploadLayerPart",
    "UploadLayerPart on repository \"app\" in eu-west-1 failed: Invalid layer part for the upload with id '…': partFirstByte must be 5, got 9 (InvalidLayerPartException). Send the parts in order, each from the byte after the last one that was received.",
    async (open) => {
      const { ecr } = await open();
      const uploadId = await upload(ecr);
      const part = { partFirstByte: 9, partLastByte: 9, layerPartBlob: Buffer.from("x") };
      return ecr.call("UploadLayerPart", { repositoryName, uploadId, ...part });
    },
  ),
  UploadNotFound: answered(
    "CompleteLayerUpload",
    "CompleteLayerUpload on repository \"app\" in eu-west-1 failed: The upload with id '…' does not exist in the repository with name 'app' in the registry with id '123456789012' (UploadNotFoundException). Begin the upload again with InitiateLayerUpload.",
    async (open) => {
      const uploadId = "00000000-0000-4000-8000-000000000000";
      return (await open()).ecr.call("CompleteLayerUpload", { repositoryName, uploadId, layerDigests });
    },
  ),
  LifecyclePolicyNotFound: answered(
    "GetLifecyclePolicy",
    "GetLifecyclePolicy on repository \"app\" in eu-west-1 failed: Lifecycle policy does not exist for the repository with name 'app' in the registry with id '123456789012' (LifecyclePolicyNotFoundException). A repository has none until one is put.",
    async (open) => (await open()).ecr.call("GetLifecyclePolicy", { repositoryName }),
  ),
  RepositoryPolicyNotFound: answered(
    "GetRepositoryPolicy",
    "GetRepositoryPolicy on repository \"app\" in eu-west-1 failed: Repository policy does not exist for the repository with name 'app' in the registry with id '123456789012' (RepositoryPolicyNotFoundException). A repository has none until one is set.",
    async (open) => (await open()).ecr.call("GetRepositoryPolicy", { repositoryName }),
  ),
  RegistryPolicyNotFound: answered(
    "GetRegistryPolicy",
    "GetRegistryPolicy on the registry in eu-west-1 failed: Registry policy does not exist in the registry with id '123456789012' (RegistryPolicyNotFoundException). A registry has none until one is put.",
    async (open) => (await open()).ecr.call("GetRegistryPolicy", {}),
  ),
  ScanNotFound: answered(
    "DescribeImageScanFindings",
    "DescribeImageScanFindings on repository \"app\" in eu-west-1 failed: Image scan does not exist for the image with '{imageDigest:'null', imageTag:'v1'}' in the repository with name 'app' in the registry with id '123456789012' (ScanNotFoundException). Start a scan of the image, or turn on scanning on push.",
    async (open) => {
      const world = await open(unchecked);
      await put(world, bareManifest(1), { imageTag: "v1" });
      return world.ecr.call("DescribeImageScanFindings", { repositoryName, imageId: { imageTag: "v1" } });
    },
  ),
  ScanUnsupported: answered(
    "StartImageScan",
    "StartImageScan on repository \"app\" in eu-west-1 failed: An artifact with media type 'application/vnd.oci.image.index.v1+json' cannot be scanned. For more information, see the Amazon ECR documentation (UnsupportedImageTypeException). Scan the images that an index lists instead; an artifact that is no image cannot be scanned.",
    async (open) => {
      const world = await open(unchecked);
      const manifest = bareManifest(1);
      await put(world, manifest);
      await put(world, indexManifest([{ digest: digestOf(manifest), manifest }]), { imageTag: "all" });
      return world.ecr.call("StartImageScan", { repositoryName, imageId: { imageTag: "all" } });
    },
  ),
  InvalidParameter: answered(
    "PutLifecyclePolicy",
    'PutLifecyclePolicy on repository "app" in eu-west-1 failed: Invalid parameter at \'LifecyclePolicyText\' failed to satisfy constraint: \'Lifecycle policy validation failure: object has missing required properties (["action", "rulePriority", "selection"])\' (InvalidParameterException).',
    async (open) =>
      (await open()).ecr.call("PutLifecyclePolicy", {
        repositoryName,
        lifecyclePolicyText: `{"rules":[{}]}${" ".repeat(99)}`,
      }),
  ),
  LimitExceeded: answered(
    "CreateRepository",
    'CreateRepository on repository "other" in eu-west-1 failed: The limit of 1 repositories per registry has been exceeded (LimitExceededException). This is a quota, so trying again does not help: lower the number or ask AWS to raise it.',
    async (open) =>
      (await open({ quotas: { counts: { repositories: 1 } } })).ecr.call("CreateRepository", {
        repositoryName: "other",
      }),
  ),
  TooManyTags: answered(
    "TagResource",
    'TagResource on repository "app" in eu-west-1 failed: A repository can have at most 50 tags, got 51 (TooManyTagsException). Remove some of the tags first.',
    async (open) => {
      const tags = Array.from({ length: 51 }, (_, at) => ({ Key: `key-${at}`, Value: "" }));
      const resourceArn = `arn:aws:ecr:${REGION}:123456789012:repository/app`;
      return (await open()).ecr.call("TagResource", { resourceArn, tags });
    },
  ),
  UnknownOperation: answered(
    "DescribeRegistry",
    "DescribeRegistry on the registry in eu-west-1 failed: status 400 (UnknownOperationException). The endpoint does not know this operation: check the endpoint and the region.",
    async (open) => {
      const { local } = await open();
      const { handle } = simulate(local);
      const target = { "x-amz-target": "AmazonEC2ContainerRegistry_V20150921.PaintRepository" };
      const transport: EcrClientConfig["transport"] = {
        handle: (request, options) => handle({ ...request, headers: { ...request.headers, ...target } }, options),
      };
      return (await open({}, { transport })).ecr.call("DescribeRegistry", {});
    },
  ),
  Service: answered(
    "GetSigningConfiguration",
    "GetSigningConfiguration on the registry in eu-west-1 failed: Signing configuration does not exist in the registry with id '123456789012' (SigningConfigurationNotFoundException).",
    async (open) => (await open()).ecr.call("GetSigningConfiguration", {}),
  ),
  InvalidResponse: {
    ...answered(
      "DescribeImages",
      'DescribeImages on repository "app" in eu-west-1 failed: DescribeImages was answered with status 200, but not with its output: it is not JSON. Check the endpoint, and whether a proxy or a login page answers in its place.',
      async (open) => {
        const body = Buffer.from("<html>welcome to our network</html>");
        const transport = { handle: async () => ({ response: { statusCode: 200, headers: {}, body } }) };
        return (await open({}, { transport })).ecr.images.describe(repositoryName).all();
      },
    ),
    isAnswered: false,
  },
  Aborted: {
    ...answered(
      "DescribeImages",
      'DescribeImages on repository "app" in eu-west-1 failed: the caller\'s signal aborted.',
      async (open) => {
        const faults = { faults: [{ operation: "DescribeImages", effect: { kind: "hang" } }] } as const;
        const { ecr } = await open({ faults });
        const abort = new AbortController();
        setImmediate(() => abort.abort("enough"));
        return ecr.images.describe(repositoryName, undefined, { signal: abort.signal }).all();
      },
    ),
    isAnswered: false,
  },
  CircuitOpen: {
    ...answered(
      "DescribeImages",
      'DescribeImages on repository "app" in eu-west-1 failed: the circuit of ECR in eu-west-1 is open: its last calls failed. Nothing was sent; try again in 60 s.',
      async (open) => {
        const faults = { faults: [{ operation: "DescribeImages", effect: { kind: "server-error" } }] } as const;
        const { ecr } = await open({ faults });
        for (let call = 0; call < 5; call++)
          await ecr.images
            .describe(repositoryName)
            .all()
            .catch(() => undefined);
        return ecr.images.describe(repositoryName).all();
      },
    ),
    isAnswered: false,
  },
  ReadOnly: {
    ...answered(
      "DeleteRepository",
      'DeleteRepository on repository "app" was not sent: it writes, and this client only reads. Use one without readOnly.',
      async (open) => (await open({}, { readOnly: true })).ecr.call("DeleteRepository", { repositoryName }),
    ),
    isAnswered: false,
  },
  AccessDenied: answered(
    "DescribeImages",
    'DescribeImages on repository "app" in eu-west-1 failed: User is not authorized to perform: ecr:DescribeImages (AccessDeniedException). Check the IAM policy of the caller and the policy of the repository.',
    suffering({ kind: "access-denied" }),
    "credential",
  ),
  ExpiredToken: answered(
    "DescribeImages",
    'DescribeImages on repository "app" in eu-west-1 failed: Your authorization token has expired. Reauthenticate and try again (ExpiredTokenException). The AWS credentials have expired and could not be renewed: log in again or pass new ones.',
    suffering({ kind: "expired-token" }),
    "credential",
  ),
  InvalidCredentials: answered(
    "DescribeImages",
    'DescribeImages on repository "app" in eu-west-1 failed: The security token included in the request is invalid (UnrecognizedClientException). Check the AWS access key, the secret key and this machine\'s clock.',
    suffering({
      kind: "error",
      code: "UnrecognizedClientException",
      message: "The security token included in the request is invalid.",
    }),
    "credential",
  ),
  KmsError: answered(
    "DescribeImages",
    'DescribeImages on repository "app" in eu-west-1 failed: The operation failed because the KMS key cannot be used (KmsException). Check the state and the policy of the repository\'s KMS key.',
    suffering({ kind: "kms" }),
  ),
  Throttled: answered(
    "DescribeImages",
    'DescribeImages on repository "app" in eu-west-1 failed: Rate exceeded (ThrottlingException). Too many requests a second: send fewer at a time, or try again later.',
    suffering({ kind: "throttle" }),
    "retryable",
  ),
  ServiceUnavailable: answered(
    "DescribeImages",
    'DescribeImages on repository "app" in eu-west-1 failed: The service failed to answer (ServerException). The service has a problem of its own: try again later.',
    suffering({ kind: "server-error" }),
    "retryable",
  ),
  Timeout: {
    ...answered(
      "DescribeImages",
      'DescribeImages on repository "app" in eu-west-1 failed: POST to api.ecr.eu-west-1.amazonaws.com was not answered within 2000 ms. Try again, or allow more time by requestTimeoutMs or timeoutMs.',
      async (open) => {
        const faults = { faults: [{ operation: "DescribeImages", effect: { kind: "hang" } }] } as const;
        const time = manualTime();
        const { ecr } = await open({ faults, time }, { requestTimeoutMs: 2_000, time });
        const asked = ecr.images.describe(repositoryName).all();
        asked.catch(() => undefined);
        await time.advance("2s");
        return asked;
      },
      "retryable",
    ),
    isAnswered: false,
  },
  Connection: {
    ...answered(
      "DescribeImages",
      'DescribeImages on repository "app" in eu-west-1 failed: the connection was reset, by a fault plan. Check the network, the proxy and the endpoint.',
      suffering({ kind: "reset" }),
      "retryable",
    ),
    isAnswered: false,
  },
};
