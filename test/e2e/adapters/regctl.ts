import { clientPath } from "../clients.js";
import { output } from "../command.js";
import { type Client, lines, type Referrer, reference, type User } from "./client.js";

const run = ({ env }: User, ...args: readonly string[]): Promise<string> => output(clientPath("regctl"), args, env);

export const regctl: Client = {
  name: "regctl",
  keepsManifests: true,
  says: {
    wrongLogin: /failed to ping registry .*unauthorized/,
    denied: /DENIED.*User: .* is not authorized/,
    notFound: /MANIFEST_UNKNOWN/,
  },
  async login(user) {
    const { env, host, password } = user;
    await run(user, "registry", "set", "--skip-check", "--tls", "disabled", host);
    const login = ["registry", "login", "--user", "AWS", "--pass-stdin", host];
    await output(clientPath("regctl"), login, env, `${password}\n`);
  },
  push: (user, { folder, tag }, to) => run(user, "image", "copy", `ocidir://${folder}:${tag}`, reference(user, to)),
  pull: (user, from, folder) => run(user, "image", "copy", reference(user, from), `ocidir://${folder}:${from.tag}`),
  tag: (user, image, tag) => run(user, "image", "copy", reference(user, image), reference(user, { ...image, tag })),
  tags: async (user, repository) => lines(await run(user, "tag", "ls", `${user.host}/${repository}`)),
  copyIndex: (user, from, to) => run(user, "image", "copy", reference(user, from), reference(user, to)),
  attach(user, artifactType, file, to) {
    const artifact = ["--artifact-type", artifactType, "--subject", reference(user, to), "--file", file];
    return run(user, "artifact", "put", ...artifact);
  },
  async referrers(user, image) {
    const found = JSON.parse(await run(user, "artifact", "list", reference(user, image), "--format", "{{json .}}"));
    return (found.descriptors as Referrer[]).map(({ digest, artifactType }) => ({ digest, artifactType }));
  },
  remove: (user, image) => run(user, "manifest", "delete", "--force-tag-dereference", reference(user, image)),
};
