import { createSign, generateKeyPairSync } from "node:crypto";
import { describe, expect, it } from "vitest";
import { refusal, testRegistry } from "../../../test/fixtures/local-registry.js";
import { type AccountsFile, parseAccounts } from "../../policy/accounts.js";
import type { StsCall } from "../../protocol/sts.js";
import type { AssumeRoleResponse } from "../../protocol/sts-operations.js";
import type { Caller, Registry } from "../registry.js";

const A = "111111111111";
const B = "222222222222";
const C = "333333333333";
const REGION = "us-east-1";
const document = (...Statement: readonly object[]) => ({ Version: "2012-10-17", Statement });
const trusting = (AWS: string | readonly string[], more: object = {}) =>
  document({ Effect: "Allow", Principal: { AWS }, Action: "sts:AssumeRole", ...more });
const roleArn = (account: string, name: string) => `arn:aws:iam::${account}:role/${name}`;
const user = (name: string): Caller => ({ account: A, region: REGION, arn: `arn:aws:iam::${A}:user/${name}` });

const accounts: AccountsFile = {
  accounts: {
    [A]: {
      users: { ci: {}, nobody: { policies: [] } },
      roles: {
        first: { trust: trusting(A) },
        named: { trust: trusting(`arn:aws:iam::${A}:user/nobody`) },
        outside: { trust: trusting(A, { Condition: { StringEquals: { "sts:ExternalId": "xyz-1" } } }) },
        long: { trust: trusting(A), maxSessionDurationSeconds: 43_200 },
        tagged: {
          trust: document({
            Effect: "Allow",
            Principal: { AWS: A },
            Action: ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"],
          }),
        },
        mfa: { trust: trusting(A, { Condition: { Bool: { "aws:MultiFactorAuthPresent": "true" } } }) },
      },
    },
    [B]: { roles: { second: { trust: trusting(roleArn(A, "first")) } } },
    [C]: { roles: { "team/third": { trust: trusting(roleArn(B, "second")) } } },
  },
};

const strict = () => testRegistry({ auth: "strict", accounts: parseAccounts(accounts) });

const sts = async (registry: Registry, caller: Caller | undefined, name: StsCall["name"], input: object) =>
  registry.sts({ name, input }, caller) as AssumeRoleResponse;

/** Who holds the keys that STS answered. */
function holderOf(registry: Registry, { Credentials: keys }: AssumeRoleResponse): Caller {
  const credential = registry.credential(keys?.AccessKeyId ?? "", keys?.SessionToken);
  if (!credential) throw new Error("nobody holds these keys");
  expect(credential.secretAccessKey.reveal()).toBe(keys?.SecretAccessKey);
  return credential.caller(REGION);
}

const assume = (registry: Registry, by: Caller, arn: string, more: object = {}) =>
  sts(registry, by, "AssumeRole", { RoleArn: arn, RoleSessionName: "run-1", ...more });

