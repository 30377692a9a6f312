import { type Client, createClient, digestOf, expectStatus, signatureOf } from "../client.js";
import { imageOf, pullBlob, pullManifest, pushByV2, type SmallImage } from "../image.js";

/** What is in the registry that is attacked, so that attacks get past its doors. */
export interface World {
  readonly repository: string;
  readonly tag: string;
  readonly manifest: string;
  readonly manifestDigest: string;
  readonly layerDigest: string;
  readonly configDigest: string;
  /** Path and query of a layer of 16 MiB: more than any socket buffers. */
  readonly largeLayer: string;
  /** An upload that is open, which attacks may end. */
  readonly uploadId: string;
  /** The header line of a login to `/v2/`. */
  readonly login: string;
  /** The header line of a signature for the API. */
  readonly signature: string;
  /** A text that stands in a file beside the server's own, and must never be in an answer. */
  readonly secret: string;
}

const REPOSITORY = "team/app";
export const ATTACKED = "123456789012";
const BYSTANDER = "999999999999";
const LARGE_BYTES = 16 * 1024 * 1024;
const IMAGE: SmallImage = imageOf("attacked", Buffer.alloc(200_000, "a layer of letters, "));

/** Empties a local ECR and puts one image into it, and another where no attack goes. */
export async function createWorld(port: number, secret: string): Promise<World> {
  const client = createClient(port, ATTACKED);
  try {
    expectStatus("reset", await client.send({ method: "POST", path: "/_ecrkit/reset" }), 200);
    await fill(client);
    const bystander = createClient(port, BYSTANDER);
    await fill(bystander);
    bystander.close();
    const large = Buffer.alloc(LARGE_BYTES, "letters");
    const push = await client.data("POST", `${REPOSITORY}/blobs/uploads/?digest=${digestOf(large)}`, large);
    expectStatus("push of a large layer", push, 201);
    const pull = await client.data("GET", `${REPOSITORY}/blobs/${digestOf(large)}`);
    const { pathname, search } = new URL(String(expectStatus("GET", pull, 307).headers["location"]));
    const opened = await client.data("POST", `${REPOSITORY}/blobs/uploads/`);
    const { authorizationData } = await client.call<{ authorizationData: [{ authorizationToken: string }] }>(
      "GetAuthorizationToken",
      {},
    );
    return {
      repository: REPOSITORY,
      tag: "v1",
      manifest: IMAGE.manifest,
      manifestDigest: IMAGE.digest,
      layerDigest: digestOf(IMAGE.layer),
      configDigest: digestOf(IMAGE.config),
      largeLayer: pathname + search,
      uploadId: String(opened.headers["docker-upload-uuid"]),
      login: `Authorization: Basic ${authorizationData[0].authorizationToken}`,
      signature: `Authorization: ${signatureOf(ATTACKED)}`,
      secret,
    };
  } finally {
    client.close();
  }
}

async function fill(client: Client): Promise<void> {
  await client.call("CreateRepository", { repositoryName: REPOSITORY });
  await pushByV2(client, REPOSITORY, IMAGE, "v1");
}

/** Fails unless the server still does for somebody else what it is for: the image comes back byte for byte. */
export async function requireGood(port: number): Promise<void> {
  const client = createClient(port, BYSTANDER);
  try {
    const manifest = await pullManifest(client, REPOSITORY, "v1");
    const layer = await pullBlob(client, REPOSITORY, digestOf(IMAGE.layer));
    if (manifest.toString() !== IMAGE.manifest || !layer.equals(IMAGE.layer))
      throw new Error("a good request was answered with other bytes than were pushed");
  } finally {
    client.close();
  }
}
