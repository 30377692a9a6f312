import { afterEach, describe, expect, it } from "vitest";
import { createRegionalClients, EcrError, manualTime, type RegionalClientsConfig } from "../../src/index.js";
import { createLocalEcr, type LocalEcr, type LocalEcrOptions, simulate } from "../../src/local.js";
import { rejection } from "../fixtures/scripted-client.js";
import { answer, answering, refusal, scripted } from "../fixtures/scripted-transport.js";

const REGIONS = ["us-east-1", "eu-west-1", "ap-southeast-2"];
const auth = { kind: "static", accessKeyId: "123456789012", secretAccessKey: "any" } as const;
const open: LocalEcr[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((local) => local.close()));
});

function setUp(options: LocalEcrOptions = {}, config: Partial<RegionalClientsConfig> = {}) {
  const time = manualTime();
  const local = createLocalEcr({ time, ...options });
  open.push(local);
  return {
    time,
    local,
    clients: createRegionalClients({ regions: REGIONS, auth, transport: simulate(local), time, ...config }),
  };
}

const names = (outcome: {
  readonly results: ReadonlyMap<string, unknown>;
  readonly failures: ReadonlyMap<string, unknown>;
}) => ({
  results: [...outcome.results.keys()],
  failures: [...outcome.failures.keys()],
});

describe("clients of several regions", () => {
  it("are made when they are first wanted, each once", () => {
    const transport = scripted();
    const clients = createRegionalClients({ regions: REGIONS, auth, transport });
    expect(clients.get("eu-west-1")).toBe(clients.get("eu-west-1"));
    expect(clients.get("eu-west-1")).not.toBe(clients.get("us-east-1"));
    expect(clients.places).toEqual(REGIONS.map((region) => ({ region, account: undefined })));
    expect(transport.requests).toEqual([]);
  });

  it("answer side by side, each for its region, in the order of the regions", async () => {
    const { clients } = setUp();
    await clients.each((ecr, { region }) => ecr.call("CreateRepository", { repositoryName: `app-${region}` }));
    const { results, failures } = await clients.each((ecr) => ecr.repositories.list().all());
    expect([...results].map(([region, [first]]) => [region, first?.repositoryName])).toEqual(
      REGIONS.map((region) => [region, `app-${region}`]),
    );
    expect(failures.size).toBe(0);
  });

  it("name a region that hangs while the others answer", async () => {
    const { clients, time } = setUp({ faults: { faults: [{ region: "eu-west-1", effect: { kind: "hang" } }] } });
    const asked = clients.each((ecr) => ecr.repositories.list().all(), { timeoutMs: 2_000 });
    await time.advance(2_000);
    const outcome = await asked;
    expect(names(outcome)).toEqual({ results: ["us-east-1", "ap-southeast-2"], failures: ["eu-west-1"] });
    expect(outcome.failures.get("eu-west-1")).toMatchObject({
      kind: "Timeout",
      region: "eu-west-1",
      message: "eu-west-1 did not answer within 2000 ms. Try again, or allow more time by timeoutMs.",
    });
  });

  it("say what failed in a region as that region's error", async () => {
    const { clients } = setUp({ faults: { faults: [{ region: "us-east-1", effect: { kind: "access-denied" } }] } });
    const { results, failures } = await clients.each((ecr) => ecr.repositories.list().all());
    expect(results.size).toBe(2);
    expect(failures.get("us-east-1")).toMatchObject({ kind: "AccessDenied", region: "us-east-1", attempts: 2 });
  });

  it("go so many at a time as is allowed", async () => {
    const { clients } = setUp();
    let running = 0;
    let most = 0;
    await clients.each(
      async (ecr) => {
        most = Math.max(most, ++running);
        await ecr.repositories.list().all();
        running--;
      },
      { concurrency: 2 },
    );
    expect(most).toBe(2);
  });

  it("leave those that have not answered among the failures when the caller's signal aborts", async () => {
    const { clients } = setUp({ faults: { faults: [{ region: "eu-west-1", effect: { kind: "hang" } }] } });
    const abort = new AbortController();
    const asked = clients.each(
      async (ecr, { region, signal }) => {
        const found = await ecr.repositories.list({}, { signal }).all();
        if (region === "ap-southeast-2") setImmediate(() => abort.abort("enough"));
        return found;
      },
      { signal: abort.signal },
    );
    const outcome = await asked;
    expect(names(outcome)).toEqual({ results: ["us-east-1", "ap-southeast-2"], failures: ["eu-west-1"] });
    expect(outcome.failures.get("eu-west-1")).toMatchObject({ kind: "Aborted", cause: "enough", region: "eu-west-1" });
  });

  it("tell a region that is left behind to stop", async () => {
    const { clients, time } = setUp();
    const ended: string[] = [];
    const asked = clients.each(
      (_, { region, signal }) =>
        new Promise((resolve) => {
          if (region !== "eu-west-1") return resolve(region);
          signal.addEventListener("abort", () => ended.push(region));
        }),
      { timeoutMs: 1_000 },
    );
    await time.advance(1_000);
    await asked;
    expect(ended).toEqual(["eu-west-1"]);
  });

  it("throw what is a mistake of the function and no region's", async () => {
    const { clients } = setUp();
    const each = clients.each(async () => {
      throw new TypeError("images is not iterable");
    });
    await expect(each).rejects.toThrow(TypeError);
  });
});

