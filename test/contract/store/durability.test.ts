import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createRegistry } from "../../../src/registry/create-registry.js";
import { type FileSystem, realFileSystem } from "../../../src/registry/disk/file-system.js";
import { openData } from "../../../src/registry/disk/open-data.js";
import type { Registry } from "../../../src/registry/registry.js";
import type { Store } from "../../../src/registry/store.js";
import { manualTime } from "../../../src/time.js";
import { caller, imageManifest, sha256, target } from "../../fixtures/local-registry.js";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ecrkit-durable-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Told of each step that makes something durable, before and after it is done. */
interface Watch {
  before(step: string): Promise<void>;
  after(step: string): void;
}

const name = (path: string): string =>
  relative(folder, path)
    .replace(/^uploads\/\d+$/, "upload")
    .replace(/^blobs\/sha256\/..\/.*/, "blob")
    .replace(/^blobs\/sha256\/..$/, "shelf")
    .replace(/^$/, "folder");

function watchedFiles(watch: Watch): FileSystem {
  const paths = new Map<unknown, string>();
  const step = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
    await watch.before(what);
    const done = await work();
    watch.after(what);
    return done;
  };
  return {
    ...realFileSystem,
    async create(path) {
      const file = await realFileSystem.create(path);
      paths.set(file, path);
      return file;
    },
    syncFile: (file) => step(`sync ${name(paths.get(file) ?? "")}`, () => realFileSystem.syncFile(file)),
    rename: (from, to) => step(`rename ${name(from)} to ${name(to)}`, () => realFileSystem.rename(from, to)),
    syncFolder: (path) => step(`sync ${name(path)}`, () => realFileSystem.syncFolder(path)),
  };
}

const watchedStore = (store: Store, watch: Watch): Store => ({
  ...store,
  async transaction(work) {
    // Before LMDB's own thread begins to write, for what it writes is copied by nobody whole.
    await watch.before("write metadata");
    const result = await store.transaction(work);
    watch.after("write metadata");
    return result;
  },
});

const LAYER = Buffer.from("the bytes of a layer");
const CONFIG = Buffer.from('{"architecture":"amd64","os":"linux"}');
const MANIFEST = imageManifest(CONFIG, [LAYER]);

/** Pushes an image; `tell` is told of each answer. */
async function push(registry: Registry, tell: (answer: string) => void): Promise<void> {
  await registry.call({ service: "ecr", name: "CreateRepository" }, caller, { repositoryName: "app" });
  tell("repository");
  for (const [what, bytes] of [
    ["layer", LAYER],
    ["config", CONFIG],
  ] as const) {
    const { uploadId } = await registry.data.startUpload(caller, target());
    await registry.data.completeUpload(caller, target(), uploadId, sha256(bytes), {
      body: (async function* () {
        yield bytes;
      })(),
      firstByte: undefined,
    });
    tell(what);
  }
  const input = { repositoryName: "app", imageManifest: MANIFEST, imageTag: "v1" };
  await registry.call({ service: "ecr", name: "PutImage" }, caller, input);
  tell("image");
}

/** A registry in the folder whose steps towards the disk are watched. */
function watched(watch: Watch): Registry {
  const data = openData(folder, manualTime(), watchedFiles(watch));
  return createRegistry({ ...data, store: watchedStore(data.store, watch) });
}

/** What a registry holds of the push, held to its digests. */
async function found(registry: Registry): Promise<readonly string[]> {
  const is: string[] = [];
  const call = (operation: string, input: object) =>
    registry.call({ service: "ecr", name: operation }, caller, { repositoryName: "app", ...input }) as Promise<{
      layers: { layerAvailability: string }[];
      images: { imageManifest: string }[];
    }>;
  const layerDigests = [sha256(LAYER), sha256(CONFIG)];
  const available = await call("BatchCheckLayerAvailability", { layerDigests }).catch(() => undefined);
  if (available === undefined) return is;
  is.push("repository");
  for (const [at, what] of ["layer", "config"].entries()) {
    if (available.layers[at]?.layerAvailability !== "AVAILABLE") continue;
    const digest = layerDigests[at] ?? "";
    const bytes = Buffer.concat(await (await registry.data.blob(caller, target(), digest)).open().toArray());
    expect(sha256(bytes)).toBe(digest);
    is.push(what);
  }
  const { images } = await call("BatchGetImage", { imageIds: [{ imageTag: "v1" }] });
  if (images.length > 0) {
    expect(images[0]?.imageManifest).toBe(MANIFEST);
    is.push("image");
  }
  return is;
}

const BLOB = ["sync upload", "sync blobs/sha256", "rename upload to blob", "sync shelf", "write metadata"];

describe("a push to a data folder", () => {
  it("is on the disk in this order: bytes, name, folder, metadata, answer", async () => {
    const order: string[] = [];
    const registry = watched({ before: async () => undefined, after: (step) => order.push(step) });
    await push(registry, (answer) => order.push(`answer: ${answer}`));
    await registry.close();
    expect(order).toEqual([
      ...["write metadata", "answer: repository"],
      // The first blob of all: whose folders are made, and known to be there, before it is.
      ...["sync upload", "sync folder", "sync blobs", ...BLOB.slice(1), "answer: layer"],
      ...[...BLOB, "answer: config"],
      ...["write metadata", "answer: image"],
    ]);
  });

  /** Every place between two steps, from before the first to after the last. */
  it.each(Array.from({ length: 18 }, (_, at) => at))(
    "that is cut off before its step %i leaves a whole registry",
    async (at) => {
      let steps = 0;
      const answers: string[] = [];
      const copy = mkdtempSync(join(tmpdir(), "ecrkit-crash-"));
      // A process that ends here does nothing more: what is on the disk is copied, and the rest of this push is for nobody.
      let isCut = false;
      const cut = (): void => {
        if (isCut || steps++ < at) return;
        isCut = true;
        cpSync(folder, copy, { recursive: true });
      };
      const registry = watched({ before: async () => cut(), after: () => undefined });
      await push(registry, (answer) => {
        if (!isCut) answers.push(answer);
      });
      if (!isCut) cpSync(folder, copy, { recursive: true });
      await registry.close();

      const again = createRegistry(openData(copy, manualTime()));
      const is = await found(again);
      expect(is).toEqual(expect.arrayContaining(answers));
      expect(is.length).toBeLessThanOrEqual(answers.length + 1);
      // What was cut off can be done again.
      if (!is.includes("image")) {
        await again
          .call({ service: "ecr", name: "DeleteRepository" }, caller, { repositoryName: "app", force: true })
          .catch(() => undefined);
        await push(again, () => undefined);
        expect(await found(again)).toEqual(["repository", "layer", "config", "image"]);
      }
      await again.close();
      rmSync(copy, { recursive: true });
    },
  );
});
