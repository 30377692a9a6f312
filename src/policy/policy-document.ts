/** An IAM policy document, read strictly: what IAM would refuse to store does not parse. documented: IAM user guide, policy grammar. */

/** What a statement compares: the operator, the context key and the values, of which one must match. */
export interface Condition {
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
}

/** Whom a statement is about. Services and federated providers are compared by name. */
export type Principal =
  | { readonly kind: "everyone" }
  | { readonly kind: "aws"; readonly value: string }
  | { readonly kind: "service"; readonly value: string }
  | { readonly kind: "federated"; readonly value: string };

/** A list with its sense: `Action` or `NotAction`, `Resource` or `NotResource`, `Principal` or `NotPrincipal`. */
export interface Selection<T> {
  readonly not: boolean;
  readonly values: readonly T[];
}

/** One statement of a policy. */
export interface Statement {
  readonly sid?: string | undefined;
  readonly effect: "Allow" | "Deny";
  readonly actions: Selection<string>;
  /** Absent in an identity policy, which is about whoever holds it. */
  readonly principals?: Selection<Principal> | undefined;
  /** Absent where the policy hangs on its one resource. */
  readonly resources?: Selection<string> | undefined;
  readonly conditions: readonly Condition[];
}

/** A policy as the evaluator reads it. */
export interface PolicyDocument {
  readonly version: string;
  readonly statements: readonly Statement[];
}

/** Where a policy hangs, which decides what its statements must and may say. `trust` is who may assume a role. */
export type PolicyKind = "repository" | "registry" | "identity" | "trust";

/** A text that is no policy; `message` says what is wrong with it. */
export class PolicyError extends Error {
  override readonly name = "PolicyError";
}

const VERSIONS = ["2008-10-17", "2012-10-17"];
const STATEMENT_MEMBERS = new Set([
  "Sid",
  "Effect",
  "Action",
  "NotAction",
  "Principal",
  "NotPrincipal",
  "Resource",
  "NotResource",
  "Condition",
]);

/** Reads a policy document. @throws PolicyError when IAM would refuse it */
export function parsePolicyDocument(text: string, kind: PolicyKind): PolicyDocument {
  const document = record(parseJson(text), "a policy");
  const { Version: version = "2008-10-17", Statement: statement, Id: _id, ...rest } = document;
  refuseOthers(rest, "a policy");
  if (typeof version !== "string" || !VERSIONS.includes(version))
    throw new PolicyError(`Version is one of ${VERSIONS.join(", ")}`);
  const statements = (Array.isArray(statement) ? statement : [statement]).map((each) =>
    parseStatement(record(each, "a statement"), kind),
  );
  if (statements.length === 0) throw new PolicyError("a policy has at least one statement");
  const sids = statements.flatMap(({ sid }) => (sid === undefined ? [] : [sid]));
  if (new Set(sids).size !== sids.length) throw new PolicyError("each Sid is used once");
  return { version, statements };
}

function parseStatement(statement: Readonly<Record<string, unknown>>, kind: PolicyKind): Statement {
  refuseOthers(
    Object.fromEntries(Object.entries(statement).filter(([name]) => !STATEMENT_MEMBERS.has(name))),
    "a statement",
  );
  const { Sid: sid, Effect: effect, Condition: condition } = statement;
  if (sid !== undefined && typeof sid !== "string") throw new PolicyError("Sid is text");
  if (effect !== "Allow" && effect !== "Deny") throw new PolicyError("Effect is Allow or Deny");
  const actions = selection(statement, "Action", strings);
  if (!actions) throw new PolicyError("a statement has an Action or a NotAction");
  const bad = actions.values.find((action) => action !== "*" && !/^[a-z0-9-]+:[A-Za-z0-9*?]+$/i.test(action));
  if (bad !== undefined) throw new PolicyError(`"${bad}" is not an action`);
  const principals = selection(statement, "Principal", parsePrincipals);
  if (kind === "identity" && principals) throw new PolicyError("an identity policy names no Principal");
  if (kind !== "identity" && !principals) throw new PolicyError("a resource policy names a Principal");
  const resources = selection(statement, "Resource", strings);
  if (kind === "trust" && resources) throw new PolicyError("a trust policy names no Resource");
  if ((kind === "registry" || kind === "identity") && !resources)
    throw new PolicyError("a statement has a Resource or a NotResource");
  return { sid, effect, actions, principals, resources, conditions: parseConditions(condition) };
}

