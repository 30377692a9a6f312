import { clientPath } from "../clients.js";
import { output } from "../command.js";
import { type Client, lines, logIn, type Referrer, reference, type User } from "./client.js";

const run = ({ env }: User, ...args: readonly string[]): Promise<string> => output(clientPath("oras"), args, env);

export const oras: Client = {
  name: "oras",
  keepsManifests: true,
  says: { wrongLogin: /401: Unauthorized/, denied: /denied: User: .* is not authorized/i, notFound: /not found/ },
  login: (user) => logIn(clientPath("oras"), ["login"], user),
  push: (user, { folder, tag }, to) => run(user, "cp", "--from-oci-layout", `${folder}:${tag}`, reference(user, to)),
  pull: (user, from, folder) => run(user, "cp", reference(user, from), "--to-oci-layout", `${folder}:${from.tag}`),
  tag: (user, image, tag) => run(user, "tag", reference(user, image), tag),
  tags: async (user, repository) => lines(await run(user, "repo", "tags", `${user.host}/${repository}`)),
  copyIndex: (user, from, to) => run(user, "cp", "--recursive", reference(user, from), reference(user, to)),
  // A file's name is its title in the artifact, which oras lets be absolute only when it is told to.
  attach: (user, artifactType, file, to) =>
    run(user, "attach", "--disable-path-validation", "--artifact-type", artifactType, reference(user, to), file),
  async referrers(user, image) {
    const found = JSON.parse(await run(user, "discover", "--format", "json", reference(user, image)));
    return (found.referrers as Referrer[]).map(({ digest, artifactType }) => ({ digest, artifactType }));
  },
  remove: (user, image) => run(user, "manifest", "delete", "--force", reference(user, image)),
};
