import { afterEach, describe, expect, it } from "vitest";
import { createEcrClient, type EcrClient, type ManualTime, manualTime } from "../../src/index.js";
import { createLocalEcr, type LocalEcr, type LocalEcrOptions, simulate } from "../../src/local.js";

const open: LocalEcr[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((local) => local.close()));
});

function setUp(options: LocalEcrOptions = {}): {
  ecr: EcrClient;
  time: ManualTime;
  sent: (operation: string) => number;
} {
  const time = manualTime();
  const local = createLocalEcr({ time, ...options });
  open.push(local);
  const auth = {
    kind: "provider",
    provide: async () => ({ accessKeyId: "123456789012", secretAccessKey: "any" }),
  } as const;
  const ecr = createEcrClient({ region: "eu-west-1", auth, transport: simulate(local), time });
  const sent = (operation: string): number =>
    local.log.entries().filter((entry) => entry.operation === operation).length;
  return { ecr, time, sent };
}

describe("a listing of 40 pages", () => {
  it("in whose middle the credentials expire costs one more call, and goes on from its page", async () => {
    const expired = { operation: "DescribeRepositories", calls: 20, effect: { kind: "expired-token" } } as const;
    const { ecr, sent } = setUp({ faults: { faults: [expired] } });
    const names = Array.from({ length: 40 }, (_, at) => `app-${String(at).padStart(2, "0")}`);
    for (const repositoryName of names) await ecr.call("CreateRepository", { repositoryName });
    const listed: string[] = [];
    for await (const { repositoryName = "" } of ecr.repositories.list({}, { pageSize: 1 })) listed.push(repositoryName);
    expect(listed).toEqual(names);
    expect(sent("DescribeRepositories")).toBe(41);
  });
});

describe("two hundred first calls at the same time", () => {
  it("fetch one registry token, and one again when it expires", async () => {
    const { ecr, time, sent } = setUp();
    const ask = async (): Promise<number> =>
      new Set(
        (await Promise.all(Array.from({ length: 200 }, () => ecr.auth.token()))).map((token) =>
          token.authorizationToken.reveal(),
        ),
      ).size;
    expect([await ask(), sent("GetAuthorizationToken")]).toEqual([1, 1]);
    await time.advance("11h54m");
    expect([await ask(), sent("GetAuthorizationToken")]).toEqual([1, 1]);
    await time.advance("6m");
    expect([await ask(), sent("GetAuthorizationToken")]).toEqual([1, 2]);
  });
});
