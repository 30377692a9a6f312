import { describe, expect, it } from "vitest";
import { Secret } from "../secret.js";
import { manualTime } from "../time.js";
import { type AwsCredentials, credentialSource } from "./credentials.js";

const MINUTES = 60_000;

describe("a credential source", () => {
  function setUp(lifeMs: number | undefined) {
    const time = manualTime();
    let loads = 0;
    const anew: boolean[] = [];
    let broken = false;
    const source = credentialSource(time, async (isAnew): Promise<AwsCredentials> => {
      anew.push(isAnew);
      if (broken) throw new Error("no");
      return {
        accessKeyId: `key-${++loads}`,
        secretAccessKey: new Secret("s"),
        expiresAtMs: lifeMs && time.now() + lifeMs,
      };
    });
    const id = async (): Promise<string> => (await source.get()).accessKeyId;
    const breakDown = (): void => {
      broken = true;
    };
    return { time, source, id, anew, breakDown };
  }

  it("loads keys once, however many ask at the same time", async () => {
    const { id, anew } = setUp(undefined);
    expect(await Promise.all([id(), id(), id()])).toEqual(["key-1", "key-1", "key-1"]);
    expect(anew).toEqual([false]);
  });

  it("keeps keys that do not expire", async () => {
    const { id, time } = setUp(undefined);
    await id();
    await time.advance("300d");
    expect(await id()).toBe("key-1");
  });

  it("renews keys in the background five minutes before they expire", async () => {
    const { id, time, anew } = setUp(60 * MINUTES);
    await id();
    await time.advance(55 * MINUTES - 1);
    expect(await id()).toBe("key-1");
    await time.advance(1);
    expect(await id()).toBe("key-1");
    await time.advance(0);
    expect(await id()).toBe("key-2");
    expect(anew).toEqual([false, true]);
  });

  it("serves the old keys until they expire when the renewal fails, and asks every 30 seconds", async () => {
    const { id, time, anew, breakDown } = setUp(60 * MINUTES);
    await id();
    breakDown();
    await time.advance(55 * MINUTES);
    for (let use = 0; use < 5; use++) {
      expect(await id()).toBe("key-1");
      await time.advance(10_000);
    }
    expect(anew).toHaveLength(3);
    await time.advance(5 * MINUTES);
    await expect(id()).rejects.toThrow("no");
  });

  it("replaces refused keys once, also when several callers report them", async () => {
    const { id, source, anew } = setUp(undefined);
    await id();
    const refused = source.current();
    await Promise.all([source.renew(refused), source.renew(refused)]);
    await source.renew(refused);
    expect(await id()).toBe("key-2");
    expect(anew).toEqual([false, true]);
  });
});
