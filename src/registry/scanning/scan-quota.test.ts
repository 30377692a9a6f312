import { describe, expect, it } from "vitest";
import { manualTime } from "../../time.js";
import { openTables } from "../records.js";
import type { State } from "../state.js";
import { memoryStore } from "../store-memory.js";
import { countScan, exhaustedQuota, SCANS_PER_REGISTRY } from "./scan-quota.js";

const TARGET = { account: "111122223333", region: "eu-west-1", repositoryName: "app" };

describe("the scan quota of a registry", () => {
  it("is used up by 100,000 scans and comes back scan by scan, 24 hours after each", async () => {
    const time = manualTime();
    const store = memoryStore();
    const state = { time, store, tables: openTables(store) } as unknown as State;
    const left = () => exhaustedQuota(state, TARGET, "new");
    const { account, region } = TARGET;
    await store.transaction(() => {
      countScan(state, TARGET, "first");
      // As if all but this one and one more had been counted: the rest comes from the count, not from what is listed.
      state.tables.counter.put(["recent-scan", account, region], SCANS_PER_REGISTRY - 1);
    });
    await time.advance("1h");
    expect(left()).toBeUndefined();
    await store.transaction(() => countScan(state, TARGET, "last"));
    expect(left()).toBe("registry");
    expect(exhaustedQuota(state, { ...TARGET, region: "eu-west-2" }, "new")).toBeUndefined();
    await time.advance(23 * 3_600_000 - 1);
    expect(left()).toBe("registry");
    await time.advance(1);
    expect(left()).toBeUndefined();
    await store.transaction(() => countScan(state, TARGET, "next"));
    expect(Array.from(state.tables.recentScan.list([]), ([key]) => key.at(-1))).toEqual(["last", "next"]);
  });

  it("counts a scan of the same image at the same moment once, so that none is left over when it comes back", async () => {
    const time = manualTime();
    const store = memoryStore();
    const state = { time, store, tables: openTables(store) } as unknown as State;
    const { account, region } = TARGET;
    for (let twice = 0; twice < 2; twice += 1) await store.transaction(() => countScan(state, TARGET, "same"));
    expect(state.tables.counter.get("recent-scan", account, region)).toBe(1);
    await time.advance("1d");
    await store.transaction(() => countScan(state, TARGET, "next"));
    expect(state.tables.counter.get("recent-scan", account, region)).toBe(1);
  });
});
