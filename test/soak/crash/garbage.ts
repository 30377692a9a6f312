import { readdirSync } from "node:fs";
import { join } from "node:path";
import { type Client, expectStatus } from "../client.js";
import { imageOf, pushByV2 } from "../image.js";
import type { Ledger } from "./ledger.js";

/** Deletes all images and lets the days go by after which nothing of them is kept; answers the files that are left all the same. */
export async function leftovers(client: Client, data: string, ledgers: readonly Ledger[]): Promise<readonly string[]> {
  for (const { repository: repositoryName, contents } of ledgers) {
    const imageIds = [...contents.images.keys()].map((imageDigest) => ({ imageDigest }));
    if (imageIds.length > 0) await client.call("BatchDeleteImage", { repositoryName, imageIds });
  }
  // What lies in the folder of uploads is taken away when there is another one.
  const [ledger] = ledgers;
  const last = imageOf("last", Buffer.from("layer"));
  if (ledger) {
    await pushByV2(client, ledger.repository, last, "last");
    await client.call("BatchDeleteImage", {
      repositoryName: ledger.repository,
      imageIds: [{ imageDigest: last.digest }],
    });
  }
  const body = JSON.stringify({ advance: "3d" });
  expectStatus("clock", await client.send({ method: "POST", path: "/_ecrkit/clock", body }), 200);
  // Blobs of pushes that were cut off go in the background of a start.
  const end = performance.now() + 30_000;
  while (filesIn(data).length > 0 && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 50));
  return filesIn(data);
}

const filesIn = (data: string): readonly string[] =>
  ["blobs", "uploads"].flatMap((name) =>
    readdirSync(join(data, name), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name)),
  );
