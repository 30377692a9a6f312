import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { clientPath } from "../clients.js";
import { output } from "../command.js";
import { startDocker } from "../daemon.js";
import { digestOf } from "../image-layout.js";
import { type LayoutImage, readLayout } from "../layout.js";
import { tar } from "../tar.js";
import { type Client, logIn, reference, type User } from "./client.js";

const run = ({ env }: User, ...args: readonly string[]): Promise<string> => output(clientPath("docker"), args, env);

/** docker unpacks images, and writes a manifest of its own for what it packs again. */
export const docker: Client = {
  name: "docker",
  keepsManifests: false,
  says: {
    wrongLogin: /401 Unauthorized/,
    denied: /denied: User: .* is not authorized/,
    notFound: /manifest unknown/,
  },
  start: startDocker,
  login: (user) => logIn(clientPath("docker"), ["login"], user),
  async push(user, layout, to) {
    const archive = join(user.home, "image.tar");
    writeFileSync(archive, dockerArchive(readLayout(layout.folder, layout.tag), reference(user, to)));
    await run(user, "load", "--input", archive);
    await run(user, "push", reference(user, to));
  },
  async pull(user, from, folder) {
    await run(user, "image", "prune", "--all", "--force");
    await run(user, "pull", reference(user, from));
    const archive = join(user.home, "saved");
    mkdirSync(archive, { recursive: true });
    await run(user, "save", "--output", `${archive}.tar`, reference(user, from));
    await output("tar", ["--extract", "--file", `${archive}.tar`, "--directory", archive], user.env);
    unpackArchive(archive, folder);
  },
  async tag(user, image, tag) {
    const as = reference(user, { ...image, tag });
    await run(user, "tag", reference(user, image), as);
    await run(user, "push", as);
  },
};

/** What `docker load` takes: the config and each layer's archive, unpacked, and a list of them. */
function dockerArchive(image: ReturnType<typeof readLayout>, name: string): Buffer {
  const { config, layers }: LayoutImage = JSON.parse(image.manifest);
  const blob = (digest: string): Buffer => image.blobs.get(digest) ?? Buffer.alloc(0);
  const archives = layers.map(({ digest }) => gunzipSync(blob(digest)));
  const names = archives.map((_, layer) => `layer-${layer}.tar`);
  const list = [{ Config: "config.json", RepoTags: [name], Layers: names }];
  return tar({
    "config.json": blob(config.digest),
    ...Object.fromEntries(archives.map((archive, layer) => [names[layer], archive])),
    "manifest.json": Buffer.from(JSON.stringify(list)),
  });
}

/** Lays what `docker save` gave out as the files of an image with a manifest. */
function unpackArchive(archive: string, folder: string): void {
  const [{ Config, Layers }] = JSON.parse(readFileSync(join(archive, "manifest.json"), "utf8"));
  mkdirSync(folder);
  const [config, ...layers] = [Config, ...Layers].map((file: string) => {
    const bytes = readFileSync(join(archive, file));
    const digest = digestOf(bytes);
    writeFileSync(join(folder, digest.slice("sha256:".length)), bytes);
    return { digest };
  });
  writeFileSync(join(folder, "manifest.json"), JSON.stringify({ config, layers }));
}
