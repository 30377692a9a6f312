import { caller } from "../../fixtures/local-registry.js";
import type { Json } from "../errors/world.js";
import { allPages, api, type Draw, drawFilter, drawId, drawIds, type Step, targetOf } from "./draw.js";
import type { ModelImage } from "./model.js";
import { LAYERS, MANIFESTS, REPOSITORIES, TAGS } from "./pool.js";

type DrawStep = (draw: Draw, repositoryName: string) => Step;

const createRepository: DrawStep = (_, repositoryName) => ({
  name: `CreateRepository ${repositoryName}`,
  real: async (local) => void (await api(local, "CreateRepository", { repositoryName })),
  model: (model) => model.create(repositoryName),
});

const deleteRepository: DrawStep = ({ chance }, repositoryName) => {
  const force = chance(0.6);
  return {
    name: `DeleteRepository ${repositoryName} ${force}`,
    real: async (local) => void (await api(local, "DeleteRepository", { repositoryName, force })),
    model: (model) => model.delete(repositoryName, force),
  };
};

const listRepositories: DrawStep = () => ({
  name: "DescribeRepositories",
  async real(local) {
    const repositories = await allPages(local, "DescribeRepositories", {}, "repositories");
    return repositories.map((one) => [one.repositoryName, one.imageTagMutability]);
  },
  model: ({ repositories }) => [...repositories].map(([name, { mutability }]) => [name, mutability]).sort(byFirst),
});

const byFirst = ([a = ""]: readonly unknown[], [b = ""]: readonly unknown[]): number =>
  String(a) < String(b) ? -1 : 1;

const setMutability: DrawStep = ({ chance }, repositoryName) => {
  const imageTagMutability = chance(0.3) ? "IMMUTABLE" : "MUTABLE";
  return {
    name: `PutImageTagMutability ${repositoryName} ${imageTagMutability}`,
    real: async (local) => void (await api(local, "PutImageTagMutability", { repositoryName, imageTagMutability })),
    model(model) {
      model.repository(repositoryName).mutability = imageTagMutability;
    },
  };
};

const uploadLayer: DrawStep = ({ of }, repositoryName) => {
  const [digest, bytes] = of([...LAYERS]);
  return {
    name: `upload ${repositoryName} ${digest}`,
    real: async (local) => void (await local.layer(repositoryName, bytes)),
    model: (model) => model.upload(repositoryName, digest, bytes.byteLength),
  };
};

const checkLayers: DrawStep = (_, repositoryName) => ({
  name: `BatchCheckLayerAvailability ${repositoryName}`,
  async real(local) {
    const { layers } = await api(local, "BatchCheckLayerAvailability", {
      repositoryName,
      layerDigests: [...LAYERS.keys()],
    });
    return layers.map((one: Json) => [one.layerDigest, one.layerAvailability, one.layerSize]);
  },
  model: (model) =>
    [...LAYERS.keys()].map((digest) => [
      digest,
      model.availability(repositoryName, digest),
      model.repository(repositoryName).layers.get(digest),
    ]),
});

const putImage: DrawStep = ({ of, chance }, repositoryName) => {
  const manifest = of(MANIFESTS);
  const imageTag = chance(0.6) ? of(TAGS) : undefined;
  return {
    name: `PutImage ${repositoryName} ${manifest.digest} ${imageTag}`,
    async real(local) {
      const put = await api(local, "PutImage", { repositoryName, imageManifest: manifest.text, imageTag });
      return put.image.imageId.imageDigest;
    },
    model(model) {
      model.put(repositoryName, manifest, imageTag, "refuse");
      return manifest.digest;
    },
  };
};

const pushManifest: DrawStep = ({ of, chance }, repositoryName) => {
  const manifest = of(MANIFESTS);
  const tag = chance(0.6) ? of(TAGS) : undefined;
  return {
    name: `push ${repositoryName} ${manifest.digest} ${tag}`,
    async real({ registry }) {
      const body = { bytes: Buffer.from(manifest.text), mediaType: undefined };
      const { digest, subject } = await registry.data.putManifest(
        caller,
        targetOf(repositoryName),
        tag ?? manifest.digest,
        body,
      );
      return [digest, subject];
    },
    model(model) {
      model.put(repositoryName, manifest, tag, "accept");
      return [manifest.digest, manifest.subject];
    },
  };
};

const batchGetImage: DrawStep = (draw, repositoryName) => {
  const imageIds = drawIds(draw);
  return {
    name: `BatchGetImage ${repositoryName} ${JSON.stringify(imageIds)}`,
    async real(local) {
      const { images, failures } = await api(local, "BatchGetImage", { repositoryName, imageIds });
      return [images.map((one: Json) => one.imageId.imageDigest), failures.map((one: Json) => one.failureCode)];
    },
    model(model) {
      model.repository(repositoryName);
      const pulled = imageIds.map((id) => model.pull(repositoryName, id));
      return [pulled.filter((one) => one.includes(":")), pulled.filter((one) => !one.includes(":"))];
    },
  };
};

