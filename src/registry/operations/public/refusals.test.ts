import { describe, expect, it } from "vitest";
import { bareManifest, caller, refusal, sha256, testRegistry } from "../../../../test/fixtures/local-registry.js";
import { ecrPublicOperations } from "../../../protocol/ecr-public/operations.js";
import type { OperationName } from "../../../protocol/operations.js";

type PublicName = keyof typeof ecrPublicOperations;
const names = Object.keys(ecrPublicOperations) as readonly PublicName[];

const repositoryName = "app";
const resourceArn = "arn:aws:ecr-public::000000000000:repository/app";
const uploadId = "00000000-0000-4000-8000-000000000000";
const PART = { partFirstByte: 0, partLastByte: 0, layerPartBlob: "eA==" };
const tags = (count: number) => Array.from({ length: count }, (_, index) => ({ Key: `k${index}`, Value: "" }));
const MANIFEST = bareManifest(1);
const INDEX = JSON.stringify({
  schemaVersion: 2,
  mediaType: "application/vnd.oci.image.index.v1+json",
  manifests: [{ mediaType: "application/vnd.oci.image.manifest.v1+json", digest: sha256("none"), size: 4 }],
});

/** Per operation an input that is good but for its repository, which there is not. */
const GOOD: Readonly<Record<PublicName, object>> = {
  CreateRepository: { repositoryName },
  DescribeRepositories: { repositoryNames: [repositoryName] },
  DeleteRepository: { repositoryName },
  PutImage: { repositoryName, imageManifest: MANIFEST },
  BatchDeleteImage: { repositoryName, imageIds: [{ imageTag: "v1" }] },
  DescribeImages: { repositoryName },
  DescribeImageTags: { repositoryName },
  BatchCheckLayerAvailability: { repositoryName, layerDigests: [sha256("")] },
  InitiateLayerUpload: { repositoryName },
  UploadLayerPart: { repositoryName, uploadId, ...PART },
  CompleteLayerUpload: { repositoryName, uploadId, layerDigests: [sha256("")] },
  GetAuthorizationToken: {},
  DescribeRegistries: {},
  GetRegistryCatalogData: {},
  PutRegistryCatalogData: { displayName: "Acme" },
  GetRepositoryCatalogData: { repositoryName },
  PutRepositoryCatalogData: { repositoryName, catalogData: {} },
  SetRepositoryPolicy: {
    repositoryName,
    policyText: '{"Statement":{"Effect":"Allow","Principal":"*","Action":"*"}}',
  },
  GetRepositoryPolicy: { repositoryName },
  DeleteRepositoryPolicy: { repositoryName },
  TagResource: { resourceArn, tags: [] },
  UntagResource: { resourceArn, tagKeys: [] },
  ListTagsForResource: { resourceArn },
};

/** What makes a good input bad. */
const badly = (name: PublicName): object => {
  if (name === "DescribeRegistries") return { maxResults: 1001 };
  if (name === "PutRegistryCatalogData") return { displayName: "x".repeat(101) };
  if ("resourceArn" in GOOD[name]) return { ...GOOD[name], resourceArn: "app" };
  return name === "DescribeRepositories" ? { repositoryNames: ["A"] } : { ...GOOD[name], repositoryName: "A" };
};

type Call = (name: PublicName, input: object, by?: typeof caller) => Promise<unknown>;
const started = async (options: Parameters<typeof testRegistry>[0] = {}) => {
  const { call, registry } = testRegistry(options);
  // The rows of the tables are inputs of all operations, which no single type is.
  const run: Call = (name, input, by) => call(`ecr-public:${name}` as OperationName, input as never, by);
  return { run, registry };
};

describe("every operation of ECR Public", () => {
  it.each(names)("%s is done in us-east-1 only, although us-west-2 answers", async (name) => {
    const { run } = await started();
    for (const region of ["us-west-2", "eu-west-1"])
      expect(await refusal(run(name, GOOD[name], { ...caller, region }) as Promise<unknown>)).toEqual({
        code: "UnsupportedCommandException",
        message: `${name} command is only supported in us-east-1.`,
        members: {},
      });
  });

  const withBadInput = names.filter((name) => !["GetAuthorizationToken", "GetRegistryCatalogData"].includes(name));
  it.each(withBadInput)("%s refuses a bad parameter", async (name) => {
    const { run } = await started();
    expect((await refusal(run(name, badly(name)))).code).toBe("InvalidParameterException");
  });

  const inRepository = names.filter((name) => ecrPublicOperations[name].errors.includes("RepositoryNotFoundException"));
  it.each(inRepository)("%s tells that there is no such repository", async (name) => {
    const { run } = await started({ layers: "unchecked" });
    expect((await refusal(run(name, GOOD[name]))).code).toBe("RepositoryNotFoundException");
  });

  it("is not reached under the private service's name", async () => {
    const { registry } = await started();
    const named = { service: "ecr", name: "ecr-public:CreateRepository" };
    expect((await refusal(registry.call(named, caller, { repositoryName }))).code).toBe("UnknownOperationException");
  });
});

