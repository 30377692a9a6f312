import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import { durationMs, manualTime, systemTime } from "./time.js";

describe("manual time", () => {
  it("stands still until it is moved, then stands exactly where it was moved to", async () => {
    const time = manualTime({ startMs: 1_000 });
    expect(time.now()).toBe(1_000);
    await time.advance("2s");
    expect(time.now()).toBe(3_000);
  });

  it("wakes sleepers in the order of their times, each at its own time", async () => {
    const time = manualTime({ startMs: 0 });
    const woken: (readonly [string, number])[] = [];
    const sleeper = async (name: string, ms: number): Promise<void> => {
      await time.sleep(ms);
      woken.push([name, time.now()]);
    };
    void sleeper("late", 300);
    void sleeper("early", 100);
    void sleeper("never", 10_000);
    await time.advance(500);
    expect(woken).toEqual([
      ["early", 100],
      ["late", 300],
    ]);
    expect(time.now()).toBe(500);
  });

  it("wakes a sleeper that fell asleep again while the clock was being moved", async () => {
    const time = manualTime({ startMs: 0 });
    const ticks: number[] = [];
    const clock = async (): Promise<void> => {
      for (;;) {
        await time.sleep(100);
        ticks.push(time.now());
      }
    };
    void clock();
    await time.advance(350);
    expect(ticks).toEqual([100, 200, 300]);
  });

  it("ends a sleep with the signal's reason, and never wakes it again", async () => {
    const time = manualTime();
    const controller = new AbortController();
    const sleeping = time.sleep(100, controller.signal);
    const reason = new Error("enough");
    controller.abort(reason);
    await expect(sleeping).rejects.toBe(reason);
    await expect(time.sleep(1, controller.signal)).rejects.toBe(reason);
  });

  it("keeps the list of sleeps, and skips them when told to", async () => {
    const time = manualTime({ startMs: 0, sleeping: "skip" });
    await time.sleep(40);
    await time.sleep(2);
    expect(time.slept).toEqual([40, 2]);
    expect(time.now()).toBe(42);
  });
});

describe("system time", () => {
  afterEach(() => vi.useRealTimers());

  it("sleeps longer than a timer of Node can run, to the millisecond, and ends that with the signal too", async () => {
    vi.useFakeTimers();
    const woken: string[] = [];
    const abort = new AbortController();
    void systemTime.sleep(2 ** 32 + 7).then(() => woken.push("slept"));
    void systemTime.sleep(Number.POSITIVE_INFINITY, abort.signal).catch((reason) => woken.push(reason));
    await vi.advanceTimersByTimeAsync(2 ** 32 + 6);
    expect(woken).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(woken).toEqual(["slept"]);
    abort.abort("enough");
    await vi.advanceTimersByTimeAsync(0);
    expect([woken, vi.getTimerCount()]).toEqual([["slept", "enough"], 0]);
  });

  it("ends a sleep with the signal's reason", async () => {
    const controller = new AbortController();
    const sleeping = systemTime.sleep(3_600_000, controller.signal);
    controller.abort("enough");
    await expect(sleeping).rejects.toBe("enough");
    await expect(systemTime.sleep(3_600_000, AbortSignal.abort("before"))).rejects.toBe("before");
  });

  it("sleeps and goes on", async () => {
    const controller = new AbortController();
    await systemTime.sleep(1, controller.signal);
    controller.abort();
    expect(systemTime.random()).toBeLessThan(1);
  });
});

describe("durations", () => {
  it.each([
    [250, 250],
    ["250ms", 250],
    ["90s", 90_000],
    ["1.5s", 1_500],
    ["5m", 300_000],
    ["12h", 43_200_000],
    ["1h30m", 5_400_000],
    ["30d", 2_592_000_000],
  ])("reads %s", (text, ms) => {
    expect(durationMs(text)).toBe(ms);
  });

  it.each([-1, Number.NaN, Number.POSITIVE_INFINITY, "", "12", "h", "12 h", "12h ", "-1s", "1w"])(
    "refuses %s and says what it takes",
    (text) => {
      expect(() => durationMs(text)).toThrow(RangeError);
    },
  );

  it("reads back whatever is written in whole units", () => {
    fc.assert(
      fc.property(fc.nat(999), fc.nat(59), fc.nat(59), fc.nat(999), (h, m, s, ms) => {
        expect(durationMs(`${h}h${m}m${s}s${ms}ms`)).toBe(h * 3_600_000 + m * 60_000 + s * 1_000 + ms);
      }),
    );
  });
});
