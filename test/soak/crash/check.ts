import { type Client, digestOf } from "../client.js";
import { pullBlob, pullImage } from "../image.js";
import { type Ledger, linesOf } from "./ledger.js";

/** Blobs without an image that are looked at after each crash: the latest. */
const LATEST = 10;

/**
 * Compares a repository with what is known of it after a crash, and settles whether what was cut off had been done. Everything that is there is
 * pulled and must be whole. @throws when something is missing, changed, or half done
 */
export async function checkRepository(client: Client, ledger: Ledger, blobs: "all" | "latest"): Promise<void> {
  const { repository } = ledger;
  settle(ledger, await listed(client, repository));
  for (const image of ledger.contents.images.values()) await pullImage(client, repository, image);
  for (const digest of blobs === "all" ? ledger.blobs : ledger.blobs.slice(-LATEST)) {
    const found = digestOf(await pullBlob(client, repository, digest));
    if (found !== digest) throw new Error(`the blob ${digest} came back as ${found}`);
  }
}

function settle(ledger: Ledger, found: readonly string[]): void {
  const { contents, pending } = ledger;
  const isAs = (lines: readonly string[]): boolean => lines.join("\n") === found.join("\n");
  if (pending) ledger.cutOff += 1;
  ledger.pending = undefined;
  if (isAs(linesOf(contents))) return;
  if (!pending || !isAs(linesOf(pending)))
    throw new Error(
      `it holds ${JSON.stringify(found)}, not ${JSON.stringify(linesOf(contents))} nor ${JSON.stringify(pending && linesOf(pending))}`,
    );
  ledger.contents = pending;
  ledger.done += 1;
}

type Listed = {
  readonly imageIds: readonly { readonly imageDigest: string; readonly imageTag?: string }[];
  readonly nextToken?: string;
};

/** A line for each tag, and one for each image without any. */
async function listed(client: Client, repositoryName: string): Promise<readonly string[]> {
  const lines: string[] = [];
  let nextToken: string | undefined;
  do {
    const page: Listed = await client.call("ListImages", { repositoryName, nextToken });
    lines.push(
      ...page.imageIds.map(({ imageDigest, imageTag }) => (imageTag ? `${imageDigest} ${imageTag}` : imageDigest)),
    );
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return lines.sort();
}
