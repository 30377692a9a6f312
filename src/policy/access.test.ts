import { describe, expect, it } from "vitest";
import { type AccessRequest, type Policies, refusalOf, refusalText, verdictOf } from "./access.js";
import { parsePolicyDocument } from "./policy-document.js";

const OWNER = "111122223333";
const OTHER = "444455556666";

const repositoryPolicy = (...statements: readonly object[]) =>
  parsePolicyDocument(JSON.stringify({ Version: "2012-10-17", Statement: statements }), "repository");
const identityPolicy = (...statements: readonly object[]) =>
  parsePolicyDocument(JSON.stringify({ Version: "2012-10-17", Statement: statements }), "identity");
const everything = identityPolicy({ Effect: "Allow", Action: "*", Resource: "*" });

const request = (changes: Partial<AccessRequest> = {}): AccessRequest => ({
  identity: { account: OTHER, arn: `arn:aws:iam::${OTHER}:user/ci` },
  action: "ecr:BatchGetImage",
  resource: `arn:aws:ecr:us-east-1:${OWNER}:repository/app`,
  context: {},
  ...changes,
});

describe("a repository policy", () => {
  it.each([
    ["everyone", "*", "allow"],
    ["everyone, spelt as AWS", { AWS: "*" }, "allow"],
    ["the caller's account id", { AWS: OTHER }, "delegate"],
    ["the caller's account root", { AWS: `arn:aws:iam::${OTHER}:root` }, "delegate"],
    ["the caller", { AWS: [`arn:aws:iam::${OWNER}:user/x`, `arn:aws:iam::${OTHER}:user/ci`] }, "allow"],
    ["another user of the account", { AWS: `arn:aws:iam::${OTHER}:user/cd` }, "silent"],
    ["another account", { AWS: OWNER }, "silent"],
    ["a service", { Service: "codebuild.amazonaws.com" }, "silent"],
  ])("that names %s as principal", (_, principal, verdict) => {
    const policy = repositoryPolicy({ Effect: "Allow", Principal: principal, Action: "ecr:BatchGetImage" });
    expect(verdictOf(policy, request())).toBe(verdict);
  });

  it("means the root itself when it names the account", () => {
    const policy = repositoryPolicy({ Effect: "Allow", Principal: { AWS: OTHER }, Action: "ecr:*" });
    const identity = { account: OTHER, arn: `arn:aws:iam::${OTHER}:root` };
    expect(verdictOf(policy, request({ identity }))).toBe("allow");
  });

  it("means a role's sessions when it names the role", () => {
    const role = `arn:aws:iam::${OTHER}:role/deploy`;
    const identity = { account: OTHER, arn: `arn:aws:sts::${OTHER}:assumed-role/deploy/run-1`, roleArn: role };
    const policy = repositoryPolicy({ Effect: "Allow", Principal: { AWS: role }, Action: "ecr:*" });
    expect(verdictOf(policy, request({ identity }))).toBe("allow");
  });

  it("names a service and means nobody else", () => {
    const policy = repositoryPolicy({
      Effect: "Allow",
      Principal: { Service: "replication.ecr.amazonaws.com" },
      Action: "ecr:*",
    });
    const identity = { account: OTHER, arn: "x", service: "replication.ecr.amazonaws.com" };
    expect(verdictOf(policy, request({ identity }))).toBe("allow");
    expect(verdictOf(policy, request())).toBe("silent");
  });

  it.each([
    ["ecr:BatchGetImage", true],
    ["ECR:batchgetimage", true],
    ["ecr:Batch*", true],
    ["ecr:BatchGetImag?", true],
    ["ecr:GetImage", false],
    ["ecr-public:*", false],
    ["*", true],
  ])("matches the action %s without case and by wildcard", (action, allows) => {
    expect(verdictOf(repositoryPolicy({ Effect: "Allow", Principal: "*", Action: action }), request())).toBe(
      allows ? "allow" : "silent",
    );
  });

  it("turns a list round with NotAction, NotPrincipal and NotResource", () => {
    const notAction = repositoryPolicy({ Effect: "Allow", Principal: "*", NotAction: "ecr:Delete*" });
    expect(verdictOf(notAction, request())).toBe("allow");
    expect(verdictOf(notAction, request({ action: "ecr:DeleteRepository" }))).toBe("silent");
    const notPrincipal = repositoryPolicy({ Effect: "Deny", NotPrincipal: { AWS: OTHER }, Action: "*" });
    expect(verdictOf(notPrincipal, request())).toBe("silent");
    const notResource = identityPolicy({ Effect: "Deny", NotResource: "arn:aws:ecr:*:*:repository/app", Action: "*" });
    expect(verdictOf(notResource, request())).toBe("silent");
  });

  it("denies whatever another statement allows", () => {
    const policy = repositoryPolicy(
      { Effect: "Allow", Principal: "*", Action: "*" },
      { Effect: "Deny", Principal: { AWS: OTHER }, Action: "ecr:BatchGetImage" },
    );
    expect(verdictOf(policy, request())).toBe("deny");
  });
});

