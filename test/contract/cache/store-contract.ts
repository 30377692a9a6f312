import { afterEach, describe, expect, it } from "vitest";
import type { CacheStore } from "../../../src/cache/store.js";
import { type ManualTime, manualTime } from "../../../src/time.js";

/** Stores that see what one of them is given: two processes of one machine, or the same store twice. */
export interface SharedStores {
  readonly first: CacheStore;
  readonly second: CacheStore;
  close(): Promise<void>;
}

/** What every store promises. `open` makes an empty one, by a clock that starts at the machine's time. */
export function describeCacheStore(name: string, open: (time: ManualTime) => Promise<SharedStores>): void {
  describe(`a cache's store ${name}`, () => {
    const opened: SharedStores[] = [];
    afterEach(async () => {
      for (const stores of opened.splice(0)) await stores.close();
    });
    const start = async () => {
      const time = manualTime({ startMs: Date.now(), sleeping: "skip" });
      const stores = await open(time);
      opened.push(stores);
      return { ...stores, time };
    };

    it("gives what it was given, to whoever shares it", async () => {
      const { first, second, time } = await start();
      const expiresAtMs = time.now() + 60_000;
      await first.set("a key\n{}", { value: "größer 😀", expiresAtMs });
      expect(await first.get("a key\n{}")).toEqual({ value: "größer 😀", expiresAtMs });
      expect(await second.get("a key\n{}")).toEqual({ value: "größer 😀", expiresAtMs });
      expect(await first.get("a key")).toBeUndefined();
    });

    it("keeps what does not expire, and replaces what is set again", async () => {
      const { first, second } = await start();
      await first.set("k", { value: "1" });
      await second.set("k", { value: "2" });
      expect((await first.get("k"))?.value).toBe("2");
    });

    it("gives nothing from the moment of its expiry on", async () => {
      const { first, time } = await start();
      await first.set("k", { value: "1", expiresAtMs: time.now() + 60_000 });
      await time.advance(59_999);
      expect((await first.get("k"))?.value).toBe("1");
      await time.advance(1);
      expect(await first.get("k")).toBeUndefined();
    });

    it("forgets what is deleted, and minds nothing that was never there", async () => {
      const { first, second } = await start();
      await first.set("k", { value: "1" });
      await second.delete("k");
      await second.delete("other");
      expect(await first.get("k")).toBeUndefined();
    });

    it("lets works of one key take turns, whoever shares it", async () => {
      const { first, second } = await start();
      let running = 0;
      let most = 0;
      const work = async (): Promise<number> => {
        running += 1;
        most = Math.max(most, running);
        await new Promise(setImmediate);
        running -= 1;
        return most;
      };
      await Promise.all([first, first, second].map((store) => store.exclusively("k", work)));
      expect(most).toBe(1);
    });

    it("lets works of different keys run side by side", async () => {
      const { first } = await start();
      let letGo: () => void = () => undefined;
      const waiting = first.exclusively(
        "a",
        () =>
          new Promise<void>((resolve) => {
            letGo = resolve;
          }),
      );
      expect(await first.exclusively("b", async () => "done")).toBe("done");
      letGo();
      await waiting;
    });

    it("passes a work's failure on, and gives the turn back", async () => {
      const { first, second } = await start();
      const failing = first.exclusively("k", async () => {
        throw new Error("no");
      });
      await expect(failing).rejects.toThrow("no");
      expect(await second.exclusively("k", async () => "next")).toBe("next");
    });
  });
}
