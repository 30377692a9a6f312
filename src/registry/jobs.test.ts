import { describe, expect, it } from "vitest";
import { manualTime } from "../time.js";
import { runDue, schedule } from "./jobs.js";
import { openTables } from "./records.js";
import { createSigner } from "./signer.js";
import type { State } from "./state.js";
import { memoryStore } from "./store-memory.js";

const TARGET = { account: "111122223333", region: "eu-west-1", repositoryName: "app" };
const IMAGE = { mediaType: "m", sizeBytes: 1, manifestBytes: 1, pushedAtMs: 0, tagCount: 0, children: [], layers: [] };

function stateAt(startMs: number) {
  const time = manualTime({ startMs });
  const store = memoryStore();
  const state = { time, store, tables: openTables(store), signer: createSigner() } as unknown as State;
  const put = (digest: string): Promise<void> =>
    store.transaction(() => {
      state.tables.image.put([TARGET.account, TARGET.region, "app", digest], { ...IMAGE, status: "ACTIVATING" });
    });
  const imageOf = (digest: string) => state.tables.image.get(TARGET.account, TARGET.region, "app", digest);
  const restoreAt = (digest: string, atMs: number): Promise<void> =>
    store.transaction(() => schedule(state, atMs, { kind: "restore-image", ...TARGET, digest }));
  return { time, state, store, put, imageOf, restoreAt };
}

describe("work that is due later", () => {
  it("at a time that no clock comes to is never done, and keeps nothing else from being done", async () => {
    const { time, state, put, imageOf, restoreAt } = stateAt(0);
    await put("a");
    await restoreAt("never", Number.POSITIVE_INFINITY);
    await restoreAt("a", 1_000);
    await time.advance(1_000);
    await runDue(state);
    expect(imageOf("a")).toMatchObject({ activatedAtMs: 1_000 });
    expect(state.tables.job.any([])).toBe(false);
  });

  it("is done once its time has come, at its own time, and not before", async () => {
    const { time, state, put, imageOf, restoreAt } = stateAt(0);
    await put("a");
    await restoreAt("a", 1_000);
    expect(runDue(state)).toBeUndefined();
    await time.advance(999);
    expect(runDue(state)).toBeUndefined();
    await time.advance(60_000);
    await runDue(state);
    expect(imageOf("a")).toMatchObject({ activatedAtMs: 1_000 });
    expect(imageOf("a")).not.toHaveProperty("status");
    expect(runDue(state)).toBeUndefined();
  });

  it("is done in the order of its times, whatever the order in which it was asked for", async () => {
    const { time, state, put, imageOf, restoreAt } = stateAt(0);
    for (const digest of ["a", "b", "c"]) await put(digest);
    await restoreAt("a", 10_000);
    await restoreAt("b", 9_999);
    await restoreAt("c", 100_000_000_000_000);
    await time.advance(20_000);
    await runDue(state);
    expect(imageOf("a")?.activatedAtMs).toBe(10_000);
    expect(imageOf("b")?.activatedAtMs).toBe(9_999);
    expect(imageOf("c")?.status).toBe("ACTIVATING");
  });

  it("is done once when two callers come at the same time", async () => {
    const { time, state, put, imageOf, restoreAt } = stateAt(0);
    await put("a");
    await restoreAt("a", 5);
    await time.advance(10);
    await Promise.all([runDue(state), runDue(state)]);
    expect(imageOf("a")?.activatedAtMs).toBe(5);
  });

  it("is forgotten with the transaction that asked for it", async () => {
    const { time, state, store } = stateAt(0);
    await expect(
      store.transaction(() => {
        schedule(state, 5, { kind: "restore-image", ...TARGET, digest: "a" });
        throw new Error("no");
      }),
    ).rejects.toThrow("no");
    await time.advance(10);
    expect(runDue(state)).toBeUndefined();
  });
});