describe("AssumeRole", () => {
  it("answers keys of a session of the role, good for an hour on the registry's clock", async () => {
    const { registry, time } = strict();
    const answer = await assume(registry, user("ci"), roleArn(A, "first"));
    expect(answer).toMatchObject({
      AssumedRoleUser: {
        AssumedRoleId: expect.stringMatching(/^AROA[A-Z2-7]{17}:run-1$/),
        Arn: `arn:aws:sts::${A}:assumed-role/first/run-1`,
      },
      Credentials: {
        AccessKeyId: expect.stringMatching(/^ASIA[A-Z2-7]{16}$/),
        SecretAccessKey: expect.stringMatching(/^.{40}$/),
        Expiration: new Date(time.now() + 3_600_000),
      },
    });
    expect(holderOf(registry, answer)).toMatchObject({ account: A, arn: answer.AssumedRoleUser?.Arn });
    const keys = answer.Credentials;
    const expired = () => registry.credential(keys?.AccessKeyId ?? "", keys?.SessionToken)?.expired;
    await time.advance(3_599_999);
    expect(expired()).toBe(false);
    await time.advance(1);
    expect(expired()).toBe(true);
    expect(registry.credential("ASIAOTHER", keys?.SessionToken)).toBeUndefined();
    expect(registry.credential(keys?.AccessKeyId ?? "", `${keys?.SessionToken}A`)).toBeUndefined();
    expect(registry.credential(keys?.AccessKeyId ?? "", undefined)).toBeUndefined();
  });

  it("goes on over a chain of three roles in three accounts, an hour each at most", async () => {
    const { registry } = strict();
    const first = holderOf(registry, await assume(registry, user("ci"), roleArn(A, "first")));
    const second = holderOf(registry, await assume(registry, first, roleArn(B, "second")));
    const third = await assume(registry, second, roleArn(C, "team/third"));
    expect(await sts(registry, holderOf(registry, third), "GetCallerIdentity", {})).toEqual({
      Account: C,
      Arn: `arn:aws:sts::${C}:assumed-role/third/run-1`,
      UserId: third.AssumedRoleUser?.AssumedRoleId,
    });
    const asked = assume(registry, first, roleArn(A, "long"), { DurationSeconds: 3_601 });
    expect(await refusal(asked)).toMatchObject({
      code: "ValidationError",
      message: expect.stringContaining("chaining"),
    });
    expect((await refusal(assume(registry, user("ci"), roleArn(C, "team/third")))).code).toBe("AccessDenied");
  });

  it.each([
    ["whom the trust policy does not name", user("ci"), roleArn(B, "second")],
    [
      "whose own account does not allow it, where the trust policy names the account",
      user("nobody"),
      roleArn(A, "first"),
    ],
    ["for a role that there is not", user("ci"), roleArn(A, "none")],
    ["for a role under another path", user("ci"), roleArn(C, "third")],
    ["for a role of an account that there is not", user("ci"), roleArn("999999999999", "any")],
  ])("is denied to a caller %s", async (_, by, arn) => {
    expect(await refusal(assume(strict().registry, by, arn))).toMatchObject({
      code: "AccessDenied",
      message: `User: ${by.arn} is not authorized to perform: sts:AssumeRole on resource: ${arn}`,
    });
  });

  it("is allowed by a trust policy that names the caller alone", async () => {
    await assume(strict().registry, user("nobody"), roleArn(A, "named"));
  });

  it("asks for what the conditions of the trust policy ask: external id, second factor", async () => {
    const { registry } = strict();
    expect((await refusal(assume(registry, user("ci"), roleArn(A, "outside")))).code).toBe("AccessDenied");
    await assume(registry, user("ci"), roleArn(A, "outside"), { ExternalId: "xyz-1" });
    expect((await refusal(assume(registry, user("ci"), roleArn(A, "mfa")))).code).toBe("AccessDenied");
    const SerialNumber = `arn:aws:iam::${A}:mfa/ci`;
    await assume(registry, user("ci"), roleArn(A, "mfa"), { SerialNumber, TokenCode: "123456" });
  });

  it("is denied to a root, and takes it at its word in open mode, where every key is one", async () => {
    const root = { account: A, region: REGION, arn: `arn:aws:iam::${A}:root` };
    expect((await refusal(assume(strict().registry, root, roleArn(A, "first")))).message).toBe(
      "Roles may not be assumed by root accounts.",
    );
    const { registry } = testRegistry();
    expect(holderOf(registry, await assume(registry, root, roleArn(B, "any")))).toMatchObject({ account: B });
  });

  it("carries tags and source identity over the chain where they may be set", async () => {
    const { registry } = strict();
    const given = { Tags: [{ Key: "team", Value: "web" }], TransitiveTagKeys: ["team"], SourceIdentity: "alice" };
    expect((await refusal(assume(registry, user("ci"), roleArn(A, "first"), given))).message).toContain(
      "sts:TagSession",
    );
    const tagged = holderOf(registry, await assume(registry, user("ci"), roleArn(A, "tagged"), given));
    const next = holderOf(registry, await assume(registry, tagged, roleArn(A, "first")));
    expect(next.session).toMatchObject({ tags: { team: "web" }, sourceIdentity: "alice" });
  });

  it.each([
    ["a name of one letter", { RoleSessionName: "x" }, "ValidationError"],
    ["an ARN that is none of a role", { RoleArn: "arn:aws:iam::111111111111:user/ci" }, "ValidationError"],
    ["a longer session than the role allows", { DurationSeconds: 3_601 }, "ValidationError"],
    ["a session of a minute", { DurationSeconds: 60 }, "ValidationError"],
    ["a policy that is none", { Policy: "{}" }, "MalformedPolicyDocument"],
    ["a policy that is not here", { PolicyArns: [{ arn: "arn:aws:iam::aws:policy/X" }] }, "MalformedPolicyDocument"],
  ])("refuses %s", async (_, more, code) => {
    expect((await refusal(assume(strict().registry, user("ci"), roleArn(A, "first"), more))).code).toBe(code);
  });
});

