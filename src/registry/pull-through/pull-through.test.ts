import { beforeEach, describe, expect, it } from "vitest";
import {
  caller,
  imageManifest,
  indexManifest,
  refusal,
  sha256,
  type TestRegistry,
  target,
  testRegistry,
} from "../../../test/fixtures/local-registry.js";
import { policyOf } from "../../../test/fixtures/policies.js";
import { type AccountsFile, parseAccounts } from "../../policy/accounts.js";
import type { InputOf } from "../../protocol/operations.js";
import type { Caller } from "../registry.js";
import type { UpstreamFetch } from "./upstream.js";

/** A registry outside, and what stands between it and ours. */
interface Outside {
  readonly registry: TestRegistry;
  readonly fetch: UpstreamFetch;
  /** Every path that was asked for, without `/v2/`. */
  readonly asked: string[];
  /** Answers in place of the registry while it is set. */
  failing: number | "no answer" | undefined;
  /** Given instead of a blob's bytes while it is set. */
  blob: Uint8Array | undefined;
}

function outside(): Outside {
  const registry = testRegistry();
  const { data } = registry.registry;
  const asked: string[] = [];
  const read = async (path: string): Promise<{ bytes: Uint8Array; mediaType: string }> => {
    const [, name = "", kind, reference = ""] = /^(.+)\/(manifests|blobs|referrers)\/([^/]+)$/.exec(path) ?? [];
    if (kind === "manifests") return data.manifest(caller, target(name), reference, { pull: true });
    if (kind === "referrers") {
      const manifests = await data.referrers(caller, target(name), reference);
      return { bytes: Buffer.from(JSON.stringify({ manifests })), mediaType: "application/json" };
    }
    const blob = await data.blob(caller, target(name), reference);
    const bytes = it_.blob ?? Buffer.concat(await blob.open().toArray());
    return { bytes, mediaType: "application/octet-stream" };
  };
  const it_: Outside = {
    registry,
    asked,
    failing: undefined,
    blob: undefined,
    async fetch({ url, headers }) {
      const path = new URL(url).pathname.slice("/v2/".length);
      asked.push(path);
      if (it_.failing === "no answer") throw new Error("connect ECONNREFUSED");
      if (it_.failing !== undefined) return { status: it_.failing, headers: {}, body: chunks() };
      if (path === "") return { status: headers["authorization"] === LOGIN ? 200 : 401, headers: {}, body: chunks() };
      return read(path).then(
        ({ bytes, mediaType }) => ({ status: 200, headers: { "content-type": mediaType }, body: chunks(bytes) }),
        () => ({ status: 404, headers: {}, body: chunks() }),
      );
    },
  };
  return it_;
}

async function* chunks(...all: readonly Uint8Array[]): AsyncIterable<Uint8Array> {
  yield* all;
}

const SECRET = "arn:aws:secretsmanager:us-east-1:000000000000:secret:ecr-pullthroughcache/hub-AbCdEf";
const LOGIN = `Basic ${Buffer.from("me:token").toString("base64")}`;

let local: TestRegistry;
let hub: Outside;
beforeEach(async () => {
  hub = outside();
  await hub.registry.call("CreateRepository", { repositoryName: "library/nginx" });
  local = testRegistry({
    upstreams: { "docker-hub": "http://127.0.0.1:5000" },
    fetchUpstream: (request) => hub.fetch(request),
  });
  await createRule({});
});

const createRule = (input: Partial<InputOf<"CreatePullThroughCacheRule">>) =>
  local.call("CreatePullThroughCacheRule", {
    ecrRepositoryPrefix: "hub",
    upstreamRegistryUrl: "registry-1.docker.io",
    credentialArn: SECRET,
    ...input,
  });
const NGINX = "hub/library/nginx";
const pull = (reference: string, name = NGINX) =>
  local.registry.data.manifest(caller, target(name), reference, { pull: true });
const get = (...imageIds: readonly object[]) => local.call("BatchGetImage", { repositoryName: NGINX, imageIds });

