import { describe, expect, it } from "vitest";
import { AccountsError, type AccountsFile, parseAccounts } from "./accounts.js";

const ACCOUNT = "111122223333";
const document = (statement: object) => ({ Version: "2012-10-17", Statement: [statement] });
const allow = document({ Effect: "Allow", Action: "ecr:*", Resource: "*" });
const trust = document({ Effect: "Allow", Principal: { AWS: ACCOUNT }, Action: "sts:AssumeRole" });
const key = { accessKeyId: "AKIAEXAMPLE", secretAccessKey: "very-secret" };
const problemOf = (account: unknown): string => {
  try {
    parseAccounts({ accounts: { [ACCOUNT]: account } });
  } catch (error) {
    if (error instanceof AccountsError) return error.message;
    throw error;
  }
  return "";
};

describe("an accounts file", () => {
  it("says whose every access key is and what everyone may do", () => {
    const file: AccountsFile = {
      accounts: {
        [ACCOUNT]: {
          organization: "o-abcdefghij",
          accessKeys: [{ accessKeyId: "AKIAROOT", secretAccessKey: "root-secret" }],
          users: { "build/ci": { accessKeys: [key], policies: [allow], tags: { team: "web" } } },
          roles: { deploy: { trust, maxSessionDurationSeconds: 7200 } },
          identityProviders: { "token.example.com": { clientIds: ["sts.amazonaws.com"] } },
        },
      },
    };
    const { accounts, accessKeys } = parseAccounts(file);
    expect(accessKeys.get("AKIAROOT")).toMatchObject({ account: ACCOUNT });
    expect(accessKeys.get("AKIAEXAMPLE")).toMatchObject({ account: ACCOUNT, userName: "ci" });
    const account = accounts.get(ACCOUNT);
    expect(account?.users.get("ci")).toMatchObject({ path: "/build/", tags: { team: "web" } });
    expect(account?.users.get("ci")?.policies).toHaveLength(1);
    expect(account?.roles.get("deploy")).toMatchObject({ path: "/", policies: undefined, maxSessionDurationS: 7200 });
    expect(account?.identityProviders.get("token.example.com")?.clientIds).toEqual(["sts.amazonaws.com"]);
  });

  it("keeps its secrets from being printed", () => {
    const file = parseAccounts({ accounts: { [ACCOUNT]: { accessKeys: [key] } } });
    expect(JSON.stringify([...file.accessKeys])).not.toContain("very-secret");
  });

  it.each([
    ["an unknown member", { user: {} }, `accounts.${ACCOUNT} has no member "user"`],
    ["a bad organization", { organization: "acme" }, `accounts.${ACCOUNT}.organization must be text like`],
    ["a key without a secret", { accessKeys: [{ accessKeyId: "AKIA" }] }, "accessKeys[0].secretAccessKey must be text"],
    ["a key given twice", { accessKeys: [key, key] }, "the access key AKIAEXAMPLE is given twice"],
    ["a user given twice", { users: { ci: {}, "build/ci": {} } }, "the name ci is given twice"],
    ["a user with a bad name", { users: { "a b": {} } }, '"a b" is not a name'],
    ["a policy that is none", { users: { ci: { policies: [{}] } } }, "users.ci.policies[0]: a statement is an object"],
    ["a policy that is not here", { users: { ci: { policies: ["arn:aws:iam::aws:policy/X"] } } }, "there is no policy"],
    ["a policy with a principal", { users: { ci: { policies: [trust] } } }, "names no Principal"],
    ["a role that nobody may assume", { roles: { deploy: {} } }, "roles.deploy.trust must be an object"],
    ["a trust policy with a resource", { roles: { deploy: { trust: allow } } }, "names a Principal"],
    ["a short session", { roles: { deploy: { trust, maxSessionDurationSeconds: 60 } } }, "from 3600 to 43200"],
    [
      "a provider with a scheme",
      { identityProviders: { "https://x": { clientIds: [] } } },
      '"https://x" is not a name',
    ],
  ])("with %s is refused, saying where", (_, account, says) => {
    expect(problemOf(account)).toContain(says);
  });

  it("never shows a secret that it refuses", () => {
    expect(problemOf({ accessKeys: [{ accessKeyId: "AKIA", secretAccessKey: 12345678 }] })).not.toContain("12345678");
  });

  it.each([
    ["a list", []],
    ["no accounts", { account: {} }],
    ["an account of eleven digits", { accounts: { "11112222333": {} } }],
  ])("that is %s is refused", (_, file) => {
    expect(() => parseAccounts(file)).toThrow(AccountsError);
  });
});