describe("a private operation", () => {
  it("does not reach a public registry by what stands for its region", async () => {
    const { registry } = await started();
    const by = { ...caller, region: registry.publicRegistries.region };
    const listing = registry.call({ service: "ecr", name: "DescribeRepositories" }, by, {});
    expect((await refusal(listing)).code).toBe("InvalidSignatureException");
  });
});

describe("a public repository", () => {
  it.each([
    ["CreateRepository", GOOD.CreateRepository, "RepositoryAlreadyExistsException"],
    ["CreateRepository", { repositoryName: "b0", tags: tags(51) }, "TooManyTagsException"],
    ["CreateRepository", { repositoryName: "b0", tags: [{ Value: "v" }] }, "InvalidTagParameterException"],
    ["CreateRepository", { repositoryName: "b0", catalogData: { logoImageBlob: "eA==" } }, "InvalidParameterException"],
    ["TagResource", { resourceArn, tags: tags(51) }, "TooManyTagsException"],
    ["TagResource", { resourceArn, tags: [{ Key: "aws:k" }] }, "InvalidTagParameterException"],
    ["UntagResource", { resourceArn, tagKeys: tags(51).map(({ Key }) => Key) }, "TooManyTagsException"],
    ["UntagResource", { resourceArn, tagKeys: ["aws:k"] }, "InvalidTagParameterException"],
    ["GetRepositoryPolicy", { repositoryName }, "RepositoryPolicyNotFoundException"],
    ["DeleteRepositoryPolicy", { repositoryName }, "RepositoryPolicyNotFoundException"],
    ["GetRepositoryCatalogData", { repositoryName }, "RepositoryCatalogDataNotFoundException"],
    ["DescribeImages", { repositoryName, imageIds: [{ imageTag: "v1" }] }, "ImageNotFoundException"],
    ["DescribeImageTags", { repositoryName, nextToken: "x" }, "InvalidParameterException"],
    ["DescribeRegistries", { nextToken: "x" }, "InvalidParameterException"],
    ["PutImage", GOOD.PutImage, "LayersNotFoundException"],
    ["PutImage", { repositoryName, imageManifest: INDEX }, "ReferencedImagesNotFoundException"],
    ["PutImage", { ...GOOD.PutImage, imageDigest: sha256("") }, "ImageDigestDoesNotMatchException"],
    ["UploadLayerPart", GOOD.UploadLayerPart, "UploadNotFoundException"],
    ["CompleteLayerUpload", GOOD.CompleteLayerUpload, "UploadNotFoundException"],
  ] as const)("refuses %s of %j", async (name, input, code) => {
    const { run } = await started();
    await run("CreateRepository", GOOD.CreateRepository);
    expect((await refusal(run(name, input))).code).toBe(code);
  });

  it("with an image is not deleted without force, and takes no image twice", async () => {
    const { run } = await started({ layers: "unchecked" });
    await run("CreateRepository", GOOD.CreateRepository);
    await run("PutImage", GOOD.PutImage);
    expect((await refusal(run("PutImage", GOOD.PutImage))).code).toBe("ImageAlreadyExistsException");
    expect((await refusal(run("DeleteRepository", { repositoryName }))).code).toBe("RepositoryNotEmptyException");
    await run("DeleteRepository", { repositoryName, force: true });
  });

  it("takes a thousand tags to an image", async () => {
    const { run } = await started({ layers: "unchecked" });
    await run("CreateRepository", GOOD.CreateRepository);
    for (let tag = 0; tag < 1000; tag += 1) await run("PutImage", { ...GOOD.PutImage, imageTag: `v${tag}` });
    expect((await refusal(run("PutImage", { ...GOOD.PutImage, imageTag: "more" }))).code).toBe(
      "LimitExceededException",
    );
  });

  it("refuses layers as ECR does", async () => {
    const { run } = await started();
    await run("CreateRepository", GOOD.CreateRepository);
    const begin = async () => ((await run("InitiateLayerUpload", { repositoryName })) as { uploadId: string }).uploadId;
    const complete = (id: string, digest = sha256("x")) =>
      run("CompleteLayerUpload", { repositoryName, uploadId: id, layerDigests: [digest] });
    const part = (id: string, at = 0) =>
      run("UploadLayerPart", { ...PART, repositoryName, uploadId: id, partFirstByte: at, partLastByte: at });
    const id = await begin();
    expect((await refusal(complete(id))).code).toBe("EmptyUploadException");
    expect((await refusal(part(id, 7))).code).toBe("InvalidLayerPartException");
    await part(id);
    await complete(id);
    const again = await begin();
    await part(again);
    expect((await refusal(complete(again))).code).toBe("LayerAlreadyExistsException");
    const wrong = await begin();
    await part(wrong);
    expect((await refusal(complete(wrong, sha256("y")))).code).toBe("InvalidLayerException");
    const small = await begin();
    await part(small);
    await part(small, 1);
    await part(small, 2);
    expect((await refusal(complete(small, sha256("xxx")))).code).toBe("LayerPartTooSmallException");
  });
});
