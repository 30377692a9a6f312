import { describe, expect, it } from "vitest";
import { EcrError, type EcrErrorDetails, type EcrErrorKind } from "../errors.js";
import { manualTime } from "../time.js";
import { type RetryOptions, retryPolicy, withRetry } from "./retry.js";

const error = (kind: EcrErrorKind, details: Partial<EcrErrorDetails> = {}): EcrError =>
  new EcrError(kind, { kind, ...details });

/** A call that fails as told, call by call, and then succeeds. */
function failing(...errors: readonly unknown[]) {
  const calls: number[] = [];
  const fn = async (attempt: number): Promise<string> => {
    calls.push(attempt);
    if (attempt <= errors.length) throw errors[attempt - 1];
    return "done";
  };
  return { fn, calls };
}

/** Fails in the same way for ever. */
const always = (failure: unknown) => failing(...Array.from({ length: 20 }, () => failure));

function withTime(options: RetryOptions = {}, random = 1) {
  const time = manualTime({ sleeping: "skip", random: () => random });
  return { time, policy: retryPolicy({ ...options, time }) };
}

describe("withRetry", () => {
  it.each([
    ["Throttled", [500, 1_000, 2_000, 4_000]],
    ["ServiceUnavailable", [100, 200]],
    ["Connection", [100, 200]],
    ["Timeout", [100]],
  ] as const)("waits longer each time for %s and then gives up", async (kind, waits) => {
    const { policy, time } = withTime();
    const { fn, calls } = always(error(kind));
    await expect(withRetry(policy, fn)).rejects.toMatchObject({ kind });
    expect(time.slept).toEqual(waits);
    expect(calls).toHaveLength(waits.length + 1);
  });

  it("takes a random part of the wait", async () => {
    const { policy, time } = withTime({}, 0.25);
    await expect(withRetry(policy, always(error("Throttled")).fn)).rejects.toThrow("Throttled");
    expect(time.slept).toEqual([125, 250, 500, 1_000]);
  });

  it("never waits longer than it may", async () => {
    const { policy, time } = withTime({ maxDelayMs: 700 });
    await expect(withRetry(policy, always(error("Throttled")).fn)).rejects.toThrow("Throttled");
    expect(time.slept).toEqual([500, 700, 700, 700]);
  });

  it("gives the result of the call that succeeds, and tells each call its number", async () => {
    const { policy } = withTime();
    const { fn, calls } = failing(error("Throttled"), error("Connection"));
    await expect(withRetry(policy, fn)).resolves.toBe("done");
    expect(calls).toEqual([1, 2, 3]);
  });

  it("counts every call, whatever failed before", async () => {
    const { policy } = withTime();
    const { fn, calls } = failing(error("Throttled"), error("Throttled"), error("Connection"));
    await expect(withRetry(policy, fn)).rejects.toThrow("Connection");
    expect(calls).toEqual([1, 2, 3]);
  });

  it("does not repeat what cannot get better", async () => {
    const { policy, time } = withTime();
    const { fn, calls } = always(error("RepositoryNotFound"));
    await expect(withRetry(policy, fn)).rejects.toThrow("RepositoryNotFound");
    expect([calls, time.slept]).toEqual([[1], []]);
  });

  it("makes as many calls as it is told", async () => {
    const { policy } = withTime({ attempts: { throttle: 2, timeout: 1 } });
    const throttled = always(error("Throttled"));
    const late = always(error("Timeout"));
    await expect(withRetry(policy, throttled.fn)).rejects.toThrow();
    await expect(withRetry(policy, late.fn)).rejects.toThrow();
    expect([throttled.calls, late.calls]).toEqual([[1, 2], [1]]);
  });

  it("waits as long as the service asks, even beyond its own longest wait", async () => {
    const { policy, time } = withTime({ maxDelayMs: 1_000 });
    await withRetry(policy, failing(error("Throttled", { retryAfterMs: 7_000 })).fn);
    expect(time.slept).toEqual([7_000]);
  });

  it("gives up with the error when the service asks for a wait of more than five minutes", async () => {
    const { policy, time } = withTime();
    const { fn, calls } = failing(
      error("Throttled", { retryAfterMs: 300_000 }),
      error("Throttled", { retryAfterMs: 300_001 }),
    );
    await expect(withRetry(policy, fn)).rejects.toMatchObject({ kind: "Throttled", retryAfterMs: 300_001 });
    expect([calls, time.slept]).toEqual([[1, 2], [300_000]]);
  });

  it("does not wait shorter because the service asks for less", async () => {
    const { policy, time } = withTime();
    await withRetry(policy, failing(error("Throttled", { retryAfterMs: 10 })).fn);
    expect(time.slept).toEqual([500]);
  });

  it("ends at once when a wait would not end before the deadline", async () => {
    const { policy, time } = withTime();
    const { fn, calls } = failing(error("Throttled", { retryAfterMs: 60_000 }));
    const deadlineMs = time.now() + 60_000;
    await expect(withRetry(policy, fn, { deadlineMs })).rejects.toMatchObject({ kind: "Throttled" });
    expect([calls, time.slept]).toEqual([[1], []]);
  });

  it("waits when the wait ends just before the deadline", async () => {
    const { policy, time } = withTime();
    const deadlineMs = time.now() + 60_001;
    await withRetry(policy, failing(error("Throttled", { retryAfterMs: 60_000 })).fn, { deadlineMs });
    expect(time.slept).toEqual([60_000]);
  });

  it("ends a wait as soon as the signal aborts", async () => {
    const time = manualTime({ random: () => 1 });
    const abort = new AbortController();
    const { fn, calls } = always(error("Throttled"));
    const outcome = withRetry(retryPolicy({ time }), fn, { signal: abort.signal }).catch((reason) => reason);
    await time.advance(499);
    abort.abort("enough");
    expect(await outcome).toBe("enough");
    expect(calls).toEqual([1]);
  });

  it("makes no further call once the signal has aborted", async () => {
    const { policy } = withTime();
    const abort = new AbortController();
    const calls: number[] = [];
    const fn = async (attempt: number): Promise<never> => {
      calls.push(attempt);
      abort.abort();
      throw error("Throttled");
    };
    await expect(withRetry(policy, fn, { signal: abort.signal })).rejects.toThrow("Throttled");
    expect(calls).toEqual([1]);
  });
});