describe("a region that is down", () => {
  it("opens its circuit after five failures, and a probe closes it 60 s later: the others never notice", async () => {
    let isDown = true;
    const time = manualTime({ sleeping: "skip", random: () => 0 });
    const transport = answering(({ hostname }) =>
      isDown && hostname.includes("eu-west-1")
        ? refusal("ServerException", "", { status: 500 })
        : answer({ repositories: [] }),
    );
    const clients = createRegionalClients({ regions: REGIONS, auth, transport, time, retry: false });
    const ask = (region: string) => clients.get(region).call("DescribeRepositories", {});
    const sent = () => transport.requests.filter(({ hostname }) => hostname.includes("eu-west-1")).length;

    for (let call = 0; call < 5; call++)
      expect(await rejection(ask("eu-west-1"))).toMatchObject({ kind: "ServiceUnavailable" });
    expect(await rejection(ask("eu-west-1"))).toMatchObject({
      kind: "CircuitOpen",
      category: "terminal",
      retryAfterMs: 60_000,
      region: "eu-west-1",
      operation: "DescribeRepositories",
      attempts: 0,
    });
    expect(sent()).toBe(5);
    for (const region of ["us-east-1", "ap-southeast-2"]) expect(await ask(region)).toEqual({ repositories: [] });

    await time.advance(59_999);
    expect(await rejection(ask("eu-west-1"))).toMatchObject({ kind: "CircuitOpen", retryAfterMs: 1 });
    isDown = false;
    await time.advance(1);
    expect(await Promise.all([ask("eu-west-1"), rejection(ask("eu-west-1"))])).toMatchObject([
      { repositories: [] },
      { kind: "CircuitOpen" },
    ]);
    expect(sent()).toBe(6);
    expect(await ask("eu-west-1")).toEqual({ repositories: [] });
  });

  it("does not slow another one: nobody waits for its circuit", async () => {
    const { clients, time } = setUp(
      { faults: { faults: [{ region: "eu-west-1", effect: { kind: "server-error" } }] } },
      { retry: false },
    );
    for (let call = 0; call < 5; call++) await rejection(clients.get("eu-west-1").repositories.list().all());
    const startMs = time.now();
    const outcome = await clients.each((ecr) => ecr.repositories.list().all());
    expect(names(outcome)).toEqual({ results: ["us-east-1", "ap-southeast-2"], failures: ["eu-west-1"] });
    expect(outcome.failures.get("eu-west-1")).toMatchObject({ kind: "CircuitOpen", retryAfterMs: 60_000 });
    expect([time.now() - startMs, time.slept]).toEqual([0, []]);
  });
});