function selection<T>(
  statement: Readonly<Record<string, unknown>>,
  member: string,
  parse: (value: unknown, member: string) => readonly T[],
): Selection<T> | undefined {
  const [plain, negated] = [statement[member], statement[`Not${member}`]];
  if (plain !== undefined && negated !== undefined)
    throw new PolicyError(`a statement has ${member} or Not${member}, not both`);
  if (plain !== undefined) return { not: false, values: parse(plain, member) };
  if (negated !== undefined) return { not: true, values: parse(negated, `Not${member}`) };
  return undefined;
}

function parsePrincipals(value: unknown): readonly Principal[] {
  if (value === "*") return [{ kind: "everyone" }];
  const { AWS: aws, Service: service, Federated: federated, ...rest } = record(value, "Principal");
  refuseOthers(rest, "Principal");
  const named = (names: unknown, member: string): readonly string[] =>
    names === undefined ? [] : strings(names, `Principal.${member}`);
  const principals: readonly Principal[] = [
    ...named(aws, "AWS").map(parseAwsPrincipal),
    ...named(service, "Service").map((name): Principal => ({ kind: "service", value: name })),
    ...named(federated, "Federated").map((name): Principal => ({ kind: "federated", value: name })),
  ];
  if (principals.length === 0) throw new PolicyError("Principal names at least one principal");
  return principals;
}

function parseAwsPrincipal(value: string): Principal {
  if (value === "*") return { kind: "everyone" };
  if (/^\d{12}$/.test(value)) return { kind: "aws", value: `arn:aws:iam::${value}:root` };
  // No wildcards: IAM matches a principal's ARN whole. documented: IAM user guide, Principal element.
  if (/^arn:aws[a-z-]*:(iam|sts)::\d{12}:(root|(user|role|assumed-role|federated-user)\/[\w+=,.@/-]+)$/.test(value))
    return { kind: "aws", value };
  throw new PolicyError(`"${value}" is not a principal`);
}

function parseConditions(value: unknown): readonly Condition[] {
  if (value === undefined) return [];
  return Object.entries(record(value, "Condition")).flatMap(([operator, keys]) => {
    if (!CONDITION_OPERATOR.test(operator)) throw new PolicyError(`"${operator}" is not a condition operator`);
    return Object.entries(record(keys, `Condition.${operator}`)).map(([key, values]) => ({
      operator,
      key,
      values: scalars(values, `Condition.${operator}.${key}`),
    }));
  });
}

/** The operators of the IAM user guide; `Null` takes no `IfExists`. documented */
const CONDITION_OPERATOR =
  /^((ForAnyValue:|ForAllValues:)?((String(Not)?(Equals(IgnoreCase)?|Like))|(Arn(Not)?(Equals|Like))|((Numeric|Date)((Not)?Equals|(LessThan|GreaterThan)(Equals)?))|Bool|BinaryEquals|(Not)?IpAddress)(IfExists)?|Null)$/;

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new PolicyError("a policy is JSON", { cause });
  }
}

function record(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new PolicyError(`${what} is an object`);
  return value as Readonly<Record<string, unknown>>;
}

function strings(value: unknown, what: string): readonly string[] {
  const values = Array.isArray(value) ? value : [value];
  if (values.length === 0 || !values.every((each) => typeof each === "string"))
    throw new PolicyError(`${what} is text or a list of texts`);
  return values;
}

function scalars(value: unknown, what: string): readonly string[] {
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  return values.map((each) => {
    if (typeof each !== "string" && typeof each !== "number" && typeof each !== "boolean")
      throw new PolicyError(`${what} is a value or a list of values`);
    return String(each);
  });
}

function refuseOthers(rest: Readonly<Record<string, unknown>>, what: string): void {
  const [name] = Object.keys(rest);
  if (name !== undefined) throw new PolicyError(`${what} has no member "${name}"`);
}
