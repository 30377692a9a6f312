import { join } from "node:path";
import { clientPath } from "../clients.js";
import { output } from "../command.js";
import { type Client, logIn, reference, type User } from "./client.js";

type Run = (user: User, ...args: readonly string[]) => Promise<string>;
const insecure = "--tls-verify=false";

/** The vfs storage driver works wherever the tests do, in a container too. */
const commandOf =
  (name: "buildah" | "podman"): Run =>
  ({ env, home }, ...args) => {
    const storage = ["--root", join(home, "storage"), "--runroot", join(home, "run"), "--storage-driver", "vfs"];
    const events = name === "podman" ? ["--events-backend", "file"] : [];
    return output(clientPath(name), [...storage, ...events, ...args], env);
  };

/** What buildah and podman do alike: they unpack an image into a storage of their own, and push what they pack again. */
function containerStorage(name: "buildah" | "podman", run: Run): Omit<Client, "pull"> {
  const pushAs = async (user: User, image: string, as: string): Promise<void> => {
    await run(user, "tag", image, as);
    await run(user, "push", "--quiet", insecure, as);
  };
  return {
    name,
    keepsManifests: false,
    says: {
      wrongLogin: /invalid username\/password/,
      denied: /denied: User: .* is not authorized/i,
      notFound: /manifest unknown/i,
    },
    login: (user) => logIn(clientPath(name), ["login", insecure], user),
    async push(user, { folder, tag }, to) {
      const id = await run(user, "pull", "--quiet", `oci:${folder}:${tag}`);
      await pushAs(user, id.trim(), reference(user, to));
    },
    tag: (user, image, tag) => pushAs(user, reference(user, image), reference(user, { ...image, tag })),
    async copyIndex(user, from, to) {
      await run(user, "manifest", "create", "index");
      await run(user, "manifest", "add", "--all", insecure, "index", `docker://${reference(user, from)}`);
      await run(user, "manifest", "push", "--all", insecure, "index", `docker://${reference(user, to)}`);
    },
  };
}

/** Pulls into an empty storage, so that nothing of an earlier push or pull answers for the registry. */
async function pullAfresh(run: Run, user: User, image: string): Promise<void> {
  await run(user, "rmi", "--all", "--force");
  await run(user, "pull", "--quiet", insecure, image);
}

const runPodman = commandOf("podman");
const runBuildah = commandOf("buildah");

export const podman: Client = {
  ...containerStorage("podman", runPodman),
  async pull(user, from, folder) {
    await pullAfresh(runPodman, user, reference(user, from));
    await runPodman(user, "save", "--quiet", "--format", "oci-dir", "--output", folder, reference(user, from));
  },
  async tags(user, repository) {
    const args = [insecure, "--list-tags", "--format", "json", `${user.host}/${repository}`];
    const found = JSON.parse(await runPodman(user, "search", ...args)) as { readonly Tags: readonly string[] }[];
    return found.flatMap(({ Tags }) => Tags);
  },
};

export const buildah: Client = {
  ...containerStorage("buildah", runBuildah),
  async pull(user, from, folder) {
    await pullAfresh(runBuildah, user, reference(user, from));
    await runBuildah(user, "push", "--quiet", reference(user, from), `oci:${folder}:saved`);
  },
};
