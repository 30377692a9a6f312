import { clientPath } from "../clients.js";
import { output } from "../command.js";
import { type Client, lines, logIn, reference, type User } from "./client.js";

const run = ({ env }: User, ...args: readonly string[]): Promise<string> => output(clientPath("crane"), args, env);

export const crane: Client = {
  name: "crane",
  keepsManifests: true,
  says: { wrongLogin: /401 Unauthorized/, denied: /DENIED: User: .* is not authorized/, notFound: /MANIFEST_UNKNOWN/ },
  // It takes any password down: that one is wrong only shows at its first use.
  login: (user) => logIn(clientPath("crane"), ["auth", "login"], user),
  push: (user, { folder }, to) => run(user, "push", folder, reference(user, to)),
  pull: (user, from, folder) => run(user, "pull", "--format", "oci", reference(user, from), folder),
  tag: (user, image, tag) => run(user, "tag", reference(user, image), tag),
  tags: async (user, repository) => lines(await run(user, "ls", `${user.host}/${repository}`)),
  copyIndex: (user, from, to) => run(user, "copy", reference(user, from), reference(user, to)),
  remove: (user, image) => run(user, "delete", reference(user, image)),
};
