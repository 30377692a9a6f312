import {
  BatchGetImageCommand,
  CompleteLayerUploadCommand,
  CreatePullThroughCacheRuleCommand,
  CreateRepositoryCommand,
  ECRClient,
  GetAuthorizationTokenCommand,
  InitiateLayerUploadCommand,
  PutImageCommand,
  UploadLayerPartCommand,
} from "@aws-sdk/client-ecr";
import { afterEach, describe, expect, it } from "vitest";
import { createLocalEcr, type LocalEcr, simulate } from "../../src/local.js";
import { imageManifest, sha256 } from "../fixtures/local-registry.js";

const locals: LocalEcr[] = [];
afterEach(async () => {
  for (const local of locals.splice(0)) await local.close();
});

function start(options: Parameters<typeof createLocalEcr>[0] = {}): { local: LocalEcr; ecr: ECRClient } {
  const local = createLocalEcr(options);
  locals.push(local);
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  return { local, ecr: new ECRClient({ region: "us-east-1", credentials, requestHandler: simulate(local) }) };
}

/** A registry on loopback with one image, and a URL that logs in to it. */
async function hubWith(repositoryName: string, config: Uint8Array): Promise<string> {
  const { local, ecr } = start();
  const { url } = await local.listen({ port: 0 });
  await ecr.send(new CreateRepositoryCommand({ repositoryName }));
  const { uploadId } = await ecr.send(new InitiateLayerUploadCommand({ repositoryName }));
  const part = { partFirstByte: 0, partLastByte: config.byteLength - 1, layerPartBlob: config };
  await ecr.send(new UploadLayerPartCommand({ repositoryName, uploadId, ...part }));
  await ecr.send(new CompleteLayerUploadCommand({ repositoryName, uploadId, layerDigests: [sha256(config)] }));
  await ecr.send(new PutImageCommand({ repositoryName, imageManifest: imageManifest(config, []), imageTag: "v1" }));
  const { authorizationData } = await ecr.send(new GetAuthorizationTokenCommand({}));
  const login = Buffer.from(authorizationData?.[0]?.authorizationToken ?? "", "base64").toString();
  return url.replace("//", `//AWS:${encodeURIComponent(login.slice("AWS:".length))}@`);
}

describe("a local ECR with an upstream on loopback", () => {
  it("caches from it what the AWS SDK pulls", async () => {
    const config = Buffer.from("{}");
    const { ecr } = start({ upstreams: { quay: await hubWith("team/app", config) } });
    const rule = { ecrRepositoryPrefix: "quay", upstreamRegistryUrl: "quay.io" };
    await ecr.send(new CreatePullThroughCacheRuleCommand(rule));
    const pull = new BatchGetImageCommand({ repositoryName: "quay/team/app", imageIds: [{ imageTag: "v1" }] });
    const { images } = await ecr.send(pull);
    expect(images?.[0]?.imageManifest).toBe(imageManifest(config, []));
    expect(images?.[0]?.imageId).toEqual({ imageDigest: sha256(imageManifest(config, [])), imageTag: "v1" });
  });

  it.each([
    [{ upstreams: { quay: "127.0.0.1:5000" } }, "`upstreams` must be URLs with http or https"],
    [{ replicationLagMs: -1 }, "`replicationLagMs` must be a number from 0 up"],
  ])("refuses %j", (options, message) => {
    expect(() => createLocalEcr(options)).toThrow(message);
  });
});
