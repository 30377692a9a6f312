import { describe, expect, it } from "vitest";
import { EcrError, type EcrErrorKind } from "../errors.js";
import { manualTime } from "../time.js";
import { type BreakerOptions, type CircuitChange, circuitBreaker } from "./breaker.js";

function withTime(options: BreakerOptions = {}) {
  const time = manualTime({ startMs: 0 });
  const changes: CircuitChange[] = [];
  const breaker = circuitBreaker("ECR in eu-west-1", {
    time,
    onStateChange: (change) => changes.push(change),
    ...options,
  });
  const fail = (times: number): void => {
    for (let n = 0; n < times; n++) breaker.enter().failed();
  };
  return { time, changes, breaker, fail };
}

/** One whose circuit has been open for its 60 seconds. */
async function ripe() {
  const made = withTime();
  made.fail(5);
  await made.time.advance(60_000);
  return made;
}

const refusal = (enter: () => unknown): unknown => {
  try {
    return enter();
  } catch (error) {
    return error;
  }
};

describe("circuitBreaker", () => {
  it("opens after five failures, and then refuses calls and says for how long", async () => {
    const { breaker, fail, time } = withTime();
    fail(4);
    expect(breaker.state).toBe("closed");
    fail(1);
    expect(breaker.state).toBe("open");
    await time.advance(18_000);
    expect(refusal(breaker.enter)).toMatchObject({
      kind: "CircuitOpen",
      category: "terminal",
      retryAfterMs: 42_000,
      message: "the circuit of ECR in eu-west-1 is open: its last calls failed. Nothing was sent; try again in 42 s.",
    });
  });

  it("counts a failure for 30 seconds", async () => {
    const { breaker, fail, time } = withTime();
    fail(1);
    await time.advance(30_000);
    fail(4);
    expect(breaker.state).toBe("closed");
    await time.advance(29_999);
    fail(1);
    expect(breaker.state).toBe("open");
  });

  it("starts to count anew after a success", () => {
    const { breaker, fail } = withTime();
    fail(4);
    breaker.enter().succeeded();
    fail(4);
    expect(breaker.state).toBe("closed");
  });

  it("does not count what says nothing about the service", () => {
    const { breaker, fail } = withTime();
    fail(4);
    for (let n = 0; n < 10; n++) breaker.enter().ignored();
    expect(breaker.state).toBe("closed");
    fail(1);
    expect(breaker.state).toBe("open");
  });

  it("lets exactly one call try after 60 seconds, and closes when it succeeds", async () => {
    const { breaker, fail, time } = withTime();
    fail(5);
    await time.advance(59_999);
    expect(refusal(breaker.enter)).toMatchObject({ kind: "CircuitOpen", retryAfterMs: 1 });
    await time.advance(1);
    const probe = breaker.enter();
    expect(breaker.state).toBe("half-open");
    expect(refusal(breaker.enter)).toMatchObject({ kind: "CircuitOpen", retryAfterMs: 1_000 });
    probe.succeeded();
    expect(breaker.state).toBe("closed");
    fail(4);
    expect(breaker.state).toBe("closed");
  });

  it("opens for another 60 seconds when that call fails", async () => {
    const { breaker, time } = await ripe();
    breaker.enter().failed();
    expect(breaker.state).toBe("open");
    expect(refusal(breaker.enter)).toMatchObject({ retryAfterMs: 60_000 });
    await time.advance(60_000);
    breaker.enter().succeeded();
    expect(breaker.state).toBe("closed");
  });

  it("lets the next call try when that one found nothing out", async () => {
    const { breaker } = await ripe();
    breaker.enter().ignored();
    expect(breaker.state).toBe("open");
    breaker.enter().succeeded();
    expect(breaker.state).toBe("closed");
  });

  it("drops what a call says that began before the circuit changed", async () => {
    const { breaker, fail, time } = withTime();
    const slow = [breaker.enter(), breaker.enter()];
    fail(5);
    slow[0]?.succeeded();
    expect(breaker.state).toBe("open");
    await time.advance(60_000);
    const probe = breaker.enter();
    slow[1]?.failed();
    expect(breaker.state).toBe("half-open");
    probe.succeeded();
    probe.failed();
    expect(breaker.state).toBe("closed");
  });

  it("tells of every change, whatever the listener does", async () => {
    const { breaker, changes, fail, time } = withTime();
    fail(5);
    await time.advance(60_000);
    breaker.enter().failed();
    await time.advance(60_000);
    breaker.enter().succeeded();
    const name = "ECR in eu-west-1";
    expect(changes).toEqual([
      { name, from: "closed", to: "open", atMs: 0 },
      { name, from: "open", to: "half-open", atMs: 60_000 },
      { name, from: "half-open", to: "open", atMs: 60_000 },
      { name, from: "open", to: "half-open", atMs: 120_000 },
      { name, from: "half-open", to: "closed", atMs: 120_000 },
    ]);
    const deaf = withTime({
      onStateChange: () => {
        throw new Error("no");
      },
    });
    deaf.fail(5);
    expect(deaf.breaker.state).toBe("open");
  });

  it("takes other numbers", async () => {
    const { breaker, fail, time } = withTime({ failures: 2, windowMs: 1_000, openMs: 500 });
    fail(1);
    await time.advance(1_000);
    fail(1);
    expect(breaker.state).toBe("closed");
    fail(1);
    expect(breaker.state).toBe("open");
    await time.advance(500);
    breaker.enter().succeeded();
    expect(breaker.state).toBe("closed");
  });

  it.each<[object, string]>([
    [{ failures: 0 }, "breaker.failures must be an integer from 1 up, got 0"],
    [{ windowMs: -1 }, "breaker.windowMs must be a number from 0 up, got -1"],
    [{ openMs: Number.NaN }, "breaker.openMs must be a number from 0 up, got NaN"],
    [
      { threshold: 5 },
      "threshold is not an option of breaker; it knows failures, windowMs, openMs, onStateChange, time",
    ],
  ])("refuses %j", (options, message) => {
    expect(() => circuitBreaker("x", options)).toThrow(
      expect.objectContaining({ kind: "InvalidParameter", message }) as Error,
    );
  });
});