describe("the first pull through a rule", () => {
  it("makes the repository and brings the image whole", async () => {
    const { digest, layers, manifest } = await hub.registry.image("library/nginx", "1");
    expect(await pull("1")).toMatchObject({ digest, bytes: Buffer.from(manifest) });
    const { repositories } = await local.call("DescribeRepositories", { repositoryNames: [NGINX] });
    expect(repositories).toMatchObject([
      { imageTagMutability: "MUTABLE", encryptionConfiguration: { encryptionType: "AES256" } },
    ]);
    expect((await local.call("ListImages", { repositoryName: NGINX })).imageIds).toEqual([
      { imageDigest: digest, imageTag: "1" },
    ]);
    expect((await local.registry.control.events(0, 100)).at(-1)?.event).toMatchObject({
      "detail-type": "ECR Pull Through Cache Action",
      resources: [`arn:aws:ecr:us-east-1:000000000000:repository/${NGINX}`],
      detail: {
        "sync-status": "SUCCESS",
        "ecr-repository-prefix": "hub",
        "repository-name": NGINX,
        "upstream-registry-url": "registry-1.docker.io",
        "image-tag": "1",
        "image-digest": digest,
      },
    });
    const blob = await local.registry.data.blob(caller, target(NGINX), layers[0] ?? "");
    expect(sha256(Buffer.concat(await blob.open().toArray()))).toBe(layers[0]);
  });

  it("brings an index with every image that it lists", async () => {
    const children = [await hub.registry.image("library/nginx"), await hub.registry.image("library/nginx")];
    const index = indexManifest(children);
    await hub.registry.call("PutImage", { repositoryName: "library/nginx", imageManifest: index, imageTag: "multi" });
    const { images, failures } = await get({ imageTag: "multi" });
    expect(failures).toEqual([]);
    expect(images).toMatchObject([{ imageManifest: index }]);
    const { imageIds } = await local.call("ListImages", { repositoryName: NGINX });
    expect(imageIds.map(({ imageDigest }: { imageDigest: string }) => imageDigest).toSorted()).toEqual(
      [sha256(index), ...children.map(({ digest }) => digest)].toSorted(),
    );
  });

  it("is one for all who pull at the same time", async () => {
    await hub.registry.image("library/nginx", "1");
    await Promise.all([pull("1"), pull("1"), get({ imageTag: "1" })]);
    expect(hub.asked.filter((path) => path === "library/nginx/manifests/1")).toHaveLength(1);
  });

  it("leaves nothing behind when the upstream has no such image", async () => {
    expect(await refusal(pull("none"))).toMatchObject({ code: "RepositoryNotFoundException" });
    expect(await refusal(get({ imageTag: "none" }))).toMatchObject({ code: "RepositoryNotFoundException" });
    expect((await local.call("DescribeRepositories", {})).repositories).toEqual([]);
  });

  it("is made by the template for cached repositories", async () => {
    await local.call("CreateRepositoryCreationTemplate", {
      prefix: "hub",
      imageTagMutability: "IMMUTABLE",
      appliedFor: ["PULL_THROUGH_CACHE"],
    });
    const { digest } = await hub.registry.image("library/nginx", "1");
    await pull("1");
    const { repositories } = await local.call("DescribeRepositories", {});
    expect(repositories).toMatchObject([{ repositoryName: NGINX, imageTagMutability: "IMMUTABLE" }]);
    await hub.registry.image("library/nginx", "1");
    await local.time.advance("1d");
    expect(await pull("1")).toMatchObject({ digest });
    const { length } = hub.asked;
    expect(await pull("1")).toMatchObject({ digest });
    expect(hub.asked).toHaveLength(length);
    expect((await local.call("ListImages", { repositoryName: NGINX })).imageIds).toHaveLength(1);
  });

  it("takes no byte that the digest does not name", async () => {
    await hub.registry.image("library/nginx", "1");
    hub.blob = Buffer.from("something else");
    expect((await get({ imageTag: "1" })).failures).toMatchObject([{ failureCode: "UpstreamUnavailable" }]);
    hub.blob = undefined;
    expect((await get({ imageTag: "1" })).images).toHaveLength(1);
  });
});

