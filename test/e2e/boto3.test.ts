import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { awsEnvironment, privateFolder } from "./aws-environment.js";
import { clientPath, describeWith } from "./clients.js";
import { output } from "./command.js";
import { ecrCall } from "./ecr-call.js";
import { digestOf } from "./image-layout.js";
import { type LocalProcess, startLocal } from "./local-process.js";

interface Paginated {
  readonly pageSizes: readonly number[];
  readonly digests: readonly string[];
  readonly tags: readonly string[];
}

const imageCount = 2_500;
const manifestType = "application/vnd.oci.image.manifest.v1+json";

describeWith(["boto3"], "boto3 against ecrkit local", () => {
  const home = privateFolder();
  const digests = new Set<string>();
  let local: LocalProcess;

  const paginate = async (operation: string): Promise<Paginated> =>
    JSON.parse(
      await output(
        clientPath("boto3"),
        [join(import.meta.dirname, "paginate.py"), operation, "many", "100"],
        awsEnvironment(local.url, home),
      ),
    );

  beforeAll(async () => {
    local = await startLocal("--layers", "unchecked");
    await ecrCall(local.url, "CreateRepository", { repositoryName: "many" });
    for (let number = 0; number < imageCount; number++) digests.add(await putImage(local.url, number));
  });
  afterAll(async () => {
    await local.stop();
    rmSync(home, { recursive: true });
  });

  it("list_images gives 2,500 images once each in 25 pages of 100", async () => {
    const { pageSizes, digests: listed } = await paginate("list_images");
    expect(pageSizes).toEqual(Array(25).fill(100));
    expect(new Set(listed)).toEqual(digests);
  });

  it("describe_images gives 2,500 images once each in 25 pages of 100, with their tags", async () => {
    const { pageSizes, digests: described, tags } = await paginate("describe_images");
    expect(pageSizes).toEqual(Array(25).fill(100));
    expect(new Set(described)).toEqual(digests);
    expect(new Set(tags)).toEqual(new Set(Array.from({ length: imageCount }, (_, number) => `v${number}`)));
  });
});

async function putImage(url: string, number: number): Promise<string> {
  const descriptor = (part: string): object => ({
    mediaType: `application/vnd.oci.image.${part}`,
    digest: digestOf(`${part} of ${number}`),
    size: 1_000 + number,
  });
  const imageManifest = JSON.stringify({
    schemaVersion: 2,
    mediaType: manifestType,
    config: descriptor("config.v1+json"),
    layers: [descriptor("layer.v1.tar+gzip")],
  });
  await ecrCall(url, "PutImage", { repositoryName: "many", imageManifest, imageTag: `v${number}` });
  return digestOf(imageManifest);
}
