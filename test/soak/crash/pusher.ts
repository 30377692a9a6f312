import type { Chance } from "../chance.js";
import { type Client, expectStatus, Refused } from "../client.js";
import { imageOf, OCI_MANIFEST, pushByApi, pushByV2, type SmallImage } from "../image.js";
import { type Contents, type Ledger, withImage, withoutImage } from "./ledger.js";

/** Images that a repository has at most. */
const MOST = 12;
const TAGS = ["latest", "stable", "v1", "v2", "v3"];
/** Layers that all repositories share. */
const BASES = ["debian", "alpine", "node"].map((name) => Buffer.alloc(90_000, name));

/** Pushes, moves tags and deletes, one change after the other, until the connection breaks off. */
export async function pusher(client: Client, ledger: Ledger, chance: Chance): Promise<never> {
  for (;;) {
    const { images } = ledger.contents;
    if (images.size > MOST || (images.size > 3 && chance.in(0.2))) await deleteOne(client, ledger, chance);
    else if (images.size > 0 && chance.in(0.25)) await moveTag(client, ledger, chance);
    else await pushOne(client, ledger, chance);
  }
}

/** Makes a change, having noted what it leads to. */
async function change(ledger: Ledger, to: Contents, work: () => Promise<void>): Promise<void> {
  ledger.pending = to;
  await work();
  ledger.contents = to;
  ledger.pending = undefined;
  ledger.acknowledged += 1;
}

async function pushOne(client: Client, ledger: Ledger, chance: Chance): Promise<void> {
  const layer = chance.in(0.3) ? chance.pick(BASES) : Buffer.alloc(1_000 + chance.below(200_000), chance.bytes(499));
  const image = imageOf(chance.hex(16), layer);
  const tag = chance.pick(TAGS);
  const push = chance.in(0.5) ? pushByV2 : pushByApi;
  const before = ledger.blobs.length;
  await change(ledger, withImage(ledger.contents, image, tag), () =>
    push(client, ledger.repository, image, tag, (digest) => ledger.blobs.push(digest)),
  );
  // From here on they are looked at as a part of the image.
  ledger.blobs.length = before;
}

async function moveTag(client: Client, ledger: Ledger, chance: Chance): Promise<void> {
  const { repository, contents } = ledger;
  const image = chance.pick([...contents.images.values()]);
  const tag = chance.pick(TAGS.filter((one) => contents.tags.get(one) !== image.digest).concat("moved"));
  if (contents.tags.get(tag) === image.digest) return;
  await change(ledger, withImage(contents, image, tag), () =>
    chance.in(0.5) ? putByV2(client, repository, image, tag) : putByApi(client, repository, image, tag),
  );
}

async function putByV2(client: Client, repository: string, { manifest }: SmallImage, tag: string): Promise<void> {
  const put = await client.data("PUT", `${repository}/manifests/${tag}`, manifest, OCI_MANIFEST);
  expectStatus("PUT manifest", put, 201);
}

async function putByApi(client: Client, repositoryName: string, image: SmallImage, imageTag: string): Promise<void> {
  await client.call("PutImage", { repositoryName, imageManifest: image.manifest, imageTag });
}

async function deleteOne(client: Client, ledger: Ledger, chance: Chance): Promise<void> {
  const { repository: repositoryName, contents } = ledger;
  const imageDigest = chance.pick([...contents.images.keys()]);
  await change(ledger, withoutImage(contents, imageDigest), async () => {
    const input = { repositoryName, imageIds: [{ imageDigest }] };
    const { failures } = await client.call<{ failures: readonly unknown[] }>("BatchDeleteImage", input);
    if (failures.length > 0) throw new Refused("BatchDeleteImage", 200, Buffer.from(JSON.stringify(failures)));
  });
}