describe("a tag that was pulled before", () => {
  it("is asked about upstream once a day, and follows it", async () => {
    const first = await hub.registry.image("library/nginx", "1");
    await pull("1");
    const second = await hub.registry.image("library/nginx", "1");
    await local.time.advance("23h");
    expect(await pull("1")).toMatchObject({ digest: first.digest });
    await local.time.advance("1h");
    expect(await pull("1")).toMatchObject({ digest: second.digest });
  });

  it.each([404, 429, 500, "no answer"] as const)("is served as it is when the upstream says %s", async (failing) => {
    const { digest } = await hub.registry.image("library/nginx", "1");
    await pull("1");
    await local.time.advance("2d");
    hub.failing = failing;
    expect(await pull("1")).toMatchObject({ digest });
  });

  it("stays when the rule is deleted", async () => {
    const { digest } = await hub.registry.image("library/nginx", "1");
    await pull("1");
    await local.call("DeletePullThroughCacheRule", { ecrRepositoryPrefix: "hub" });
    await local.time.advance("2d");
    hub.failing = 500;
    expect(await pull("1")).toMatchObject({ digest });
    expect(await refusal(pull("2"))).toMatchObject({ code: "ImageNotFoundException" });
  });

  it("cannot be mounted from", async () => {
    const { layers } = await hub.registry.image("library/nginx", "1");
    await pull("1");
    await local.call("PutAccountSetting", { name: "BLOB_MOUNTING", value: "ENABLED" });
    await local.call("CreateRepository", { repositoryName: "app" });
    expect(await local.registry.data.mount(caller, target("app"), layers[0] ?? "", NGINX)).toMatchObject({
      sizeBytes: 0,
    });
  });
});

describe("an upstream that fails", () => {
  it.each([
    [401, "UpstreamAccessDenied"],
    [403, "UpstreamAccessDenied"],
    [429, "UpstreamTooManyRequests"],
    [503, "UpstreamUnavailable"],
  ])("with %s fails the image of a batch with %s, and a pull on /v2 whole", async (status, failureCode) => {
    hub.failing = status;
    expect(await get({ imageTag: "1" })).toMatchObject({ images: [], failures: [{ failureCode }] });
    expect(await refusal(pull("1"))).toMatchObject({ code: "UnableToGetUpstreamImageException" });
  });

  it("without an answer fails the call", async () => {
    hub.failing = "no answer";
    expect(await refusal(get({ imageTag: "1" }))).toMatchObject({ code: "UnableToGetUpstreamImageException" });
    expect(await refusal(pull("1"))).toMatchObject({ code: "UnableToGetUpstreamImageException" });
  });

  it("fails a layer that is not there yet, and the listing of referrers", async () => {
    const { digest } = await hub.registry.image("library/nginx", "1");
    await pull("1");
    const layerDigest = await hub.registry.layer("library/nginx", Buffer.from("new"));
    hub.failing = 500;
    expect(await refusal(local.call("GetDownloadUrlForLayer", { repositoryName: NGINX, layerDigest }))).toMatchObject({
      code: "UnableToGetUpstreamLayerException",
    });
    const subjectId = { imageDigest: digest };
    expect(await refusal(local.call("ListImageReferrers", { repositoryName: NGINX, subjectId }))).toMatchObject({
      code: "UnableToListUpstreamImageReferrersException",
    });
    hub.failing = undefined;
    expect(await local.registry.data.blob(caller, target(NGINX), layerDigest)).toMatchObject({ sizeBytes: 3 });
  });
});

