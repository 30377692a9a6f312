import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { account, awsEnvironment, privateFolder } from "./aws-environment.js";
import { clientPath, describeWith } from "./clients.js";
import { output } from "./command.js";
import { buildImage, writeDir } from "./image-layout.js";
import { type LocalProcess, startLocal } from "./local-process.js";
import { skopeo } from "./skopeo.js";

interface Created {
  readonly repository: { readonly repositoryUri: string; readonly repositoryArn: string; readonly registryId: string };
}

/** The steps of one publisher's session, in order: each stands on the one before it. */
describeWith(["aws", "skopeo"], "ECR Public: aws and skopeo against ecrkit local", () => {
  const home = privateFolder();
  const image = buildImage("oci", "amd64", 2);
  const nobody = join(home, "nobody.json");
  let local: LocalProcess;
  let env: NodeJS.ProcessEnv;
  let uri: string;
  const publisher = () => skopeo(join(home, "auth.json"), env);
  const aws = (...args: readonly string[]): readonly string[] => ["--endpoint-url", local.url, "ecr-public", ...args];

  beforeAll(async () => {
    local = await startLocal();
    env = awsEnvironment(local.url, home);
    writeDir(join(home, "source"), image);
  });
  afterAll(async () => {
    await local.stop();
    rmSync(home, { recursive: true });
  });

  it("aws ecr-public create-repository gives a URI on this machine, with the registry's alias", async () => {
    const args = aws("create-repository", "--repository-name", "tools/app", "--region", "us-east-1");
    const { repository }: Created = JSON.parse(await output(clientPath("aws"), args, env));
    expect(repository.repositoryArn).toBe(`arn:aws:ecr-public::${account}:repository/tools/app`);
    expect(repository.repositoryUri).toMatch(
      new RegExp(`^${new URL(local.url).host}/[a-z][0-9][a-z0-9]{6}/tools/app$`),
    );
    uri = repository.repositoryUri;
  });

  it("a push without a login is refused", async () => {
    await expect(skopeo(nobody, env).copy(`dir:${home}/source`, `docker://${uri}:v1`)).rejects.toThrow(
      /unauthorized|authentication|denied/i,
    );
  });

  it("aws ecr-public get-login-password | skopeo login succeeds", async () => {
    const command = `"${clientPath("aws")}" ${aws("get-login-password").join(" ")}`;
    expect(await publisher().login(new URL(local.url).host, command)).toContain("Login Succeeded!");
  });

  it("skopeo copy pushes an image, and aws ecr-public describe-images shows it", async () => {
    await publisher().copy("--preserve-digests", `dir:${home}/source`, `docker://${uri}:v1`);
    const args = aws("describe-images", "--repository-name", "tools/app");
    const { imageDetails } = JSON.parse(await output(clientPath("aws"), args, env));
    expect(imageDetails).toMatchObject([{ imageDigest: image.digest, imageTags: ["v1"], registryId: account }]);
  });

  it("skopeo copy pulls the same bytes without a login", async () => {
    await skopeo(nobody, env).copy("--preserve-digests", `docker://${uri}:v1`, `dir:${home}/pulled`);
    expect(readFileSync(join(home, "pulled/manifest.json"), "utf8")).toBe(image.manifest);
    for (const [digest, bytes] of image.blobs)
      expect(readFileSync(join(home, "pulled", digest.slice("sha256:".length))).equals(bytes)).toBe(true);
  });
});