const pullManifest: DrawStep = (draw, repositoryName) => {
  const { imageDigest, imageTag = "latest" } = drawId(draw);
  const reference = imageDigest ?? imageTag;
  return {
    name: `pull ${repositoryName} ${reference}`,
    real: async ({ registry }) =>
      (await registry.data.manifest(caller, targetOf(repositoryName), reference, { pull: true })).digest,
    model(model) {
      model.repository(repositoryName);
      const pulled = model.pull(repositoryName, imageDigest === undefined ? { imageTag } : { imageDigest });
      return pulled.includes(":") ? pulled : model.refuse("ImageNotFoundException");
    },
  };
};

const batchDeleteImage: DrawStep = (draw, repositoryName) => {
  const imageIds = drawIds(draw);
  return {
    name: `BatchDeleteImage ${repositoryName} ${JSON.stringify(imageIds)}`,
    async real(local) {
      const answer = await api(local, "BatchDeleteImage", { repositoryName, imageIds });
      return [
        answer.imageIds.map((one: Json) => `${one.imageDigest} ${one.imageTag ?? ""}`),
        answer.failures.map((one: Json) => one.failureCode),
      ];
    },
    model(model) {
      model.repository(repositoryName);
      const removed = imageIds.map((id) => model.remove(repositoryName, id));
      return [
        removed.flatMap((one) => (typeof one === "string" ? [] : one)),
        removed.filter((one) => typeof one === "string"),
      ];
    },
  };
};

const listImages: DrawStep = (draw, repositoryName) => {
  const { filter, shows } = drawFilter(draw);
  return {
    name: `ListImages ${repositoryName} ${JSON.stringify(filter)}`,
    async real(local) {
      const ids = await allPages(local, "ListImages", { repositoryName, filter }, "imageIds");
      return ids.map(({ imageDigest, imageTag = "" }) => `${imageDigest} ${imageTag}`);
    },
    model: (model) =>
      [...model.repository(repositoryName).images]
        .filter(([, image]) => shows(image))
        .flatMap(([digest, { tags }]) =>
          tags.size === 0 ? [`${digest} `] : [...tags].map((tag) => `${digest} ${tag}`),
        )
        .sort(),
  };
};

/** What DescribeImages says that the model knows. */
const detailOf = (digest: string, image: ModelImage): object => ({
  imageDigest: digest,
  imageSizeInBytes: image.sizeBytes,
  imageStatus: image.status,
  imagePushedAt: image.pushedAtMs / 1000,
  ...(image.tags.size > 0 && { imageTags: [...image.tags].sort() }),
  ...(image.pulledAtMs !== undefined && { lastRecordedPullTime: image.pulledAtMs / 1000 }),
  ...(image.archivedAtMs !== undefined && { lastArchivedAt: image.archivedAtMs / 1000 }),
  ...(image.activatedAtMs !== undefined && { lastActivatedAt: image.activatedAtMs / 1000 }),
  ...(image.subject !== undefined && { subjectManifestDigest: image.subject }),
});

const known = ({ registryId, repositoryName, imageManifestMediaType, artifactMediaType, ...rest }: Json): object =>
  rest;

const describeImages: DrawStep = (draw, repositoryName) => {
  const { filter, shows } = drawFilter(draw);
  return {
    name: `DescribeImages ${repositoryName} ${JSON.stringify(filter)}`,
    real: async (local) =>
      (await allPages(local, "DescribeImages", { repositoryName, filter }, "imageDetails")).map(known),
    model: (model) =>
      [...model.repository(repositoryName).images]
        .filter(([, image]) => shows(image))
        .sort(byFirst)
        .map(([digest, image]) => detailOf(digest, image)),
  };
};

const describeNamed: DrawStep = (draw, repositoryName) => {
  const imageIds = drawIds(draw).filter((id) => Object.keys(id).length > 0);
  const asked = imageIds.length > 0 ? imageIds : [{ imageTag: "a" }];
  return {
    name: `DescribeImages ${repositoryName} ${JSON.stringify(asked)}`,
    real: async (local) =>
      (await api(local, "DescribeImages", { repositoryName, imageIds: asked })).imageDetails.map(known),
    model(model) {
      model.repository(repositoryName);
      const details = new Map<string, object>();
      for (const id of asked) {
        const found = model.find(repositoryName, id);
        if (typeof found === "string") return model.refuse("ImageNotFoundException");
        details.set(found.digest, detailOf(found.digest, found.image));
      }
      return [...details.values()];
    },
  };
};