describe("withRetry and credentials", () => {
  it("renews them and makes exactly one more call", async () => {
    const { policy, time } = withTime();
    const renewed: unknown[] = [];
    const { fn, calls } = always(error("ExpiredToken"));
    const renew = async (cause: unknown): Promise<void> => {
      renewed.push(cause);
    };
    await expect(withRetry(policy, fn, { renew })).rejects.toThrow("ExpiredToken");
    expect(calls).toEqual([1, 2]);
    expect(renewed).toMatchObject([{ kind: "ExpiredToken" }]);
    expect(time.slept).toEqual([]);
  });

  it("goes on as usual when the call after the renewal is throttled", async () => {
    const { policy } = withTime();
    const { fn, calls } = failing(error("ExpiredToken"), error("Throttled"));
    await expect(withRetry(policy, fn, { renew: async () => undefined })).resolves.toBe("done");
    expect(calls).toEqual([1, 2, 3]);
  });

  it("does not count the call after the renewal as a try, nor waits longer for it", async () => {
    const { policy, time } = withTime();
    const { fn, calls } = failing(error("ExpiredToken"), error("Timeout"));
    await expect(withRetry(policy, fn, { renew: async () => undefined })).resolves.toBe("done");
    expect([calls, time.slept]).toEqual([[1, 2, 3], [100]]);
  });

  it("gives up at once where nothing can be renewed", async () => {
    const { policy } = withTime();
    const { fn, calls } = always(error("AccessDenied"));
    await expect(withRetry(policy, fn)).rejects.toThrow("AccessDenied");
    expect(calls).toEqual([1]);
  });

  it("rejects with what the renewal rejects with", async () => {
    const { policy } = withTime();
    const renew = async (): Promise<never> => {
      throw error("InvalidCredentials");
    };
    await expect(withRetry(policy, always(error("ExpiredToken")).fn, { renew })).rejects.toThrow("InvalidCredentials");
  });
});

