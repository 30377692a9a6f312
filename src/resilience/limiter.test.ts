import { describe, expect, it } from "vitest";
import { manualTime } from "../time.js";
import type { WaitScope } from "./lane.js";
import { type LimiterKey, type LimiterOptions, rateLimiter } from "./limiter.js";

const keyOf = (operation: string, region = "us-east-1", account = "123456789012"): LimiterKey => ({
  account,
  region,
  operation,
});
const PUT_IMAGE = keyOf("ecr:PutImage");

/** 99 % of it are planned with: ten calls a second. */
const TEN_A_SECOND = { PutImage: 10 / 0.99 };

function withTime(options: LimiterOptions = { perSecond: TEN_A_SECOND }) {
  const time = manualTime({ startMs: 1_000_000 });
  const limiter = rateLimiter({ ...options, time });
  const admitted: string[] = [];
  /** Asks for a turn; `admitted` tells when it came. */
  const ask = (name: string, scope: WaitScope = {}, key = PUT_IMAGE): void => {
    const turn = limiter.acquire(key, scope);
    const note = (waitedMs: number) => admitted.push(`${name}@${time.now() - 1_000_000}+${waitedMs}`);
    turn === 0 ? note(0) : turn.then(note, (reason) => admitted.push(`${name}: ${String(reason?.message ?? reason)}`));
  };
  /** Takes all that may come at once. */
  const drain = (key = PUT_IMAGE): number => {
    for (let taken = 0; ; taken++) {
      const abort = new AbortController();
      const turn = limiter.acquire(key, { signal: abort.signal });
      if (turn === 0) continue;
      abort.abort();
      turn.catch(() => undefined);
      return taken;
    }
  };
  return { time, limiter, admitted, ask, drain };
}

describe("rateLimiter", () => {
  it("lets half a second's worth of the rate come at once, and then one after the other", async () => {
    const { ask, admitted, time } = withTime();
    for (let n = 1; n <= 9; n++) ask(String(n));
    await time.advance(1_000);
    expect(admitted).toEqual([
      "1@0+0",
      "2@0+0",
      "3@0+0",
      "4@0+0",
      "5@0+0",
      "6@0+0",
      "7@100+100",
      "8@200+200",
      "9@300+300",
    ]);
  });

  it("gives a turn that is at hand without a promise", () => {
    const { limiter } = withTime();
    expect(limiter.acquire(PUT_IMAGE, {})).toBe(0);
  });

  it.each([
    ["ecr:PutImage", 5],
    ["ecr:UploadLayerPart", 248],
    ["ecr-public:UploadLayerPart", 129],
    ["ecr-public:PutImage", 5],
  ])("starts %s at the rate that AWS publishes", (operation, atOnce) => {
    const { drain } = withTime({});
    expect(drain(keyOf(operation))).toBe(atOnce);
  });

  it.each(["ecr:DescribeImages", "sts:GetCallerIdentity", "ecr-public:BatchGetImage"])(
    "does not hold %s back, about which nothing is published",
    (operation) => {
      const { limiter } = withTime({});
      const turns = Array.from({ length: 10_000 }, () => limiter.acquire(keyOf(operation), {}));
      expect(turns.every((turn) => turn === 0)).toBe(true);
    },
  );

  it("goes by the rates it is given", () => {
    const perSecond = { PutImage: 40, "ecr-public:PutImage": 60, "*": 20 };
    const { drain } = withTime({ perSecond });
    const atOnce = ["ecr:PutImage", "ecr-public:PutImage", "ecr:DescribeImages"].map((name) => drain(keyOf(name)));
    expect(atOnce).toEqual([20, 30, 10]);
  });

  it("keeps accounts, regions and operations apart", () => {
    const { drain } = withTime();
    const keys = [
      PUT_IMAGE,
      keyOf("ecr:PutImage", "eu-west-1"),
      keyOf("ecr:PutImage", "us-east-1", "999999999999"),
      keyOf("ecr:InitiateLayerUpload"),
      { ...PUT_IMAGE },
    ];
    expect(keys.map((key) => drain(key))).toEqual([6, 6, 6, 50, 0]);
  });

  it("serves callers in turns, and each one's calls in their order", async () => {
    const { ask, admitted, drain, time } = withTime();
    drain();
    for (const name of ["a1", "a2", "a3", "a4", "b1", "c1", "b2"]) ask(name, { caller: name[0] });
    await time.advance(700);
    expect(admitted.map((line) => line.slice(0, 2))).toEqual(["a1", "b1", "c1", "a2", "b2", "a3", "a4"]);
  });

  it("says who waits, how long, and at what rate", async () => {
    const { ask, drain, limiter, time } = withTime();
    drain();
    ask("a1", { caller: "a" });
    ask("a2", { caller: "a" });
    await time.advance(50);
    ask("b1");
    expect(limiter.waiting()).toEqual([
      { ...PUT_IMAGE, caller: "a", calls: 2, longestMs: 50, perSecond: 10 },
      { ...PUT_IMAGE, caller: "", calls: 1, longestMs: 0, perSecond: 10 },
    ]);
    await time.advance(300);
    expect(limiter.waiting()).toEqual([]);
  });

  it("gives the turn of one who gave up to the next", async () => {
    const { ask, admitted, drain, time } = withTime();
    drain();
    const abort = new AbortController();
    ask("a", { signal: abort.signal });
    ask("b");
    await time.advance(60);
    abort.abort("enough");
    await time.advance(40);
    expect(admitted).toEqual(["a: enough", "b@100+100"]);
  });

  it("does not admit a call whose signal has already aborted", async () => {
    const { ask, admitted, drain, time } = withTime();
    ask("a", { signal: AbortSignal.abort("enough") });
    await time.advance(0);
    expect(admitted).toEqual(["a: enough"]);
    expect(drain()).toBe(6);
  });

  it("sets no timer while nobody waits, and none when all have given up", async () => {
    const time = manualTime();
    let running = 0;
    const sleep = (ms: number, signal?: AbortSignal): Promise<void> => {
      running++;
      return time.sleep(ms, signal).finally(() => running--);
    };
    const limiter = rateLimiter({ perSecond: TEN_A_SECOND, time: { ...time, sleep } });
    while (limiter.acquire(PUT_IMAGE, { signal: AbortSignal.timeout(60_000) }) === 0) expect(running).toBe(0);
    expect(running).toBe(1);
    const abort = new AbortController();
    const turn = limiter.acquire(PUT_IMAGE, { signal: abort.signal });
    await time.advance(100);
    expect(running).toBe(1);
    abort.abort();
    await expect(turn).rejects.toThrow();
    expect(running).toBe(0);
  });
});