const listReferrers: DrawStep = ({ of }, repositoryName) => {
  const { digest: imageDigest } = of(MANIFESTS);
  const artifactStatus = of(["ACTIVE", "ARCHIVED", "ACTIVATING", "ANY"]);
  return {
    name: `ListImageReferrers ${repositoryName} ${imageDigest} ${artifactStatus}`,
    async real(local) {
      const input = { repositoryName, subjectId: { imageDigest }, filter: { artifactStatus } };
      return (await allPages(local, "ListImageReferrers", input, "referrers")).map(({ digest }) => digest);
    },
    model: (model) => model.referrers(repositoryName, imageDigest, artifactStatus),
  };
};

const updateStorageClass: DrawStep = ({ of, chance }, repositoryName) => {
  const imageId = chance(0.5) ? { imageDigest: of(MANIFESTS).digest } : { imageTag: of(TAGS) };
  const targetStorageClass = chance(0.6) ? "ARCHIVE" : "STANDARD";
  return {
    name: `UpdateImageStorageClass ${repositoryName} ${JSON.stringify(imageId)} ${targetStorageClass}`,
    real: async (local) =>
      (await api(local, "UpdateImageStorageClass", { repositoryName, imageId, targetStorageClass })).imageStatus,
    model(model) {
      model.repository(repositoryName);
      return model.store(repositoryName, imageId, targetStorageClass);
    },
  };
};

const listTags: DrawStep = (_, repositoryName) => ({
  name: `tags ${repositoryName}`,
  real: async ({ registry }) => (await registry.data.tags(caller, targetOf(repositoryName), {})).items,
  model: (model) =>
    [...model.repository(repositoryName).images.values()]
      .flatMap(({ tags, status }) => (status === "ACTIVE" ? [...tags] : []))
      .sort(),
});

const arnOf = (repositoryName: string): string =>
  `arn:aws:ecr:${caller.region}:${caller.account}:repository/${repositoryName}`;

const tagResource: DrawStep = ({ of }, repositoryName) => {
  const [Key, Value] = [of(["team", "tier"]), of(["x", "y", ""])];
  return {
    name: `TagResource ${repositoryName} ${Key}=${Value}`,
    real: async (local) =>
      void (await api(local, "TagResource", { resourceArn: arnOf(repositoryName), tags: [{ Key, Value }] })),
    model: (model) => void model.repository(repositoryName).resourceTags.set(Key, Value),
  };
};

const untagResource: DrawStep = ({ of }, repositoryName) => {
  const tagKeys = [of(["team", "tier"])];
  return {
    name: `UntagResource ${repositoryName} ${tagKeys}`,
    real: async (local) => void (await api(local, "UntagResource", { resourceArn: arnOf(repositoryName), tagKeys })),
    model: (model) => void model.repository(repositoryName).resourceTags.delete(tagKeys[0] ?? ""),
  };
};

const listResourceTags: DrawStep = (_, repositoryName) => ({
  name: `ListTagsForResource ${repositoryName}`,
  async real(local) {
    const { tags = [] } = await api(local, "ListTagsForResource", { resourceArn: arnOf(repositoryName) });
    return tags.map(({ Key, Value }: Json) => `${Key}=${Value}`).sort();
  },
  model: (model) => [...model.repository(repositoryName).resourceTags].map(([key, value]) => `${key}=${value}`).sort(),
});

const passTime: DrawStep = ({ number }) => {
  const ms = (1 + number(90)) * 60_000;
  return {
    name: `wait ${ms}`,
    real: ({ time }) => time.advance(ms),
    model: (model) => model.advance(ms),
  };
};

/** Every kind of step, and how often it comes beside the others. */
const STEPS: readonly (readonly [weight: number, draw: DrawStep])[] = [
  [3, createRepository],
  [1, deleteRepository],
  [2, listRepositories],
  [2, setMutability],
  [12, uploadLayer],
  [4, checkLayers],
  [18, putImage],
  [10, pushManifest],
  [5, batchGetImage],
  [5, pullManifest],
  [6, batchDeleteImage],
  [6, listImages],
  [6, describeImages],
  [4, describeNamed],
  [4, listReferrers],
  [6, updateStorageClass],
  [3, listTags],
  [2, tagResource],
  [1, untagResource],
  [2, listResourceTags],
  [4, passTime],
];

const TICKETS: readonly DrawStep[] = STEPS.flatMap(([weight, draw]) => Array<DrawStep>(weight).fill(draw));

/** Any step, about any repository. */
export const drawStep = (draw: Draw): Step => draw.of(TICKETS)(draw, draw.of(REPOSITORIES));
