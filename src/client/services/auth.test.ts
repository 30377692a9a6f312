import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { clientOver, rejection } from "../../../test/fixtures/scripted-client.js";
import { answer, answering, operationOf, refusal } from "../../../test/fixtures/scripted-transport.js";
import { createEcrClient, manualTime, memoryTokenStore } from "../../index.js";

const HOST = "123456789012.dkr.ecr.eu-west-1.amazonaws.com";
const keys = { accessKeyId: "ASIAEXAMPLE", secretAccessKey: "s" };
const IDENTITY =
  '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>' +
  "<Arn>arn:aws:sts::123456789012:assumed-role/ci/session</Arn><UserId>u</UserId><Account>123456789012</Account>" +
  "</GetCallerIdentityResult></GetCallerIdentityResponse>";

/** Gives a token with a new password at each call, and knows who asks. */
function issuer() {
  let issued = 0;
  return answering((request) => {
    if (operationOf(request) === "GetCallerIdentity")
      return { statusCode: 200, headers: { "content-type": "text/xml" }, body: Buffer.from(IDENTITY) };
    const authorizationToken = Buffer.from(`AWS:password:${++issued}`).toString("base64");
    const expiresAt = Date.UTC(2026, 0, 1, 12) / 1_000;
    return answer({ authorizationData: [{ authorizationToken, expiresAt, proxyEndpoint: `https://${HOST}` }] });
  });
}

describe("auth", () => {
  it("gives the token with its expiry and its registry, and asks once for it", async () => {
    const transport = issuer();
    const { ecr } = clientOver(transport);
    const [first, second] = await Promise.all([ecr.auth.token(), ecr.auth.token()]);
    expect(first).toEqual(second);
    expect(first).toMatchObject({ expiresAt: new Date("2026-01-01T12:00:00Z"), proxyEndpoint: `https://${HOST}` });
    expect(transport.operations).toEqual(["GetAuthorizationToken"]);
  });

  it("gives docker what it takes, with a password that may hold a colon", async () => {
    const { registry, username, password, expiresAt } = await clientOver(issuer()).ecr.auth.credentials();
    expect({ registry, username, password: password.reveal(), expiresAt }).toEqual({
      registry: HOST,
      username: "AWS",
      password: "password:1",
      expiresAt: new Date("2026-01-01T12:00:00Z"),
    });
  });

  it.each([
    ["docker", ["login", "--username", "AWS", "--password-stdin", HOST]],
    ["crane", ["auth", "login", "--username", "AWS", "--password-stdin", HOST]],
    ["helm", ["registry", "login", "--username", "AWS", "--password-stdin", HOST]],
  ] as const)("logs %s in without the password on its command line", async (tool, args) => {
    const login = await clientOver(issuer()).ecr.auth.loginCommand({ tool });
    expect(login).toMatchObject({ command: tool, args, display: [tool, ...args].join(" ") });
    expect(login.stdin.reveal()).toBe("password:1");
    expect(inspect(login) + JSON.stringify(login)).not.toContain("password:1");
  });

  it("refuses a tool that it does not know", async () => {
    const login = clientOver(issuer()).ecr.auth.loginCommand({ tool: "ftp" as never });
    expect(await rejection(login)).toMatchObject({ message: expect.stringContaining('got "ftp"') });
  });

  it("keeps the tokens of different registries apart", async () => {
    const transport = issuer();
    const { ecr } = clientOver(transport, { registryId: "210987654321" });
    for (const registryId of [undefined, "123456789012", "210987654321"]) await ecr.auth.token({ registryId });
    expect(transport.inputs).toEqual([{ registryIds: ["210987654321"] }, { registryIds: ["123456789012"] }]);
  });

  it("replaces a token that a registry refuses", async () => {
    const { ecr } = clientOver(issuer());
    await ecr.auth.token();
    await ecr.auth.refresh();
    expect((await ecr.auth.credentials()).password.reveal()).toBe("password:2");
  });

  it("does not end for all callers when one of them gives up", async () => {
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const inner = issuer();
    const transport = answering(async (request) => {
      await held;
      return (await inner.handle(request)).response;
    });
    const { ecr } = clientOver(transport);
    const abort = new AbortController();
    const impatient = rejection(ecr.auth.token({ signal: abort.signal }));
    const patient = ecr.auth.token();
    await new Promise(setImmediate);
    abort.abort("enough");
    expect(await impatient).toMatchObject({ kind: "Aborted", cause: "enough", operation: "GetAuthorizationToken" });
    release();
    expect((await patient).proxyEndpoint).toBe(`https://${HOST}`);
  });

  it("ends for a caller whose time is over", async () => {
    const time = manualTime();
    const { ecr } = clientOver(
      answering(() => new Promise(() => undefined)),
      { time },
    );
    const outcome = rejection(ecr.auth.token({ timeoutMs: 1_000 }));
    await time.advance(1_000);
    expect(await outcome).toMatchObject({ kind: "Timeout", operation: "GetAuthorizationToken" });
  });

  it("says so when the answer holds no token", async () => {
    const { ecr } = clientOver(answering(() => answer({ authorizationData: [] })));
    expect(await rejection(ecr.auth.token())).toMatchObject({ kind: "InvalidResponse" });
  });

  it("passes on why there is none", async () => {
    const { ecr } = clientOver(answering(() => refusal("AccessDeniedException", "not authorized")));
    expect(await rejection(ecr.auth.token())).toMatchObject({ kind: "AccessDenied", attempts: 2 });
  });
});

describe("a store that several clients share", () => {
  const client = (
    transport: ReturnType<typeof issuer>,
    tokenStore: ReturnType<typeof memoryTokenStore>,
    session?: string,
  ) =>
    createEcrClient({
      region: "eu-west-1",
      transport,
      cache: { tokens: tokenStore },
      time: manualTime(),
      auth: { kind: "static", ...keys, ...(session && { sessionToken: session }) },
    });

  it("serves the same long-term key in all of them", async () => {
    const transport = issuer();
    const store = memoryTokenStore();
    for (let clients = 0; clients < 3; clients++) await client(transport, store).auth.token();
    expect(transport.operations).toEqual(["GetAuthorizationToken"]);
  });

  it("asks STS once for a client with temporary keys, and knows the principal again under other keys", async () => {
    const transport = issuer();
    const store = memoryTokenStore();
    const first = client(transport, store, "session-1");
    await first.auth.token();
    await first.auth.refresh();
    await client(transport, store, "session-2").auth.token();
    expect(transport.operations).toEqual([
      "GetCallerIdentity",
      "GetAuthorizationToken",
      "GetAuthorizationToken",
      "GetCallerIdentity",
    ]);
    expect(transport.requests[0]?.hostname).toBe("sts.eu-west-1.amazonaws.com");
  });

  it("never serves a token to a principal that STS could not name", async () => {
    const known = issuer();
    const transport = answering(async (request) =>
      operationOf(request) === "GetCallerIdentity" ? refusal("InvalidAction") : (await known.handle(request)).response,
    );
    const store = memoryTokenStore();
    const tokens = [client(transport, store, "session-1"), client(transport, store, "session-2")].map(({ auth }) =>
      auth.token(),
    );
    const [first, second] = (await Promise.all(tokens)).map(({ authorizationToken }) => authorizationToken.reveal());
    expect(first).not.toBe(second);
  });
});