describe("a deadline", () => {
  it("ends a call at once whose turn would not come before it, and says when it would", async () => {
    const { drain, limiter, time } = withTime();
    drain();
    void limiter.acquire(PUT_IMAGE, {});
    await expect(limiter.acquire(PUT_IMAGE, { deadlineMs: time.now() + 200 })).rejects.toMatchObject({
      kind: "Throttled",
      operation: "PutImage",
      region: "us-east-1",
      retryAfterMs: 200,
      service: undefined,
      message:
        "ecr:PutImage was held back: it may be called 10 times a second in us-east-1, 1 call waits, and this one's turn comes only after its deadline. Nothing was sent; call less often, or give it more time.",
    });
  });

  it("lets a call wait whose turn comes before it", async () => {
    const { ask, admitted, drain, time } = withTime();
    drain();
    ask("a");
    ask("b", { deadlineMs: time.now() + 201 });
    await time.advance(300);
    expect(admitted).toEqual(["a@100+100", "b@200+200"]);
  });

  it("ends the wait of a call that others have kept from its turn, and the next one takes it", async () => {
    const { ask, admitted, drain, time } = withTime();
    drain();
    ask("a", { caller: "a" });
    ask("b", { caller: "b", deadlineMs: time.now() + 150 });
    ask("c", { caller: "c" });
    await time.advance(150);
    expect(admitted).toEqual(["a@100+100", expect.stringMatching(/^b: ecr:PutImage was held back/)]);
    await time.advance(50);
    expect(admitted[2]).toBe("c@200+200");
  });

  it("does not move a clock that moves by sleeping past the turn", async () => {
    const time = manualTime({ startMs: 0, sleeping: "skip" });
    const limiter = rateLimiter({ perSecond: TEN_A_SECOND, time });
    while (time.now() === 0) await limiter.acquire(PUT_IMAGE, { deadlineMs: 10_000 });
    expect(time.now()).toBe(100);
  });
});

describe("after a throttle", () => {
  it("goes on at 70 % of the rate, once for all calls that were under way", async () => {
    const { drain, limiter, time } = withTime();
    for (let n = 0; n < 5; n++) limiter.succeeded(PUT_IMAGE);
    await time.advance(500);
    for (let n = 0; n < 10; n++) limiter.throttled(PUT_IMAGE);
    drain();
    void limiter.acquire(PUT_IMAGE, {});
    expect(limiter.waiting()[0]?.perSecond).toBeCloseTo(7, 9);
  });

  it("limits an operation that was not limited", async () => {
    const { limiter, time } = withTime({});
    const key = keyOf("ecr:DescribeImages");
    for (let n = 0; n < 50; n++) {
      limiter.acquire(key, {});
      limiter.succeeded(key);
    }
    await time.advance(500);
    limiter.throttled(key);
    // The service's bucket is empty, so nothing is at hand, and 70 of the 100 calls a second are left.
    expect(limiter.acquire(key, {})).toBe(0);
    void limiter.acquire(key, {});
    expect(limiter.waiting()[0]?.perSecond).toBeCloseTo(70, 9);
  });
});

describe("options", () => {
  it.each<[object, string]>([
    [{ perSecond: { PutImage: 0 } }, "limiter.perSecond.PutImage must be a number above 0, got 0"],
    [{ perSecond: { "*": Number.NaN } }, "limiter.perSecond.* must be a number above 0, got NaN"],
    [{ rate: 5 }, "rate is not an option of limiter; it knows perSecond, time"],
  ])("refuses %j", (options, message) => {
    expect(() => rateLimiter(options)).toThrow(expect.objectContaining({ kind: "InvalidParameter", message }) as Error);
  });
});