describe("clients of several accounts", () => {
  const roleIn = (account: string) => ({
    account,
    roleArn: `arn:aws:iam::${account}:role/platform`,
    externalId: "ext-1",
  });
  const accounts = [{ account: "123456789012" }, roleIn("222222222222"), roleIn("333333333333")];

  it("work in each account's registry in every region, through the account's role", async () => {
    const { clients, local } = setUp({}, { accounts, regions: ["us-east-1", "eu-west-1"] });
    const { results, failures } = await clients.each(async (ecr, { account, region }) => {
      const { repository } = await ecr.call("CreateRepository", { repositoryName: "app" });
      return [account, region, repository.registryId];
    });
    expect([...failures]).toEqual([]);
    expect([...results]).toEqual(
      accounts.flatMap(({ account }) =>
        ["us-east-1", "eu-west-1"].map((region) => [`${account}/${region}`, [account, region, account]]),
      ),
    );
    expect(
      local.log
        .entries()
        .filter(({ operation }) => operation === "sts:AssumeRole")
        .map(({ region }) => region),
    ).toHaveLength(4);
    expect(await clients.get("eu-west-1", "222222222222").repositories.list().all()).toHaveLength(1);
  });

  it("ask for the keys of auth once for all of them", async () => {
    let provided = 0;
    const provide = async () => {
      provided++;
      return { accessKeyId: "123456789012", secretAccessKey: "any" };
    };
    const { clients } = setUp({}, { accounts, auth: { kind: "provider", provide } });
    const { results } = await clients.each((ecr) => ecr.repositories.list().all());
    expect([results.size, provided]).toEqual([9, 1]);
  });
});

describe("createRegionalClients", () => {
  it.each<[unknown, string]>([
    [undefined, "config must be an object, got undefined"],
    [{}, "regions must be a list with at least one element, got undefined"],
    [{ regions: [] }, "regions must be a list with at least one element, got an empty one"],
    [{ regions: ["US East"] }, 'regions must hold names of AWS regions such as us-east-1, got "US East"'],
    [{ regions: ["us-east-1", "us-east-1"] }, "us-east-1 is given twice"],
    [
      { regions: ["us-east-1"], maxRetries: 5 },
      "maxRetries is not an option of createRegionalClients; it knows regions, accounts, registryId",
    ],
    [
      { regions: ["us-east-1"], accounts: [{ account: "1" }] },
      `accounts[0].account must be an account's 12 digits, got "1"`,
    ],
    [
      { regions: ["us-east-1"], accounts: [{ account: "111111111111", roleArn: "arn:aws:iam::222222222222:role/x" }] },
      'accounts[0].roleArn must be a role of account 111111111111, got "arn:aws:iam::222222222222:role/x"',
    ],
    [
      { regions: ["us-east-1"], accounts: [{ account: "111111111111", externalId: "ext" }] },
      "accounts[0].externalId does nothing without a roleArn",
    ],
    [
      { regions: ["us-east-1"], accounts: [{ account: "111111111111" }], registryId: "111111111111" },
      "registryId does not go with accounts",
    ],
  ])("refuses %j, naming the option and its value", (config, message) => {
    expect(() => createRegionalClients(config as RegionalClientsConfig)).toThrow(
      expect.objectContaining({ kind: "InvalidParameter", message: expect.stringContaining(message) }),
    );
  });

  it("knows no client of a region that it was not given", () => {
    const { clients } = setUp();
    expect(() => clients.get("eu-west-2")).toThrow(
      new EcrError(
        '"eu-west-2" is none of the places of these clients, which are us-east-1, eu-west-1, ap-southeast-2',
        {
          kind: "InvalidParameter",
        },
      ),
    );
  });

  it("closes what it opened and not what it was given", async () => {
    let destroyed = 0;
    const transport = { handle: async () => ({ response: answer({ repositories: [] }) }), destroy: () => destroyed++ };
    const clients = createRegionalClients({ regions: REGIONS, auth, transport });
    await clients.each((ecr) => ecr.repositories.list().all());
    await clients.close();
    expect(destroyed).toBe(0);
  });
});