describe("GetSessionToken", () => {
  it("answers keys of the caller itself, which cannot ask again", async () => {
    const { registry, time } = strict();
    const answer = await sts(registry, user("ci"), "GetSessionToken", {});
    expect(answer.Credentials?.Expiration).toEqual(new Date(time.now() + 43_200_000));
    const session = holderOf(registry, answer);
    expect(session).toMatchObject({ account: A, arn: `arn:aws:iam::${A}:user/ci` });
    expect((await refusal(sts(registry, session, "GetSessionToken", {}))).message).toBe(
      "Cannot call GetSessionToken with session credentials",
    );
    await assume(registry, session, roleArn(A, "first"));
  });

  it("is good for an hour at most when it is a root's", async () => {
    const { registry, time } = strict();
    const root = { account: A, region: REGION, arn: `arn:aws:iam::${A}:root` };
    const { Credentials } = await sts(registry, root, "GetSessionToken", { DurationSeconds: 7_200 });
    expect(Credentials?.Expiration).toEqual(new Date(time.now() + 3_600_000));
  });
});

describe("AssumeRoleWithWebIdentity", () => {
  const ISSUER = "token.example.com";
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const claims = {
    iss: `https://${ISSUER}`,
    aud: "sts.amazonaws.com",
    sub: "repo:acme/app",
    exp: Date.UTC(2026, 0, 1) / 1000 + 60,
  };
  const tokenOf = (payload: object, key = privateKey): string => {
    const text = [{ alg: "ES256", typ: "JWT" }, payload]
      .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
      .join(".");
    return `${text}.${createSign("sha256").update(text).sign({ key, dsaEncoding: "ieee-p1363" }, "base64url")}`;
  };
  const provider = `arn:aws:iam::${A}:oidc-provider/${ISSUER}`;
  const federated: AccountsFile = {
    accounts: {
      [A]: {
        identityProviders: {
          [ISSUER]: { clientIds: ["sts.amazonaws.com"], keys: [publicKey.export({ format: "jwk" })] },
        },
        roles: {
          web: {
            trust: document({
              Effect: "Allow",
              Principal: { Federated: provider },
              Action: "sts:AssumeRoleWithWebIdentity",
              Condition: {
                StringLike: { [`${ISSUER}:sub`]: "repo:acme/*" },
                StringEquals: { [`${ISSUER}:aud`]: "sts.amazonaws.com" },
              },
            }),
          },
          other: { trust: trusting(A) },
        },
      },
    },
  };
  const realTime = { now: () => Date.UTC(2026, 0, 1) };
  const local = () => testRegistry({ auth: "strict", accounts: parseAccounts(federated), realTime });
  const ask = (registry: Registry, WebIdentityToken: string, role = "web") =>
    sts(registry, undefined, "AssumeRoleWithWebIdentity", {
      RoleArn: roleArn(A, role),
      RoleSessionName: "run-1",
      WebIdentityToken,
    });

  it("answers keys of the role to whom its provider vouches for", async () => {
    const { registry } = local();
    const answer = await ask(registry, tokenOf(claims));
    expect(answer).toMatchObject({ SubjectFromWebIdentityToken: claims.sub, Audience: claims.aud, Provider: provider });
    expect(holderOf(registry, answer).arn).toBe(`arn:aws:sts::${A}:assumed-role/web/run-1`);
  });

  const other = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
  it.each([
    ["what is no token", "a.b.c", "web", "InvalidIdentityToken"],
    ["a token without a subject", tokenOf({ ...claims, sub: undefined }), "web", "InvalidIdentityToken"],
    ["a token for somebody else", tokenOf({ ...claims, aud: "other" }), "web", "InvalidIdentityToken"],
    [
      "a token of another provider",
      tokenOf({ ...claims, iss: "https://evil.example.com" }),
      "web",
      "InvalidIdentityToken",
    ],
    ["a token that another key signed", tokenOf(claims, other), "web", "InvalidIdentityToken"],
    ["a token that has expired", tokenOf({ ...claims, exp: claims.exp - 60 }), "web", "ExpiredIdentityToken"],
    ["a subject that the role does not trust", tokenOf({ ...claims, sub: "repo:evil/app" }), "web", "AccessDenied"],
    ["a role that trusts no provider", tokenOf(claims), "other", "AccessDenied"],
  ])("refuses %s", async (_, token, role, code) => {
    expect((await refusal(ask(local().registry, token, role))).code).toBe(code);
  });

  it("takes any token in open mode for an account of which nothing is known", async () => {
    const { registry } = testRegistry({ realTime });
    expect(holderOf(registry, await ask(registry, tokenOf(claims))).account).toBe(A);
  });

  it("takes a token for as long as its provider meant it, however far the registry's own clock was moved", async () => {
    const { registry, time } = local();
    await time.advance("1d");
    const answer = await ask(registry, tokenOf(claims));
    expect(answer.Credentials?.Expiration).toEqual(new Date(Date.UTC(2026, 0, 2, 1)));
  });
});
