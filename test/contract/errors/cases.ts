import type { RegistryOptions } from "../../../src/registry/create-registry.js";
import { bareManifest, indexManifest, OCI_INDEX, sha256 } from "../../fixtures/local-registry.js";
import { sharedCases } from "./upload-cases.js";
import { validInputs } from "./valid-inputs.js";
import { ACCOUNT, APP, ARN, type Case, callNamed, NO_DIGEST, PUBLIC_ARN, type World } from "./world.js";

const repositoryName = APP;
const noImage = { imageDigest: NO_DIGEST };

/** Puts an image whose layers nobody looks for, and answers its digest. */
async function put(world: World, imageTag = "v1", imageManifest = bareManifest(imageTag)): Promise<string> {
  const { image } = await world.call("PutImage", { repositoryName, imageManifest, imageTag });
  return image.imageId.imageDigest;
}

const unchecked: RegistryOptions = { layers: "unchecked" };

/** Calls an operation with its valid input, but about the repository that exists. */
const onApp = (world: World, name: keyof typeof validInputs, input: object = {}) =>
  callNamed(world, name, { ...validInputs[name], repositoryName, ...input });

/** Calls an operation with its valid input, or parts of another. */
const plain = (world: World, name: keyof typeof validInputs, input: object = {}) =>
  callNamed(world, name, { ...validInputs[name], ...input });

const secret = (name: string, region = "us-east-1") =>
  `arn:aws:secretsmanager:${region}:${ACCOUNT}:secret:ecr-pullthroughcache/${name}-AbCdEf`;
const hub = { upstreamRegistryUrl: "registry-1.docker.io", upstreamRegistry: "docker-hub" };
const withSecrets: RegistryOptions = {
  upstreamSecrets: { [secret("locked")]: "undecryptable", [secret("good")]: { username: "u", accessToken: "t" } },
};

/** A rule that exists, and then an update of it. */
const updateRule =
  (credentialArn: string): Case =>
  async (open) => {
    const world = await open(withSecrets);
    await plain(world, "CreatePullThroughCacheRule", { ...hub, credentialArn: secret("good") });
    return plain(world, "UpdatePullThroughCacheRule", { credentialArn });
  };

const createRule =
  (credentialArn: string): Case =>
  async (open) =>
    plain(await open(withSecrets), "CreatePullThroughCacheRule", { ...hub, credentialArn });

const destinations = Array.from(
  { length: 11 },
  (_, at) =>
    [
      "eu-west-1",
      "eu-west-2",
      "eu-west-3",
      "eu-central-1",
      "eu-north-1",
      "us-east-2",
      "us-west-1",
      "us-west-2",
      "ap-south-1",
      "ap-southeast-1",
      "ap-southeast-2",
    ][at] ?? "",
).map((region) => ({ region, registryId: ACCOUNT }));

const replicating = (count: number) => ({
  replicationConfiguration: { rules: [{ destinations: destinations.slice(0, count) }] },
});

/** A repository that a rule fills, with one image in it, and an upstream that does not answer any more. */
async function cached(open: Parameters<Case>[0]): Promise<World> {
  let answers = 1;
  async function* body(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(indexManifest([]));
  }
  const world = await open({
    upstreams: { "quay.io": "http://127.0.0.1:1" },
    fetchUpstream: async () => {
      answers -= 1;
      if (answers < 0) throw new Error("nobody there");
      return { status: 200, headers: { "content-type": OCI_INDEX }, body: body() };
    },
  });
  await world.call("CreatePullThroughCacheRule", { ecrRepositoryPrefix: "up", upstreamRegistryUrl: "quay.io" });
  await pull(world, "v1");
  return world;
}

const pull = (world: World, imageTag: string) =>
  callNamed(world, "BatchGetImage", { repositoryName: "up/app", imageIds: [{ imageTag }] });

