import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import { durationMs, LAST_MOMENT_MS, manualTime, systemTime, type Time, virtualTime } from "./time.js";

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

  it.each([[["3d"]], [{ toString: 1 }], [null], [true]])("refuses %j, which comes as JSON from outside", (value) => {
    expect(() => durationMs(value as unknown as string)).toThrow(RangeError);
  });

  it("reads back whatever is written in whole units", () => {
    fc.assert(
      fc.property(fc.nat(999), fc.nat(59), fc.nat(59), fc.nat(999), (h, m, s, ms) => {
        expect(durationMs(`${h}h${m}m${s}s${ms}ms`)).toBe(h * 3_600_000 + m * 60_000 + s * 1_000 + ms);
      }),
    );
  });
});

describe("a virtual clock", () => {
  /** A clock that only the test moves, and that a virtual one may not move itself. */
  const standing = () => {
    const manual = manualTime({ startMs: 1_000 });
    const base: Time = { now: manual.now, sleep: manual.sleep, random: () => 0.25 };
    return { manual, base };
  };

  it("runs with the clock below it, as far ahead as it was moved", async () => {
    const { manual, base } = standing();
    const time = virtualTime(base);
    expect(time.now()).toBe(1_000);
    await time.advance("2s");
    await manual.advance(500);
    expect(time.now()).toBe(3_500);
    expect(base.now()).toBe(1_500);
    expect(time.random()).toBe(0.25);
  });

  it("wakes the sleepers whose time has come and lets the others sleep on for the rest", async () => {
    const { manual, base } = standing();
    const time = virtualTime(base);
    const woken: string[] = [];
    const short = time.sleep(1_000).then(() => woken.push("short"));
    const long = time.sleep(10_000).then(() => woken.push("long"));
    await time.advance("4s");
    await short;
    expect(woken).toEqual(["short"]);
    await manual.advance(5_999);
    expect(woken).toEqual(["short"]);
    await manual.advance(1);
    await long;
    expect(woken).toEqual(["short", "long"]);
  });

  it("ends a sleep that is aborted with the signal's reason", async () => {
    const time = virtualTime(standing().base);
    const abort = new AbortController();
    const slept = time.sleep(1_000, abort.signal);
    abort.abort("enough");
    await expect(slept).rejects.toBe("enough");
  });

  it("is the clock below it where that one can be moved", () => {
    const manual = manualTime();
    expect(virtualTime(manual)).toBe(manual);
  });

  it("never goes back", async () => {
    await expect(virtualTime(standing().base).advance(-1)).rejects.toThrow(RangeError);
  });
});

describe("a clock", () => {
  it.each([
    ["a manual one", () => manualTime({ startMs: 1_000 })],
    ["a virtual one", () => virtualTime({ now: () => 1_000, sleep: async () => {}, random: () => 0 })],
  ])("goes up to the end of the year 9999 and stays where it is when it is asked for more: %s", async (_, clock) => {
    const time = clock();
    await expect(time.advance(8.64e15)).rejects.toThrow(
      "a clock goes up to the end of the year 9999: 8640000000000000 after 1970-01-01T00:00:01.000Z is past it",
    );
    expect(time.now()).toBe(1_000);
    await time.advance(LAST_MOMENT_MS - 1_000);
    expect(new Date(time.now()).toISOString()).toBe("9999-12-31T23:59:59.999Z");
  });
});