describe("the retry budget", () => {
  it("ends retries when a service stays down, until successes have earned new ones", async () => {
    const { policy } = withTime({ budget: 3 });
    const down = () => always(error("ServiceUnavailable"));
    const first = down();
    const second = down();
    const third = down();
    for (const { fn } of [first, second, third]) await expect(withRetry(policy, fn)).rejects.toThrow();
    expect([first, second, third].map(({ calls }) => calls.length)).toEqual([3, 2, 1]);

    for (let call = 0; call < 5; call++) await withRetry(policy, failing().fn);
    const after = down();
    await expect(withRetry(policy, after.fn)).rejects.toThrow();
    expect(after.calls).toHaveLength(2);
  });

  it("pays back a retry that led to a success", async () => {
    const { policy } = withTime({ budget: 1 });
    for (let call = 0; call < 3; call++)
      await expect(withRetry(policy, failing(error("Connection")).fn)).resolves.toBe("done");
  });

  it("takes twice as much for a retry after a timeout", async () => {
    const { policy } = withTime({ budget: 2 });
    await expect(withRetry(policy, always(error("Timeout")).fn)).rejects.toThrow();
    const next = always(error("Throttled"));
    await expect(withRetry(policy, next.fn)).rejects.toThrow();
    expect(next.calls).toHaveLength(1);
  });

  it("never holds more than it began with", async () => {
    const { policy } = withTime({ budget: 1 });
    for (let call = 0; call < 50; call++) await withRetry(policy, failing().fn);
    const { fn, calls } = always(error("Throttled"));
    await expect(withRetry(policy, fn)).rejects.toThrow();
    expect(calls).toHaveLength(2);
  });
});

describe("retryPolicy", () => {
  it.each([
    [{ attempts: { throttle: 0 } }, "retry.attempts.throttle must be an integer from 1 up, got 0"],
    [{ attempts: { timeout: 1.5 } }, "retry.attempts.timeout must be an integer from 1 up, got 1.5"],
    [{ baseDelayMs: -1 }, "retry.baseDelayMs must be a number from 0 up, got -1"],
    [{ maxDelayMs: Number.NaN }, "retry.maxDelayMs must be a number from 0 up, got NaN"],
    [{ budget: Number.POSITIVE_INFINITY }, "retry.budget must be a number from 0 up, got Infinity"],
    [{ attempts: 5 as never }, "retry.attempts must be an object such as { throttle: 5 }, got 5"],
    [{ attempts: null as never }, "retry.attempts must be an object such as { throttle: 5 }, got null"],
    [null as never, "retry must be an object such as { budget: 50 }, got null"],
    [
      { attempt: { throttle: 2 } } as never,
      "attempt is not an option of retry; it knows attempts, baseDelayMs, throttleDelayMs, maxDelayMs, budget, time",
    ],
    [
      { attempts: { throttles: 2 } as never },
      "throttles is not an option of retry.attempts; it knows throttle, unavailable, connection, timeout",
    ],
  ])("refuses %j, naming the option and its value", (options, message) => {
    expect(() => retryPolicy(options)).toThrow(message);
  });

  it("takes an explicit undefined for the default", () => {
    expect(retryPolicy({ attempts: { throttle: undefined }, maxDelayMs: undefined })).toMatchObject({
      attempts: { throttle: 5, unavailable: 3, connection: 3, timeout: 2 },
      maxDelayMs: 20_000,
    });
  });
});