describe("a request", () => {
  const allow = repositoryPolicy({ Effect: "Allow", Principal: { AWS: OTHER }, Action: "ecr:BatchGetImage" });
  const decide = (by: AccessRequest, policies: Partial<Policies>): string | undefined => {
    const refusal = refusalOf(by, { owner: OWNER, identity: [], resource: [], ...policies });
    return refusal && refusalText(refusal, by.action);
  };
  const own = request({ identity: { account: OWNER, arn: `arn:aws:iam::${OWNER}:user/ci` } });
  const noIdentity = "because no identity-based policy allows the ecr:BatchGetImage action";
  const noResource = "because no resource-based policy allows the ecr:BatchGetImage action";

  it("across accounts needs leave of both", () => {
    expect(decide(request(), { identity: [everything], resource: [allow] })).toBeUndefined();
    expect(decide(request(), { identity: [everything] })).toBe(noResource);
    expect(decide(request(), { resource: [allow] })).toBe(noIdentity);
    expect(decide(request(), {})).toBe(noIdentity);
  });

  it("within an account needs the leave of one, which the resource gives only to whom it names", () => {
    const allowUser = repositoryPolicy({ Effect: "Allow", Principal: { AWS: own.identity.arn }, Action: "ecr:*" });
    const allowAccount = repositoryPolicy({ Effect: "Allow", Principal: { AWS: OWNER }, Action: "ecr:*" });
    expect(decide(own, { identity: [everything] })).toBeUndefined();
    expect(decide(own, { resource: [allowUser] })).toBeUndefined();
    expect(decide(own, { resource: [allowAccount] })).toBe(noIdentity);
    expect(decide(own, {})).toBe(noIdentity);
  });

  it("for what the resource must allow in any case, such as to assume a role, needs its leave within an account too", () => {
    const identity = [everything];
    expect(decide(own, { identity, resourceMustAllow: true })).toBe(noResource);
    const allowAccount = repositoryPolicy({ Effect: "Allow", Principal: { AWS: OWNER }, Action: "ecr:*" });
    expect(decide(own, { identity, resource: [allowAccount], resourceMustAllow: true })).toBeUndefined();
  });

  it("of a session needs the leave of the session's policy as well", () => {
    const push = identityPolicy({ Effect: "Allow", Action: "ecr:PutImage", Resource: "*" });
    expect(decide(own, { identity: [everything], session: [everything] })).toBeUndefined();
    expect(decide(own, { identity: [everything], session: [push] })).toBe(
      "because no session policy allows the ecr:BatchGetImage action",
    );
    expect(decide(own, { identity: [push], session: [everything] })).toBe(noIdentity);
  });

  it("is refused by any Deny, which says in which policy it stands", () => {
    const deny = repositoryPolicy({ Effect: "Deny", Principal: "*", Action: "*" });
    const denyIdentity = identityPolicy({ Effect: "Deny", Action: "*", Resource: "*" });
    const both = { identity: [everything], resource: [allow] };
    expect(decide(request(), { ...both, resource: [allow, deny] })).toBe(
      "with an explicit deny in a resource-based policy",
    );
    expect(decide(request(), { ...both, identity: [everything, denyIdentity] })).toBe(
      "with an explicit deny in an identity-based policy",
    );
    expect(decide(request(), { ...both, session: [denyIdentity] })).toBe("with an explicit deny in a session policy");
  });
});

describe("a policy text", () => {
  const statement = { Effect: "Allow", Principal: "*", Action: "ecr:*" };
  it.each([
    ["no JSON", "{", "a policy is JSON"],
    ["a list", "[]", "a policy is an object"],
    ["an unknown member", JSON.stringify({ Statement: statement, Extra: 1 }), 'a policy has no member "Extra"'],
    ["an unknown version", JSON.stringify({ Version: "2020-01-01", Statement: statement }), "Version is one of"],
    ["no statement", JSON.stringify({ Statement: [] }), "at least one statement"],
    ["an unknown effect", JSON.stringify({ Statement: { ...statement, Effect: "allow" } }), "Effect is Allow or Deny"],
    ["no action", JSON.stringify({ Statement: { Effect: "Allow", Principal: "*" } }), "an Action or a NotAction"],
    ["an action and its opposite", JSON.stringify({ Statement: { ...statement, NotAction: "ecr:*" } }), "not both"],
    ["what is no action", JSON.stringify({ Statement: { ...statement, Action: "push" } }), '"push" is not an action'],
    ["no principal", JSON.stringify({ Statement: { Effect: "Allow", Action: "ecr:*" } }), "names a Principal"],
    [
      "what is no principal",
      JSON.stringify({ Statement: { ...statement, Principal: { AWS: "me" } } }),
      '"me" is not a principal',
    ],
    [
      "a principal of another kind",
      JSON.stringify({ Statement: { ...statement, Principal: { Human: "x" } } }),
      'no member "Human"',
    ],
    [
      "an unknown operator",
      JSON.stringify({ Statement: { ...statement, Condition: { Equals: { a: "b" } } } }),
      "not a condition operator",
    ],
    [
      "a value that is none",
      JSON.stringify({ Statement: { ...statement, Condition: { Bool: { a: {} } } } }),
      "a value or a list of values",
    ],
    [
      "a Sid used twice",
      JSON.stringify({
        Statement: [
          { ...statement, Sid: "a" },
          { ...statement, Sid: "a" },
        ],
      }),
      "each Sid is used once",
    ],
  ])("with %s is refused", (_, text, says) => {
    expect(() => parsePolicyDocument(text, "repository")).toThrow(says);
  });

  it("of an identity names no principal and must name resources", () => {
    expect(() => identityPolicy(statement)).toThrow("names no Principal");
    expect(() => identityPolicy({ Effect: "Allow", Action: "ecr:*" })).toThrow("a Resource or a NotResource");
  });
});
