import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createEcrClient } from "../../src/index.js";
import { createLocalEcr, simulate } from "../../src/local.js";
import { createClient } from "./client.js";
import { form, say } from "./form.js";
import { imageOf } from "./image.js";
import { startServer } from "./server.js";

const IMAGES = form(100_000, 5_000);
const REPOSITORIES = 50;

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "ecrkit-many-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it(`a folder of ${IMAGES} images opens at once, and answers the first call`, async () => {
  const data = join(folder, "data");
  const local = createLocalEcr({ dataDir: data, layers: "unchecked" });
  const auth = { kind: "static", accessKeyId: "123456789012", secretAccessKey: "any" } as const;
  const ecr = createEcrClient({ region: "us-east-1", auth, transport: simulate(local), limiter: false });
  const names = Array.from({ length: REPOSITORIES }, (_, at) => `many/app-${at}`);
  await Promise.all(names.map((repositoryName) => ecr.call("CreateRepository", { repositoryName })));
  let next = 0;
  const put = async (): Promise<void> => {
    while (next < IMAGES) {
      const at = next++;
      const { manifest } = imageOf(String(at), Buffer.from(String(at)));
      const repositoryName = names[at % REPOSITORIES] ?? "";
      await ecr.call("PutImage", { repositoryName, imageManifest: manifest, imageTag: `v${at}` });
    }
  };
  await Promise.all(Array.from({ length: 200 }, put));
  await local.close();

  const start = performance.now();
  const server = await startServer(["--data", data, "--layers", "unchecked"]);
  const readyMs = performance.now() - start;
  const client = createClient(server.port, "123456789012");
  const input = { repositoryName: names[7], maxResults: 10 };
  const { imageDetails } = await client.call<{ imageDetails: unknown[] }>("DescribeImages", input);
  const answeredMs = performance.now() - start;
  client.close();
  expect(imageDetails).toHaveLength(10);
  expect(await server.stop()).toBe(0);
  say(
    `many images: a folder of ${IMAGES} was ready ${Math.round(readyMs)} ms after the process began, and had answered DescribeImages after ${Math.round(answeredMs)} ms`,
  );
}, 600_000);
