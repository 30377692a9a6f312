import { expect, it } from "vitest";
import { bareManifest, caller, sha256, target, testRegistry } from "../../../test/fixtures/local-registry.js";

const there = { ...caller, region: "eu-west-1" };
const upstreamRegistryUrl = "000000000000.dkr.ecr.eu-west-1.amazonaws.com";

/** A registry that caches `app` of another region under the same name, and the image `v1` there. */
async function started() {
  const local = testRegistry({ layers: "unchecked" });
  const { call, registry } = local;
  const put = async (id: number, by = caller): Promise<string> => {
    await call("PutImage", { repositoryName: "app", imageManifest: bareManifest(id), imageTag: "v1" }, by);
    return sha256(bareManifest(id));
  };
  await call("CreateRepository", { repositoryName: "app" }, there);
  const digest = await put(1, there);
  await call("CreatePullThroughCacheRule", { ecrRepositoryPrefix: "ROOT", upstreamRegistryUrl });
  const pull = () => registry.data.manifest(caller, target(), "v1", { pull: true });
  return { ...local, put, digest, pull };
}

it("an image whose layers were never uploaded is cached from a registry that does not check them", async () => {
  const { pull, digest } = await started();
  expect(await pull()).toMatchObject({ digest });
});

it("a tag that a repository had of its own is not replaced by the upstream's, one that it has not is cached", async () => {
  const { call, put, pull, time, digest } = await started();
  await call("CreateRepository", { repositoryName: "app" });
  const own = await put(2);
  expect(await pull()).toMatchObject({ digest: own });
  await time.advance("2d");
  expect(await pull()).toMatchObject({ digest: own });
  await call("BatchDeleteImage", { repositoryName: "app", imageIds: [{ imageTag: "v1" }] });
  expect(await pull()).toMatchObject({ digest });
  const next = await put(3, there);
  await time.advance("1d");
  expect(await pull()).toMatchObject({ digest: next });
});
