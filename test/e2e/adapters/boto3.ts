import { join } from "node:path";
import { clientPath } from "../clients.js";
import { output } from "../command.js";
import { type Client, lines, type User } from "./client.js";

const script = join(import.meta.dirname, "boto3_images.py");
const run = ({ env, registryId }: User, act: string, ...args: readonly string[]): Promise<string> =>
  output(clientPath("boto3"), [script, registryId, act, ...args], env);

/** What a Python program does with boto3: each act is one run of `boto3_images.py`. */
export const boto3: Client = {
  name: "boto3",
  keepsManifests: true,
  says: {
    wrongLogin: /\(InvalidSignatureException\)/,
    denied: /\(AccessDeniedException\).* User: .* is not authorized/,
    notFound: /ImageNotFound/,
  },
  login: (user) => run(user, "login"),
  push: (user, { folder }, to) => run(user, "push", folder, to.repository, to.tag),
  pull: (user, from, folder) => run(user, "pull", from.repository, from.tag, folder),
  tag: (user, image, tag) => run(user, "copy", image.repository, image.tag, image.repository, tag),
  tags: async (user, repository) => lines(await run(user, "tags", repository)),
  copyIndex: (user, from, to) => run(user, "copy", from.repository, from.tag, to.repository, to.tag),
  attach: (user, artifactType, file, to) => run(user, "attach", artifactType, file, to.repository, to.tag),
  referrers: async (user, image) => JSON.parse(await run(user, "referrers", image.repository, image.tag)),
  remove: (user, image) => run(user, "remove", image.repository, image.tag),
};