describe("CircuitBreaker.run", () => {
  const error = (kind: EcrErrorKind, isAnswer = false): EcrError =>
    new EcrError(kind, { kind, ...(isAnswer && { service: { code: kind, message: "no", status: 400, members: {} } }) });

  it("gives the result", async () => {
    const { breaker } = withTime();
    await expect(breaker.run(async () => "done")).resolves.toBe("done");
  });

  it.each([
    ["ServiceUnavailable", "open"],
    ["Connection", "open"],
    ["Timeout", "open"],
    ["Throttled", "closed"],
    ["RepositoryNotFound", "closed"],
    ["AccessDenied", "closed"],
    ["Aborted", "closed"],
  ] as const)("after five times %s is %s", async (kind, state) => {
    const { breaker } = withTime();
    for (let n = 0; n < 5; n++) await expect(breaker.run(() => Promise.reject(error(kind)))).rejects.toThrow(kind);
    expect(breaker.state).toBe(state);
  });

  it("does not run what may not pass", async () => {
    const { breaker, fail } = withTime();
    fail(5);
    let runs = 0;
    await expect(breaker.run(async () => runs++)).rejects.toMatchObject({ kind: "CircuitOpen" });
    expect(runs).toBe(0);
  });

  it("takes any answer of the service for a sign of life", async () => {
    const { breaker } = await ripe();
    await expect(breaker.run(() => Promise.reject(error("RepositoryNotFound", true)))).rejects.toThrow();
    expect(breaker.state).toBe("closed");
  });

  it("takes a mistake in the program for none", async () => {
    const { breaker } = await ripe();
    await expect(breaker.run(() => Promise.reject(new TypeError("x")))).rejects.toThrow(TypeError);
    expect(breaker.state).toBe("open");
  });
});
