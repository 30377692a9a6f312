import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { aws } from "./adapters/aws.js";
import { boto3 } from "./adapters/boto3.js";
import type { Client, User } from "./adapters/client.js";
import { buildah, podman } from "./adapters/container-storage.js";
import { containerd } from "./adapters/containerd.js";
import { crane } from "./adapters/crane.js";
import { docker } from "./adapters/docker.js";
import { oras } from "./adapters/oras.js";
import { regctl } from "./adapters/regctl.js";
import { skopeo } from "./adapters/skopeo.js";
import { awsEnvironment, privateFolder } from "./aws-environment.js";
import { describeWith } from "./clients.js";
import type { Daemon } from "./daemon.js";
import { buildImage, digestOf, writeImageLayout } from "./image-layout.js";
import { readPulled } from "./layout.js";
import { type LocalProcess, startLocal } from "./local-process.js";
import { type Key, type Owner, ownerAt } from "./owner.js";

const clients = [aws, boto3, docker, containerd, podman, buildah, skopeo, crane, oras, regctl];

const owner = { account: "111111111111", key: { accessKeyId: "AKIAOWNER", secretAccessKey: "owner-secret" } };
const guest = { account: "222222222222", key: { accessKeyId: "AKIAGUEST", secretAccessKey: "guest-secret" } };
const accounts = {
  [owner.account]: { users: { ci: { accessKeys: [owner.key] } } },
  [guest.account]: { users: { reader: { accessKeys: [guest.key] } } },
};

const image = buildImage("oci", "amd64", 2);
const platforms = { amd64: image, arm64: buildImage("oci", "arm64", 1) };
const { config, layers } = JSON.parse(image.manifest);
const archives = JSON.parse(String(image.blobs.get(config.digest))).rootfs.diff_ids;
const app = { repository: "team/app", tag: "v1" };
const multi = { repository: "team/multi", tag: "v1" };
const copied = { repository: "team/copied", tag: "v2" };

for (const client of clients) for (const store of ["memory", "disk"] as const) describeClient(client, store);

/** The steps of one user's session with one client, in order: each stands on the one before it. */
function describeClient(client: Client, store: "memory" | "disk"): void {
  const { says } = client;
  const title = `${client.name} against ecrkit local ${store === "disk" ? "on disk" : "in memory"}`;
  describeWith([client.name], title, () => {
    let home: string;
    let local: LocalProcess;
    let daemon: Daemon | undefined;
    let admin: Owner;
    let user: User;

    const userWith = (name: string, key: Key, password: string): User => {
      const place = join(home, name);
      mkdirSync(place);
      const keys = { AWS_ACCESS_KEY_ID: key.accessKeyId, AWS_SECRET_ACCESS_KEY: key.secretAccessKey };
      const env = { ...awsEnvironment(local.url, place), ...keys, ...daemon?.env };
      const { host } = new URL(local.url);
      return { url: local.url, host, registryId: owner.account, home: place, env, password };
    };
    /** Pulls the image, and holds it to the one that was pushed: every byte, or all that the client lets through. */
    async function expectPull(folder: string): Promise<void> {
      await client.pull(user, app, join(home, folder));
      const pulled = readPulled(join(home, folder));
      if (client.keepsManifests) expect(pulled.manifest).toBe(image.manifest);
      expect(pulled.config).toBe(String(image.blobs.get(config.digest)));
      expect(pulled.archives).toEqual(archives);
    }

    beforeAll(async () => {
      home = privateFolder();
      const file = join(home, "accounts.json");
      writeFileSync(file, JSON.stringify({ accounts }));
      writeImageLayout(join(home, "layout"), "v1", image);
      const data = store === "disk" ? ["--data", join(home, "data")] : [];
      daemon = await client.start?.(home);
      local = await startLocal("--auth", "strict", "--accounts", file, ...data);
      admin = ownerAt(local.url, owner.key);
      for (const { repository: repositoryName } of [app, multi, copied])
        await admin.ecr.call("CreateRepository", { repositoryName });
      user = userWith("owner", owner.key, await admin.password());
    });
    afterAll(async () => {
      await local?.stop();
      await daemon?.stop();
      rmSync(home, { recursive: true });
    });

    it("is refused with a wrong login, and says so", async () => {
      const stranger = userWith("stranger", { ...owner.key, secretAccessKey: "guessed" }, "guessed");
      const pull = client.login(stranger).then(() => client.pull(stranger, app, join(home, "nothing")));
      await expect(pull).rejects.toThrow(says.wrongLogin);
    });

    it("logs in, and pushes an image", async () => {
      await client.login(user);
      await client.push(user, { folder: join(home, "layout"), tag: "v1" }, app);
      const stored = (await admin.manifestAt(app)) ?? "{}";
      if (client.keepsManifests) expect(stored).toBe(image.manifest);
      const { config: storedConfig, layers: storedLayers } = JSON.parse(stored);
      expect([storedConfig.digest, storedLayers.length]).toEqual([config.digest, layers.length]);
    });

    itWhen(store === "disk", "goes on with the same login when the server has been started again", async () => {
      local = await local.restart();
      await expectPull("after-restart");
    });

    it("pulls the same bytes", () => expectPull("pulled"));

    it("gives an image a second tag", async () => {
      await client.tag(user, app, "stable");
      expect(await admin.tagsOf(app.repository)).toEqual(["stable", "v1"]);
    });

    itWhen(client.tags, "lists the tags", async () => {
      expect([...((await client.tags?.(user, app.repository)) ?? [])].sort()).toEqual(["stable", "v1"]);
    });

    itWhen(client.copyIndex, "copies a multi-architecture image to another repository", async () => {
      const index = await admin.putIndex(multi, platforms);
      await client.copyIndex?.(user, multi, copied);
      const copy = (await admin.manifestAt(copied)) ?? "{}";
      if (client.keepsManifests) expect(digestOf(copy)).toBe(digestOf(index));
      expect(digestsIn(copy)).toEqual(digestsIn(index));
    });

    itWhen(client.attach, "attaches an artifact to an image, and finds it again", async () => {
      const artifactType = "application/spdx+json";
      const file = join(home, "sbom.json");
      writeFileSync(file, JSON.stringify({ spdxVersion: "SPDX-2.3" }));
      await client.attach?.(user, artifactType, file, app);
      const stored = await admin.referrersOf(app.repository, image.digest);
      expect(stored).toMatchObject([{ artifactType }]);
      expect(await client.referrers?.(user, app)).toEqual(stored);
    });

    it("is denied another account's registry, and says so", async () => {
      const password = await ownerAt(local.url, guest.key).password(owner.account);
      const other = userWith("guest", guest.key, password);
      await client.login(other);
      await expect(client.pull(other, app, join(home, "theirs"))).rejects.toThrow(says.denied);
    });

    itWhen(client.remove, "deletes an image, which is not found from then on", async () => {
      const gone = { ...app, tag: "stable" };
      await client.remove?.(user, gone);
      expect(await admin.manifestAt(gone)).toBeUndefined();
      await expect(client.pull(user, gone, join(home, "gone"))).rejects.toThrow(says.notFound);
    });
  });
}

/** A step for those clients that have a command for it: what a client has none for is no skipped test. */
function itWhen(isThere: unknown, title: string, step: () => Promise<void>): void {
  if (isThere) it(title, step);
}

const digestsIn = (index: string): readonly string[] =>
  (JSON.parse(index).manifests as { readonly digest: string }[]).map(({ digest }) => digest);
