import { join } from "node:path";
import { clientPath } from "../clients.js";
import { output } from "../command.js";
import { skopeo as skopeoWith } from "../skopeo.js";
import { type Client, type ImageName, logIn, reference, type User } from "./client.js";

const loginOf = ({ home }: User): readonly string[] => ["--authfile", join(home, "auth.json"), "--tls-verify=false"];
const run = (user: User, command: string, ...args: readonly string[]): Promise<string> =>
  output(clientPath("skopeo"), [command, ...loginOf(user), ...args], user.env);
const copy = ({ home, env }: User, ...args: readonly string[]): Promise<string> =>
  skopeoWith(join(home, "auth.json"), env).copy("--preserve-digests", ...args);
const there = (user: User, image: ImageName): string => `docker://${reference(user, image)}`;

export const skopeo: Client = {
  name: "skopeo",
  keepsManifests: true,
  says: {
    wrongLogin: /invalid username\/password/,
    denied: /denied: User: .* is not authorized/i,
    notFound: /manifest unknown/i,
  },
  login: (user) => logIn(clientPath("skopeo"), ["login", ...loginOf(user)], user),
  push: (user, { folder, tag }, to) => copy(user, `oci:${folder}:${tag}`, there(user, to)),
  pull: (user, from, folder) => copy(user, there(user, from), `dir:${folder}`),
  tag: (user, image, tag) => copy(user, there(user, image), there(user, { ...image, tag })),
  tags: async (user, repository) =>
    JSON.parse(await run(user, "list-tags", `docker://${user.host}/${repository}`)).Tags,
  copyIndex: (user, from, to) => copy(user, "--all", there(user, from), there(user, to)),
  remove: (user, image) => run(user, "delete", there(user, image)),
};
