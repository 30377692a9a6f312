import { describe, expect, it } from "vitest";
import { createTurns } from "./turns.js";

describe("turns", () => {
  it("come one after another for a key, also after one that failed, and do not wait for other keys", async () => {
    const turns = createTurns();
    const events: string[] = [];
    let release = (): void => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const first = turns.take("a", async () => {
      events.push("first begins");
      await gate;
      events.push("first ends");
      throw new Error("first failed");
    });
    const second = turns.take("a", async () => {
      events.push("second");
      return 2;
    });
    await turns.take("b", async () => {
      events.push("other key");
    });
    expect(turns.isTaken("a")).toBe(true);
    release();
    await expect(first).rejects.toThrow("first failed");
    expect(await second).toBe(2);
    expect(events).toEqual(["first begins", "other key", "first ends", "second"]);
    expect(turns.isTaken("a")).toBe(false);
  });
});
