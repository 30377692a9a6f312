import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { clientPath } from "../clients.js";
import { output } from "../command.js";
import { startContainerd } from "../daemon.js";
import { type Client, reference, type User } from "./client.js";

const run = ({ env }: User, command: string, ...args: readonly string[]): Promise<string> =>
  output(clientPath("containerd"), ["images", command, ...args], env);
const there = ({ home, password }: User): readonly string[] => [
  ...["--hosts-dir", join(home, "certs.d")],
  ...["--user", `AWS:${password}`],
];
const fetch = (user: User, image: string): Promise<string> =>
  run(user, "pull", ...there(user), "--all-platforms", "--snapshotter", "native", image);

/** containerd by its own `ctr`, which knows no logins: the password stands in each command. */
export const containerd: Client = {
  name: "containerd",
  keepsManifests: true,
  says: { wrongLogin: /401 Unauthorized/, denied: /403 Forbidden/, notFound: /not found/ },
  start: startContainerd,
  async login({ home, host, url }) {
    const folder = join(home, "certs.d", host);
    mkdirSync(folder, { recursive: true });
    const hosts = `server = "${url}"\n[host."${url}"]\n  capabilities = ["pull", "resolve", "push"]\n`;
    writeFileSync(join(folder, "hosts.toml"), hosts);
  },
  async push(user, { folder }, to) {
    const archive = join(user.home, "layout.tar");
    await output("tar", ["--create", "--file", archive, "--directory", folder, "."], user.env);
    await run(user, "import", "--snapshotter", "native", "--base-name", `${user.host}/${to.repository}`, archive);
    await run(user, "push", ...there(user), reference(user, to));
  },
  async pull(user, from, folder) {
    await run(user, "rm", "--sync", reference(user, from));
    await fetch(user, reference(user, from));
    await run(user, "export", `${folder}.tar`, reference(user, from));
    mkdirSync(folder);
    await output("tar", ["--extract", "--file", `${folder}.tar`, "--directory", folder], user.env);
  },
  async tag(user, image, tag) {
    await run(user, "tag", reference(user, image), reference(user, { ...image, tag }));
    await run(user, "push", ...there(user), reference(user, { ...image, tag }));
  },
  async copyIndex(user, from, to) {
    await fetch(user, reference(user, from));
    await run(user, "tag", reference(user, from), reference(user, to));
    await run(user, "push", ...there(user), reference(user, to));
  },
};
