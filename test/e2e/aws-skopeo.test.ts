import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { account, awsEnvironment, privateFolder } from "./aws-environment.js";
import { clientPath, describeWith } from "./clients.js";
import { output, run } from "./command.js";
import { buildImage, digestOf, writeDir, writeLayout } from "./image-layout.js";
import { type LocalProcess, startLocal } from "./local-process.js";
import { skopeo } from "./skopeo.js";

interface ImageDetail {
  readonly imageDigest: string;
  readonly imageTags?: readonly string[];
  readonly imageSizeInBytes: number;
  readonly imageManifestMediaType: string;
}

/** The steps of one user's session, in order: each stands on the one before it. */
describeWith(["aws", "skopeo"], "aws and skopeo against ecrkit local", () => {
  const home = privateFolder();
  const image = buildImage("docker", "amd64", 4);
  const both = { amd64: buildImage("oci", "amd64", 2), arm64: buildImage("oci", "arm64", 3) };
  const index = writeLayout(join(home, "layout"), "multi", both);
  const auth = join(home, "auth.json");
  let local: LocalProcess;
  let env: NodeJS.ProcessEnv;
  let uri: string;

  const ecr = async <Output>(...args: readonly string[]): Promise<Output> =>
    JSON.parse(await output(clientPath("aws"), ["--endpoint-url", local.url, "--output", "json", "ecr", ...args], env));
  const skopeoCopy = (...args: readonly string[]): Promise<string> => skopeo(auth, env).copy(...args);
  const login = (password: string): Promise<string> =>
    skopeo(auth, env).login(uri.slice(0, uri.indexOf("/")), password);

  beforeAll(async () => {
    local = await startLocal();
    env = awsEnvironment(local.url, home);
  });
  afterAll(async () => {
    await local.stop();
    rmSync(home, { recursive: true });
  });

  it("aws ecr create-repository gives a URI that a client on this machine can push to", async () => {
    type Created = { repository: { repositoryUri: string; registryId: string; repositoryArn: string } };
    const { repository } = await ecr<Created>("create-repository", "--repository-name", "team/app");
    expect(repository.registryId).toBe(account);
    expect(repository.repositoryArn).toBe(`arn:aws:ecr:us-east-1:${account}:repository/team/app`);
    expect(repository.repositoryUri).toMatch(/^[a-z0-9.-]+:\d+\/team\/app$/);
    uri = repository.repositoryUri;
  });

  it("skopeo login refuses a wrong password", async () => {
    await expect(login("echo wrong")).rejects.toThrow(/invalid username\/password|unauthorized|401/i);
  });

  it("a push without a login is refused", async () => {
    writeDir(join(home, "source"), image);
    await expect(skopeoCopy(`dir:${home}/source`, `docker://${uri}:v1`)).rejects.toThrow(
      /unauthorized|authentication/i,
    );
  });

  it("aws ecr get-login-password | skopeo login succeeds", async () => {
    const password = `"${clientPath("aws")}" --endpoint-url "${local.url}" ecr get-login-password`;
    expect(await login(password)).toContain("Login Succeeded!");
  });

  it("skopeo copy pushes an image of four layers", async () => {
    await skopeoCopy("--preserve-digests", `dir:${home}/source`, `docker://${uri}:v1`);
  });

  it("aws ecr describe-images shows its digest, tag, media type and size", async () => {
    const answer = await ecr<{ imageDetails: ImageDetail[] }>("describe-images", "--repository-name", "team/app");
    expect(answer.imageDetails).toHaveLength(1);
    expect(answer.imageDetails[0]).toMatchObject({
      imageDigest: image.digest,
      imageTags: ["v1"],
      imageManifestMediaType: image.mediaType,
      imageSizeInBytes: image.sizeBytes,
    });
  });

  it("aws ecr list-images shows its digest and tag", async () => {
    const answer = await ecr<object>("list-images", "--repository-name", "team/app");
    expect(answer).toEqual({ imageIds: [{ imageDigest: image.digest, imageTag: "v1" }] });
  });

  it("aws ecr batch-get-image gives the exact manifest", async () => {
    type Got = { images: [{ imageManifest: string }]; failures: unknown[] };
    const args = ["--repository-name", "team/app", "--image-ids", "imageTag=v1"] as const;
    const answer = await ecr<Got>("batch-get-image", ...args);
    expect(answer.images[0].imageManifest).toBe(image.manifest);
    expect(answer.failures).toEqual([]);
  });

  it("skopeo copy pulls the same bytes back", async () => {
    await skopeoCopy("--preserve-digests", `docker://${uri}:v1`, `dir:${home}/pulled`);
    expect(readFileSync(join(home, "pulled/manifest.json"), "utf8")).toBe(image.manifest);
    for (const [digest, bytes] of image.blobs) {
      expect(readFileSync(join(home, "pulled", digest.slice("sha256:".length))).equals(bytes)).toBe(true);
    }
  });

  it("skopeo copy --all carries a multi-architecture image in and out with identical digests", async () => {
    await skopeoCopy("--all", "--preserve-digests", `oci:${home}/layout:multi`, `docker://${uri}:multi`);
    await skopeoCopy("--all", "--preserve-digests", `docker://${uri}:multi`, `oci:${home}/back:multi`);
    const back = JSON.parse(readFileSync(join(home, "back/index.json"), "utf8"));
    expect(back.manifests[0].digest).toBe(digestOf(index));
    for (const { digest, manifest, blobs } of Object.values(both)) {
      const path = (name: string): string => join(home, "back/blobs/sha256", name.slice("sha256:".length));
      expect(readFileSync(path(digest), "utf8")).toBe(manifest);
      for (const [name, bytes] of blobs) expect(readFileSync(path(name)).equals(bytes)).toBe(true);
    }
  });

  it("aws ecr describe-images shows the index, as large as its largest image, beside its images", async () => {
    const answer = await ecr<{ imageDetails: ImageDetail[] }>("describe-images", "--repository-name", "team/app");
    const details = answer.imageDetails.map((it) => [it.imageDigest, it.imageTags, it.imageSizeInBytes]);
    expect(details.sort()).toEqual(
      [
        [image.digest, ["v1"], image.sizeBytes],
        [digestOf(index), ["multi"], Math.max(both.amd64.sizeBytes, both.arm64.sizeBytes)],
        [both.amd64.digest, undefined, both.amd64.sizeBytes],
        [both.arm64.digest, undefined, both.arm64.sizeBytes],
      ].sort(),
    );
  });

  it("aws ecr batch-delete-image deletes an image, and a pull of it fails", async () => {
    const imageIds = ["--image-ids", `imageDigest=${image.digest}`] as const;
    const answer = await ecr<object>("batch-delete-image", "--repository-name", "team/app", ...imageIds);
    expect(answer).toEqual({ imageIds: [{ imageDigest: image.digest, imageTag: "v1" }], failures: [] });
    await expect(skopeoCopy(`docker://${uri}:v1`, `dir:${home}/gone`)).rejects.toThrow(/manifest unknown|not found/i);
  });

  it("aws names the service's own error for a repository that does not exist", async () => {
    const args = ["--endpoint-url", local.url, "ecr", "list-images", "--repository-name", "nowhere"];
    const { code, stderr } = await run(clientPath("aws"), args, env);
    expect(code).toBe(254);
    expect(stderr).toContain("(RepositoryNotFoundException)");
    expect(stderr).toContain(`The repository with name 'nowhere' does not exist in the registry with id '${account}'`);
  });
});