it("referrers upstream are listed with those that are here, each once, and can be pulled", async () => {
  const { digest } = await hub.registry.image("library/nginx", "1");
  await pull("1");
  const config = Buffer.from("{}");
  await hub.registry.layer("library/nginx", config);
  const there = [1, 2].map((id) => imageManifest(config, [], { subject: digest, artifactType: `sbom/${id}` }));
  for (const manifest of there)
    await hub.registry.call("PutImage", { repositoryName: "library/nginx", imageManifest: manifest });
  await pull(sha256(there[0] ?? ""));
  const digests = there.map(sha256).toSorted();
  const onV2 = await local.registry.data.referrers(caller, target(NGINX), digest);
  expect(onV2.map((referrer) => referrer.digest).toSorted()).toEqual(digests);
  const list = (more: object) =>
    local.call("ListImageReferrers", { repositoryName: NGINX, subjectId: { imageDigest: digest }, ...more });
  const first = await list({ maxResults: 1 });
  const second = await list({ nextToken: first.nextToken });
  expect([...first.referrers, ...second.referrers].map((referrer) => referrer.digest)).toEqual(digests);
  expect((await list({ filter: { artifactTypes: ["sbom/2"] } })).referrers).toHaveLength(1);
});

describe("who may not import", () => {
  it("is told what one is told without a rule", async () => {
    await hub.registry.image("library/nginx", "1");
    const deny = (action: string) =>
      JSON.stringify({
        Version: "2012-10-17",
        Statement: [{ Effect: "Deny", Principal: "*", Action: action, Resource: "*" }],
      });
    await local.call("PutRegistryPolicy", { policyText: deny("ecr:CreateRepository") });
    expect(await refusal(pull("1"))).toMatchObject({ code: "RepositoryNotFoundException" });
    await local.call("PutRegistryPolicy", { policyText: deny("ecr:BatchImportUpstreamImage") });
    expect(await refusal(pull("1"))).toMatchObject({ code: "RepositoryNotFoundException" });
    expect(hub.asked).toEqual([]);
  });

  it("is given of a cached repository what is there, and nothing of its upstream", async () => {
    const { digest } = await hub.registry.image("library/nginx", "1");
    await pull("1");
    const layerDigest = await hub.registry.layer("library/nginx", Buffer.from("new"));
    const config = Buffer.from("{}");
    await hub.registry.layer("library/nginx", config);
    const sbom = imageManifest(config, [], { subject: digest, artifactType: "sbom" });
    await hub.registry.call("PutImage", { repositoryName: "library/nginx", imageManifest: sbom });
    const Deny = { Effect: "Deny", Principal: "*", Action: "ecr:BatchImportUpstreamImage", Resource: "*" };
    await local.call("PutRegistryPolicy", { policyText: policyOf(Deny) });
    const { length } = hub.asked;
    for (const pulled of [true, false])
      expect(
        await refusal(local.registry.data.blob(caller, target(NGINX), layerDigest, { pull: pulled })),
      ).toMatchObject({ code: "LayersNotFoundException" });
    expect(await refusal(local.call("GetDownloadUrlForLayer", { repositoryName: NGINX, layerDigest }))).toMatchObject({
      code: "LayersNotFoundException",
    });
    expect(await local.registry.data.referrers(caller, target(NGINX), digest)).toEqual([]);
    const subjectId = { imageDigest: digest };
    expect(await local.call("ListImageReferrers", { repositoryName: NGINX, subjectId })).toEqual({ referrers: [] });
    expect(hub.asked).toHaveLength(length);
    await local.call("DeleteRegistryPolicy", {});
    expect(await local.registry.data.referrers(caller, target(NGINX), digest)).toHaveLength(1);
    expect(await local.registry.data.blob(caller, target(NGINX), layerDigest)).toMatchObject({ sizeBytes: 3 });
  });
});

describe("registries of this local ECR as upstreams", () => {
  const there = { ...caller, region: "eu-west-1" };

  it("are cached from without a network, below the upstream prefix of the rule", async () => {
    await local.call("CreateRepository", { repositoryName: "base/app" }, there);
    const source = { ...target("base/app"), region: "eu-west-1" };
    const config = Buffer.from("{}");
    const { uploadId } = await local.registry.data.startUpload(there, source);
    await local.registry.data.append(there, source, uploadId, chunks(config));
    await local.registry.data.completeUpload(there, source, uploadId, sha256(config));
    const bytes = Buffer.from(imageManifest(config, []));
    await local.registry.data.putManifest(there, source, "v1", { bytes, mediaType: undefined });
    await createRule({
      ecrRepositoryPrefix: "mirror",
      upstreamRegistryUrl: "000000000000.dkr.ecr.eu-west-1.amazonaws.com",
      upstreamRepositoryPrefix: "base",
      credentialArn: undefined,
    });
    expect(await pull("v1", "mirror/app")).toMatchObject({ digest: sha256(bytes) });
    const { imageDetails } = await local.call("DescribeImages", { repositoryName: "base/app" }, there);
    expect(imageDetails[0]).not.toHaveProperty("lastRecordedPullTime");
    expect(await refusal(pull("v2", "mirror/app"))).toMatchObject({ code: "ImageNotFoundException" });
    expect(await refusal(pull("v1", "mirror/other"))).toMatchObject({ code: "RepositoryNotFoundException" });
    expect(await local.call("ValidatePullThroughCacheRule", { ecrRepositoryPrefix: "mirror" })).toMatchObject({
      isValid: true,
    });
  });
});