/** How the errors are reached that follow from a rule or from the state of a registry: by operation and error. */
export const cases: Readonly<Record<string, Case>> = {
  ...sharedCases("", ARN),
  ...sharedCases("ecr-public:", PUBLIC_ARN),
  "PutImage ImageTagAlreadyExistsException": async (open) => {
    const world = await open(unchecked);
    await world.call("PutImageTagMutability", { repositoryName, imageTagMutability: "IMMUTABLE" });
    await put(world);
    return put(world);
  },
  "ListImageReferrers UnableToListUpstreamImageReferrersException": async (open) =>
    (await cached(open)).call("ListImageReferrers", { repositoryName: "up/app", subjectId: noImage }),
  "UpdateImageStorageClass ImageNotFoundException": async (open) => onApp(await open(), "UpdateImageStorageClass"),
  "UpdateImageStorageClass ImageStorageClassUpdateNotSupportedException": async (open) => {
    const world = await open(unchecked);
    const manifest = bareManifest("v1");
    const imageDigest = await put(world, "v1", manifest);
    await put(world, "all", indexManifest([{ digest: sha256(manifest), manifest }]));
    return onApp(world, "UpdateImageStorageClass", { imageId: { imageDigest } });
  },
  "GetDownloadUrlForLayer LayersNotFoundException": async (open) => onApp(await open(), "GetDownloadUrlForLayer"),
  "GetDownloadUrlForLayer LayerInaccessibleException": async (open) => {
    const world = await open();
    return onApp(world, "GetDownloadUrlForLayer", { layerDigest: await world.layer(APP, Buffer.from("bytes")) });
  },
  "GetLifecyclePolicy LifecyclePolicyNotFoundException": async (open) => onApp(await open(), "GetLifecyclePolicy"),
  "DeleteLifecyclePolicy LifecyclePolicyNotFoundException": async (open) =>
    onApp(await open(), "DeleteLifecyclePolicy"),
  "StartLifecyclePolicyPreview LifecyclePolicyNotFoundException": async (open) =>
    onApp(await open(), "StartLifecyclePolicyPreview"),
  "StartLifecyclePolicyPreview LifecyclePolicyPreviewInProgressException": async (open) => {
    const world = await open();
    await onApp(world, "PutLifecyclePolicy");
    await onApp(world, "StartLifecyclePolicyPreview");
    return onApp(world, "StartLifecyclePolicyPreview");
  },
  "GetLifecyclePolicyPreview LifecyclePolicyPreviewNotFoundException": async (open) =>
    onApp(await open(), "GetLifecyclePolicyPreview"),
  "StartImageScan ImageNotFoundException": async (open) => onApp(await open(), "StartImageScan"),
  "StartImageScan ImageArchivedException": async (open) => {
    const world = await open(unchecked);
    const imageId = { imageDigest: await put(world) };
    await onApp(world, "UpdateImageStorageClass", { imageId });
    return onApp(world, "StartImageScan", { imageId });
  },
  "StartImageScan LimitExceededException": async (open) => {
    const world = await open(unchecked);
    const imageId = { imageDigest: await put(world) };
    await onApp(world, "StartImageScan", { imageId });
    return onApp(world, "StartImageScan", { imageId });
  },
  "StartImageScan UnsupportedImageTypeException": async (open) => {
    const world = await open(unchecked);
    const manifest = bareManifest("v1");
    await put(world, "v1", manifest);
    const imageDigest = await put(world, "all", indexManifest([{ digest: sha256(manifest), manifest }]));
    return onApp(world, "StartImageScan", { imageId: { imageDigest } });
  },
  "StartImageScan ValidationException": async (open) => {
    const world = await open(unchecked);
    const imageId = { imageDigest: await put(world) };
    await world.call("PutRegistryScanningConfiguration", { scanType: "ENHANCED" });
    return onApp(world, "StartImageScan", { imageId });
  },
  "DescribeImageScanFindings ImageNotFoundException": async (open) => onApp(await open(), "DescribeImageScanFindings"),
  "DescribeImageScanFindings ScanNotFoundException": async (open) => {
    const world = await open(unchecked);
    return onApp(world, "DescribeImageScanFindings", { imageId: { imageDigest: await put(world) } });
  },
  "PutReplicationConfiguration ValidationException": async (open) =>
    plain(await open(), "PutReplicationConfiguration", {
      replicationConfiguration: { rules: [{ destinations: [{ region: "cn-north-1", registryId: ACCOUNT }] }] },
    }),
  "DescribeImageReplicationStatus ImageNotFoundException": async (open) =>
    onApp(await open(), "DescribeImageReplicationStatus", { imageId: noImage }),
  "StartReplicationBackfill ValidationException": async (open) => plain(await open(), "StartReplicationBackfill"),
  "StartReplicationBackfill ReplicationBackfillInProgressException": async (open) => {
    const world = await open();
    await world.call("PutReplicationConfiguration", replicating(1));
    await plain(world, "StartReplicationBackfill");
    return plain(world, "StartReplicationBackfill");
  },
  "StartReplicationBackfill LimitExceededException": async (open) => {
    const world = await open();
    await world.call("PutReplicationConfiguration", replicating(11));
    const [last, ...others] = destinations.toReversed();
    for (const destination of others) await plain(world, "StartReplicationBackfill", { destination });
    return plain(world, "StartReplicationBackfill", { destination: last });
  },
  "StopReplicationBackfill ReplicationBackfillNotFoundException": async (open) =>
    plain(await open(), "StopReplicationBackfill"),
  "StopReplicationBackfill ReplicationBackfillInvalidStatusException": async (open) => {
    const world = await open();
    await world.call("PutReplicationConfiguration", replicating(1));
    const { replicationBackfillId } = await plain(world, "StartReplicationBackfill");
    await world.time.advance("1h");
    return plain(world, "StopReplicationBackfill", { replicationBackfillId });
  },
  "DescribeReplicationBackfillResults ReplicationBackfillNotFoundException": async (open) =>
    plain(await open(), "DescribeReplicationBackfillResults"),
  "PutRegistryPolicy ValidationException": async (open) =>
    plain(await open(), "PutRegistryPolicy", {
      policyText: (validInputs.PutRegistryPolicy.policyText ?? "").replace("ecr:ReplicateImage", "s3:GetObject"),
    }),
  "GetRegistryPolicy RegistryPolicyNotFoundException": async (open) => plain(await open(), "GetRegistryPolicy"),
  "DeleteRegistryPolicy RegistryPolicyNotFoundException": async (open) => plain(await open(), "DeleteRegistryPolicy"),
  "CreatePullThroughCacheRule PullThroughCacheRuleAlreadyExistsException": async (open) => {
    const world = await open();
    await plain(world, "CreatePullThroughCacheRule");
    return plain(world, "CreatePullThroughCacheRule");
  },
  "CreatePullThroughCacheRule LimitExceededException": async (open) => {
    const world = await open();
    for (let at = 0; at < 50; at++)
      await plain(world, "CreatePullThroughCacheRule", { ecrRepositoryPrefix: `hub-${at}` });
    return plain(world, "CreatePullThroughCacheRule");
  },
  "CreatePullThroughCacheRule UnsupportedUpstreamRegistryException": async (open) =>
    plain(await open(), "CreatePullThroughCacheRule", { upstreamRegistryUrl: "registry.example.com" }),
  "CreatePullThroughCacheRule ValidationException": async (open) =>
    plain(await open(), "CreatePullThroughCacheRule", { upstreamRegistry: "quay" }),
  "CreatePullThroughCacheRule SecretNotFoundException": createRule(secret("none")),
  "CreatePullThroughCacheRule UnableToAccessSecretException": createRule(secret("good", "eu-west-1")),
  "CreatePullThroughCacheRule UnableToDecryptSecretValueException": createRule(secret("locked")),
  "UpdatePullThroughCacheRule SecretNotFoundException": updateRule(secret("none")),
  "UpdatePullThroughCacheRule UnableToAccessSecretException": updateRule(secret("good", "eu-west-1")),
  "UpdatePullThroughCacheRule UnableToDecryptSecretValueException": updateRule(secret("locked")),
  "UpdatePullThroughCacheRule PullThroughCacheRuleNotFoundException": async (open) =>
    plain(await open(), "UpdatePullThroughCacheRule"),
  "DeletePullThroughCacheRule PullThroughCacheRuleNotFoundException": async (open) =>
    plain(await open(), "DeletePullThroughCacheRule"),
  "ValidatePullThroughCacheRule PullThroughCacheRuleNotFoundException": async (open) =>
    plain(await open(), "ValidatePullThroughCacheRule"),
  "DescribePullThroughCacheRules PullThroughCacheRuleNotFoundException": async (open) =>
    plain(await open(), "DescribePullThroughCacheRules", { ecrRepositoryPrefixes: ["none"] }),
  "CreateRepositoryCreationTemplate TemplateAlreadyExistsException": async (open) => {
    const world = await open();
    await plain(world, "CreateRepositoryCreationTemplate");
    return plain(world, "CreateRepositoryCreationTemplate");
  },
  "CreateRepositoryCreationTemplate ValidationException": async (open) =>
    plain(await open(), "CreateRepositoryCreationTemplate", { appliedFor: [] }),
  "UpdateRepositoryCreationTemplate TemplateNotFoundException": async (open) =>
    plain(await open(), "UpdateRepositoryCreationTemplate"),
  "DeleteRepositoryCreationTemplate TemplateNotFoundException": async (open) =>
    plain(await open(), "DeleteRepositoryCreationTemplate"),
  "PutAccountSetting ValidationException": async (open) => plain(await open(), "PutAccountSetting", { value: "MAYBE" }),
  "PutSigningConfiguration ValidationException": async (open) => {
    const { rules } = validInputs.PutSigningConfiguration.signingConfiguration ?? { rules: [] };
    return plain(await open(), "PutSigningConfiguration", { signingConfiguration: { rules: [...rules, ...rules] } });
  },
  "GetSigningConfiguration SigningConfigurationNotFoundException": async (open) =>
    plain(await open(), "GetSigningConfiguration"),
  "DeleteSigningConfiguration SigningConfigurationNotFoundException": async (open) =>
    plain(await open(), "DeleteSigningConfiguration"),
  "DescribeImageSigningStatus ImageNotFoundException": async (open) =>
    onApp(await open(), "DescribeImageSigningStatus"),
  "RegisterPullTimeUpdateExclusion ExclusionAlreadyExistsException": async (open) => {
    const world = await open();
    await plain(world, "RegisterPullTimeUpdateExclusion");
    return plain(world, "RegisterPullTimeUpdateExclusion");
  },
  "RegisterPullTimeUpdateExclusion LimitExceededException": async (open) => {
    const world = await open();
    const role = (at: number) => ({ principalArn: `arn:aws:iam::${ACCOUNT}:role/builder-${at}` });
    for (let at = 0; at < 100; at++) await plain(world, "RegisterPullTimeUpdateExclusion", role(at));
    return plain(world, "RegisterPullTimeUpdateExclusion", role(100));
  },
  "DeregisterPullTimeUpdateExclusion ExclusionNotFoundException": async (open) =>
    plain(await open(), "DeregisterPullTimeUpdateExclusion"),
  "BatchGetImage UnableToGetUpstreamImageException": async (open) => pull(await cached(open), "v2"),
  "CreateRepositoryCreationTemplate LimitExceededException": async (open) => {
    const world = await open();
    for (let at = 0; at < 50; at++) await plain(world, "CreateRepositoryCreationTemplate", { prefix: `hub-${at}` });
    return plain(world, "CreateRepositoryCreationTemplate");
  },
  "ecr-public:GetRepositoryCatalogData RepositoryCatalogDataNotFoundException": async (open) =>
    onApp(await open(), "ecr-public:GetRepositoryCatalogData"),
};
