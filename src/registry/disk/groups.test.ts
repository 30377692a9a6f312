import { describe, expect, it } from "vitest";
import { createGroups } from "./groups.js";

/** Writes that end when they are told to. */
function controlled() {
  const ends: { readonly resolve: () => void; readonly reject: (error: Error) => void }[] = [];
  let failures = 0;
  const groups = createGroups(
    () => new Promise<void>((resolve, reject) => ends.push({ resolve, reject })),
    () => {
      failures += 1;
    },
  );
  const begun = async (count: number): Promise<void> => {
    while (ends.length < count) await new Promise(setImmediate);
  };
  return { groups, ends, begun, failures: () => failures };
}

describe("groups", () => {
  it("write once for all who have come before the write began, one write at a time", async () => {
    const { groups, ends, begun } = controlled();
    const done: string[] = [];
    const join = (name: string): Promise<unknown> => groups.next().then(() => done.push(name));
    const [a, b] = [join("a"), join("b")];
    await begun(1);
    const [c, d] = [join("c"), join("d")];
    await new Promise(setImmediate);
    expect(ends).toHaveLength(1);
    ends[0]?.resolve();
    await Promise.all([a, b]);
    expect(done).toEqual(["a", "b"]);
    await begun(2);
    ends[1]?.resolve();
    await Promise.all([c, d]);
    expect([done, ends.length]).toEqual([["a", "b", "c", "d"], 2]);
  });

  it("fail with the write before them, and begin anew", async () => {
    const { groups, ends, begun, failures } = controlled();
    const first = groups.next();
    await begun(1);
    const second = groups.next();
    const waiting = groups.last();
    ends[0]?.reject(new Error("no space"));
    const outcomes = await Promise.allSettled([first, second, waiting]);
    expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"]);
    expect([failures(), ends.length]).toEqual([1, 1]);
    await groups.last();
    const third = groups.next();
    await begun(2);
    ends[1]?.resolve();
    await third;
  });
});