describe("a registry of another account of this local ECR as upstream", () => {
  const OWNER = "111111111111";
  const owner: Caller = { account: OWNER, region: "us-east-1", arn: `arn:aws:iam::${OWNER}:root` };
  const role = (name: string, account = caller.account) => `arn:aws:iam::${account}:role/${name}`;
  const PULL = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"];
  const trusting = (Principal: unknown) =>
    JSON.parse(policyOf({ Effect: "Allow", Principal, Action: "sts:AssumeRole" }));
  const trust = trusting({ Service: "pullthroughcache.ecr.amazonaws.com" });
  const allowing = (...Action: string[]) => JSON.parse(policyOf({ Effect: "Allow", Action, Resource: "*" }));

  /** An image `secret/app:v1` of the owner's, and a rule of ours that reads it as a role. */
  async function withRule(customRoleArn: string, accounts?: AccountsFile) {
    local = testRegistry(accounts && { accounts: parseAccounts(accounts) });
    const source = { ...target("secret/app"), account: OWNER };
    const { data } = local.registry;
    await local.call("CreateRepository", { repositoryName: source.repositoryName }, owner);
    const upload = async (bytes: Uint8Array) => {
      const { uploadId } = await data.startUpload(owner, source);
      await data.append(owner, source, uploadId, chunks(bytes));
      await data.completeUpload(owner, source, uploadId, sha256(bytes));
      return bytes;
    };
    const manifest = imageManifest(await upload(Buffer.from("{}")), [await upload(Buffer.from("layer"))]);
    await data.putManifest(owner, source, "v1", { bytes: Buffer.from(manifest), mediaType: undefined });
    const upstreamRegistryUrl = `${OWNER}.dkr.ecr.us-east-1.amazonaws.com`;
    await createRule({ ecrRepositoryPrefix: "theirs", upstreamRegistryUrl, customRoleArn, credentialArn: undefined });
    return {
      digest: sha256(manifest),
      letIn: (Principal: unknown, Action: readonly string[]) =>
        local.call(
          "SetRepositoryPolicy",
          { repositoryName: "secret/app", policyText: policyOf({ Effect: "Allow", Principal, Action }) },
          owner,
        ),
      get: (repositoryName = "theirs/secret/app") =>
        local.call("BatchGetImage", { repositoryName, imageIds: [{ imageTag: "v1" }] }),
    };
  }
  const denied = { images: [], failures: [{ failureCode: "UpstreamAccessDenied" }] };

  it("is cached from where its repository lets the rule's role in, whose account nothing limits", async () => {
    const { digest, get, letIn } = await withRule(role("cache"));
    expect(await get()).toMatchObject(denied);
    expect(await refusal(pull("v1", "theirs/secret/app"))).toMatchObject({
      code: "UnableToGetUpstreamImageException",
    });
    await letIn({ AWS: role("other") }, PULL);
    expect(await get()).toMatchObject(denied);
    await letIn({ AWS: caller.account }, ["ecr:BatchGetImage"]);
    expect(await get()).toMatchObject(denied);
    await letIn({ AWS: caller.account }, PULL);
    expect((await get()).images).toMatchObject([{ imageId: { imageDigest: digest } }]);
  });

  it("denies a repository that it does not have like one that it has", async () => {
    const { get } = await withRule(role("cache"));
    expect(await get("theirs/secret/none")).toMatchObject(denied);
  });

  it.each<[string, object | undefined]>([
    ["is not there", undefined],
    ["does not trust ECR", { trust: trusting({ AWS: caller.account }) }],
    ["may not pull layers", { trust, policies: [allowing("ecr:BatchGetImage")] }],
  ])("is not read as a role that %s", async (_, cache) => {
    const roles = cache === undefined ? {} : { cache };
    const { get, letIn } = await withRule(role("cache"), { accounts: { [caller.account]: { roles } } } as AccountsFile);
    await letIn("*", PULL);
    expect(await get()).toMatchObject(denied);
  });

  it("is read as a role that trusts ECR and may pull", async () => {
    const { digest, get, letIn } = await withRule(role("cache"), {
      accounts: { [caller.account]: { roles: { cache: { trust, policies: [allowing(...PULL)] } } } },
    });
    await letIn({ AWS: role("cache") }, PULL);
    expect((await get()).images).toMatchObject([{ imageId: { imageDigest: digest } }]);
    expect(await local.call("ValidatePullThroughCacheRule", { ecrRepositoryPrefix: "theirs" })).toMatchObject({
      isValid: true,
    });
  });

  it("makes a rule whose role cannot be assumed no valid one", async () => {
    await withRule(role("cache"), { accounts: { [caller.account]: {} } });
    expect(await local.call("ValidatePullThroughCacheRule", { ecrRepositoryPrefix: "theirs" })).toMatchObject({
      isValid: false,
      failure: `ECR cannot assume the role ${role("cache")}`,
    });
  });

  it("lists its referrers only to whom it lets in", async () => {
    const { digest, get, letIn } = await withRule(role("cache"));
    await letIn({ AWS: caller.account }, PULL);
    await get();
    expect(await local.registry.data.referrers(caller, target("theirs/secret/app"), digest)).toEqual([]);
    await local.call("DeleteRepositoryPolicy", { repositoryName: "secret/app" }, owner);
    expect(await refusal(local.registry.data.referrers(caller, target("theirs/secret/app"), digest))).toMatchObject({
      code: "UnableToListUpstreamImageReferrersException",
    });
  });
});

