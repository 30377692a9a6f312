import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { clientPath } from "../clients.js";
import { output } from "../command.js";
import { type LayoutImage, readLayout } from "../layout.js";
import type { Client, ImageName, User } from "./client.js";

const ecr = ({ env, url }: User, ...args: readonly string[]): Promise<string> =>
  output(clientPath("aws"), ["--endpoint-url", url, "--output", "json", "ecr", ...args], env);
const run = (user: User, operation: string, ...args: readonly string[]): Promise<string> =>
  ecr(user, operation, "--registry-id", user.registryId, ...args);

/** `--query` takes out of an answer what the next command needs. */
const ask = async (user: User, query: string, operation: string, ...args: readonly string[]): Promise<string> =>
  JSON.parse(await run(user, operation, "--query", query, ...args));

/** The aws CLI moves images by the layer API: an upload in parts, and a URL to download from. */
export const aws: Client = {
  name: "aws",
  keepsManifests: true,
  says: {
    wrongLogin: /\(InvalidSignatureException\)/,
    denied: /\(AccessDeniedException\).* User: .* is not authorized/,
    notFound: /ImageNotFound/,
  },
  login: (user) => ecr(user, "get-login-password"),
  async push(user, { folder, tag }, to) {
    const { manifest, blobs } = readLayout(folder, tag);
    for (const [digest, bytes] of blobs) await pushBlob(user, to.repository, digest, bytes);
    await putManifest(user, to, manifest);
  },
  async pull(user, from, folder) {
    const manifest = await manifestOf(user, from);
    mkdirSync(folder);
    writeFileSync(join(folder, "manifest.json"), manifest);
    const { config, layers }: LayoutImage = JSON.parse(manifest);
    for (const { digest } of [config, ...layers]) {
      const layer = ["--repository-name", from.repository, "--layer-digest", digest];
      const answer = await fetch(await ask(user, "downloadUrl", "get-download-url-for-layer", ...layer));
      writeFileSync(join(folder, digest.slice("sha256:".length)), Buffer.from(await answer.arrayBuffer()));
    }
  },
  tag: async (user, image, tag) => putManifest(user, { ...image, tag }, await manifestOf(user, image)),
  async tags(user, repository) {
    const { imageIds } = JSON.parse(await run(user, "list-images", "--repository-name", repository));
    return (imageIds as { readonly imageTag: string }[]).map(({ imageTag }) => imageTag);
  },
  remove: (user, { repository, tag }) =>
    run(user, "batch-delete-image", "--repository-name", repository, "--image-ids", `imageTag=${tag}`),
};

async function pushBlob(user: User, repository: string, digest: string, bytes: Buffer): Promise<void> {
  const there = ["--repository-name", repository];
  const file = join(user.home, "part");
  writeFileSync(file, bytes);
  const upload = [...there, "--upload-id", await ask(user, "uploadId", "initiate-layer-upload", ...there)];
  const part = ["--part-first-byte", "0", "--part-last-byte", `${bytes.length - 1}`];
  await run(user, "upload-layer-part", ...upload, ...part, "--layer-part-blob", `fileb://${file}`);
  await run(user, "complete-layer-upload", ...upload, "--layer-digests", digest);
}

/** The exact bytes of a manifest. The command succeeds too when there is no such image. */
async function manifestOf(user: User, { repository, tag }: ImageName): Promise<string> {
  const answer = await run(user, "batch-get-image", "--repository-name", repository, "--image-ids", `imageTag=${tag}`);
  const [image] = JSON.parse(answer).images;
  if (image === undefined) throw new Error(`aws ecr batch-get-image gave no image: ${answer}`);
  return image.imageManifest;
}

async function putManifest(user: User, { repository, tag }: ImageName, manifest: string): Promise<void> {
  const file = join(user.home, "manifest.json");
  writeFileSync(file, manifest);
  const image = ["--image-tag", tag, "--image-manifest", `file://${file}`];
  await run(user, "put-image", "--repository-name", repository, ...image);
}
