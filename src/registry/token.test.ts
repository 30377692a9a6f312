import { describe, expect, it } from "vitest";
import { caller, testRegistry } from "../../test/fixtures/local-registry.js";

const decode = (text: string): string => Buffer.from(text, "base64").toString();

async function login() {
  const local = testRegistry({ origin: () => "http://localhost:4580" });
  const { authorizationData } = await local.call("GetAuthorizationToken", {});
  const [{ authorizationToken, expiresAt, proxyEndpoint }] = authorizationData;
  const [username = "", password = ""] = decode(authorizationToken).split(":");
  return { ...local, username, password, expiresAt, proxyEndpoint };
}

describe("an authorization token", () => {
  it("logs its principal in to the registry it was asked for", async () => {
    const { registry, username, password, proxyEndpoint } = await login();
    expect(username).toBe("AWS");
    expect(proxyEndpoint).toBe("http://localhost:4580");
    expect(registry.login(username, password)).toEqual({ ok: true, caller, registryId: caller.account });
  });

  it("has the members of ECR's own passwords", async () => {
    const { password, expiresAt } = await login();
    const { payload, datakey, ...rest } = JSON.parse(decode(password));
    expect(rest).toEqual({ version: "2", type: "DATA_KEY", expiration: expiresAt });
    expect(payload).toMatch(/^[A-Za-z0-9+/]+=*$/);
    expect(datakey).toMatch(/^[A-Za-z0-9_-]{43}$/);
  });

  it("expires after exactly 12 hours", async () => {
    const { registry, time, password, expiresAt } = await login();
    expect(expiresAt * 1000).toBe(time.now() + 12 * 3_600_000);
    await time.advance(12 * 3_600_000 - 1);
    expect(registry.login("AWS", password).ok).toBe(true);
    await time.advance(1);
    expect(registry.login("AWS", password)).toEqual({ ok: false, reason: "expired" });
  });

  it("is worth nothing to another registry, to another user name, or when a single character differs", async () => {
    const { registry, password } = await login();
    const invalid = { ok: false, reason: "invalid" };
    expect(testRegistry().registry.login("AWS", password)).toEqual(invalid);
    expect(registry.login("aws", password)).toEqual(invalid);
    const forged = JSON.parse(decode(password));
    for (const change of [
      { expiration: forged.expiration + 1 },
      { payload: Buffer.from(JSON.stringify({ caller, registryId: "999999999999" })).toString("base64") },
      { datakey: forged.datakey.slice(0, -2) },
      { datakey: undefined },
    ]) {
      const text = Buffer.from(JSON.stringify({ ...forged, ...change })).toString("base64");
      expect(registry.login("AWS", text)).toEqual(invalid);
    }
    for (const text of ["", "x", "bnVsbA==", "W10=", `${password}A`.slice(1)])
      expect(registry.login("AWS", text)).toEqual(invalid);
  });

  it("is given for every registry that is named, and logs in to that one", async () => {
    const { registry, call } = testRegistry();
    const { authorizationData } = await call("GetAuthorizationToken", {
      registryIds: ["111111111111", "222222222222"],
    });
    expect(authorizationData).toHaveLength(2);
    expect(authorizationData[1].proxyEndpoint).toBe("https://222222222222.dkr.ecr.us-east-1.amazonaws.com");
    const [, password = ""] = decode(authorizationData[1].authorizationToken).split(":");
    expect(registry.login("AWS", password)).toEqual({ ok: true, caller, registryId: "222222222222" });
  });
});