it("ECR Public of this local ECR is cached from by alias", async () => {
  local = testRegistry({ publicAliases: { acme: "000000000000" } });
  await local.call("ecr-public:CreateRepository", { repositoryName: "app" });
  const source = { ...target("app"), region: "public.ecr.aws" };
  const config = Buffer.from("{}");
  const { uploadId } = await local.registry.data.startUpload(caller, source);
  await local.registry.data.append(caller, source, uploadId, chunks(config));
  await local.registry.data.completeUpload(caller, source, uploadId, sha256(config));
  const bytes = Buffer.from(imageManifest(config, []));
  await local.registry.data.putManifest(caller, source, "v1", { bytes, mediaType: undefined });
  const upstreamRegistryUrl = "public.ecr.aws";
  await createRule({ ecrRepositoryPrefix: "public", upstreamRegistryUrl, credentialArn: undefined });
  expect(await pull("v1", "public/acme/app")).toMatchObject({ digest: sha256(bytes) });
  expect(await refusal(pull("v1", "public/other/app"))).toMatchObject({ code: "RepositoryNotFoundException" });
});

it("ValidatePullThroughCacheRule says whether the upstream takes the login of the secret", async () => {
  const validate = async () => local.call("ValidatePullThroughCacheRule", { ecrRepositoryPrefix: "hub" });
  expect(await validate()).toMatchObject({ isValid: false, failure: "127.0.0.1:5000 answered with 401" });
  local = testRegistry({
    upstreams: { "registry-1.docker.io": "http://127.0.0.1:5000/" },
    fetchUpstream: (request) => hub.fetch(request),
    upstreamSecrets: { [SECRET]: { username: "me", accessToken: "token" } },
  });
  await createRule({});
  const valid = await validate();
  expect(valid).toMatchObject({ registryId: "000000000000", isValid: true });
  expect(valid).not.toHaveProperty("failure");
});
