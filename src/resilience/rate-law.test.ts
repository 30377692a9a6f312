import { describe, expect, it } from "vitest";
import { measuredRate } from "./measured-rate.js";
import { type Accepted, AT_CEILING, afterThrottle, afterWait, isSettled, type RateLaw, rateAt } from "./rate-law.js";

const adapted = (maxPerSecond: number, cutMs = 0): RateLaw => ({ at: "adapted", maxPerSecond, cutMs });
const at = (law: RateLaw, seconds: number, ceiling = 1_000): number =>
  Number(rateAt(law, ceiling, seconds * 1_000).toFixed(2));

describe("the rate", () => {
  it("is its ceiling until the service has refused a call", () => {
    expect(rateAt(AT_CEILING, 500, 0)).toBe(500);
    expect(rateAt(AT_CEILING, Number.POSITIVE_INFINITY, 0)).toBe(Number.POSITIVE_INFINITY);
  });

  it("comes back as the AWS SDKs' does, stays just under the known maximum for 30 seconds, and then looks for more", () => {
    const law = adapted(250);
    // 5.24 s to come back, since 0.4 × 5.24³ is the 23 % between 70 and 93 %.
    expect([0, 1, 3, 5.24, 15, 30, 35.24, 37, 40, 44].map((seconds) => at(law, seconds))).toEqual([
      175, 202.04, 228.01, 232.5, 233.1, 242.34, 250, 252.19, 293.18, 500,
    ]);
  });

  it("never passes its ceiling, twice the known maximum, nor falls below one call in two seconds", () => {
    expect(at(adapted(250), 60, 260)).toBe(260);
    expect(at(adapted(250), 600)).toBe(500);
    expect(at(adapted(0.5), 0)).toBe(0.5);
  });
});

describe("a throttle", () => {
  const accepted = (calls: number, sinceMs: number, sinceCut = true): Accepted => ({ calls, sinceMs, sinceCut });
  const parts = { ceiling: 1_000, measured: 400, nowMs: 10_000 };
  const nothing = accepted(0, 10_000, false);

  it("says at first that the rate of the moment is the most, or the ceiling if that is less", () => {
    expect(afterThrottle(AT_CEILING, { ...parts, accepted: nothing })).toEqual(adapted(400, 10_000));
    expect(afterThrottle(AT_CEILING, { ...parts, ceiling: 300, accepted: nothing })).toEqual(adapted(300, 10_000));
  });

  it("at or below the known maximum says that the service allows what it accepted since the last one", () => {
    const after = afterThrottle(adapted(400, 9_000), { ...parts, accepted: accepted(250, 9_000) });
    expect(after).toEqual(adapted(250, 10_000));
  });

  it("says so only when enough calls were accepted to tell, and otherwise takes the rate of the moment", () => {
    const after = afterThrottle(adapted(10, 9_000), { ...parts, accepted: accepted(19, 9_000) });
    expect(after).toEqual(adapted(rateAt(adapted(10, 9_000), 1_000, 10_000), 10_000));
  });

  it("above the known maximum ends a look for more, and takes nothing from it", () => {
    const law = adapted(100, -30_000);
    expect(rateAt(law, 1_000, 10_000)).toBeGreaterThan(100);
    expect(afterThrottle(law, { ...parts, accepted: accepted(3_800, -30_000) })).toEqual(adapted(100, 10_000));
  });

  it("above the known maximum raises it to what the service accepted since the last one", () => {
    const law = adapted(100, -30_000);
    expect(afterThrottle(law, { ...parts, accepted: accepted(4_200, -30_000) })).toEqual(adapted(105, 10_000));
    // What was accepted out of a bucket that was full to begin with says nothing.
    expect(afterThrottle(law, { ...parts, accepted: accepted(420, 8_000, false) })).toEqual(adapted(100, 10_000));
  });

  it("within a second of a cut was for a call from before it", () => {
    expect([999, 1_000].map((ms) => isSettled(adapted(100, 0), ms))).toEqual([false, true]);
    expect(isSettled(AT_CEILING, 0)).toBe(true);
  });
});

describe("calls that wait at twice the known maximum", () => {
  it("raise it to that, and the rate goes on from there", () => {
    const law = adapted(100, 0);
    expect(afterWait(law, 1_000, 40_000)).toBeUndefined();
    const raised = afterWait(law, 1_000, 60_000);
    expect(raised).toMatchObject({ at: "adapted", maxPerSecond: 200 });
    expect(raised && at(raised, 60)).toBe(200);
    expect(raised && at(raised, 65)).toBe(250);
  });

  it("change nothing at the ceiling", () => {
    expect(afterWait(AT_CEILING, 10, 0)).toBeUndefined();
    expect(afterWait(adapted(100, 0), 200, 600_000)).toBeUndefined();
  });
});

describe("measuredRate", () => {
  it("smooths the calls of each half second", () => {
    const measured = measuredRate();
    for (const [startMs, calls] of [
      [0, 50],
      [500, 100],
      [1_000, 1],
    ] as const)
      for (let n = 0; n < calls; n++) measured.count(startMs);
    // 0.8 × 200 + 0.2 × (0.8 × 100)
    expect(measured.perSecond(1_500)).toBe(176);
  });

  it("takes the slice that is not over as it stands, when it is the faster one", () => {
    const measured = measuredRate();
    expect(measured.perSecond(0)).toBe(0);
    for (let n = 0; n < 10; n++) measured.count(0);
    expect([measured.perSecond(1), measured.perSecond(100)]).toEqual([200, 100]);
  });
});
