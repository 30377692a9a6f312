import { EcrError } from "../errors.js";
import type { AssumeRoleAuth, AuthOptions } from "./auth-options.js";
import { isKey, KEY_DEMAND } from "./credentials.js";
import { requireOptions } from "./options.js";
import { shown } from "./shown.js";

/** What an option of `auth` must be. */
interface Rule {
  readonly isNeeded?: boolean;
  readonly expected: string;
  readonly test: (value: unknown) => boolean;
  /** Whether its value may stand in a message: it can be no secret. */
  readonly isShown?: boolean;
}

const isText = (value: unknown): boolean => typeof value === "string";

const text: Rule = { expected: "a text", test: isText };
const key: Rule = { expected: KEY_DEMAND, test: isKey };
const role: Rule = {
  expected: "the ARN of an IAM role",
  isShown: true,
  test: (value) => isText(value) && /^arn:[^:]+:iam::\d{12}:role\/./.test(String(value)),
};
const seconds: Rule = {
  // documented: STS API reference, AssumeRole, `DurationSeconds`.
  expected: "an integer from 900 to 43200",
  isShown: true,
  test: (value) => Number.isInteger(value) && Number(value) >= 900 && Number(value) <= 43_200,
};
// documented: STS API reference, AssumeRole.
const session: Rule = {
  expected: "2 to 64 letters, digits and =,.@-_+",
  isShown: true,
  test: (value) => isText(value) && /^[\w+=,.@-]{2,64}$/.test(String(value)),
};
const external: Rule = {
  expected: "2 to 1224 letters, digits and =,.@:/-_+",
  test: (value) => isText(value) && /^[\w+=,.@:/-]{2,1224}$/.test(String(value)),
};
const needed = (rule: Rule): Rule => ({ ...rule, isNeeded: true });

type Auth<K extends AuthOptions["kind"]> = Extract<AuthOptions, { readonly kind: K }>;

/** What each way to authenticate takes. */
const RULES: { readonly [K in AuthOptions["kind"]]: { readonly [N in Exclude<keyof Auth<K>, "kind">]-?: Rule } } = {
  default: { profile: text },
  static: { accessKeyId: needed(key), secretAccessKey: needed(key), sessionToken: key },
  "assume-role": {
    roleArn: needed(role),
    sessionName: session,
    externalId: external,
    durationSeconds: seconds,
    source: { expected: "an object with a kind", test: (value) => typeof value === "object" && value !== null },
    profile: text,
  },
  "web-identity": { roleArn: needed(role), tokenFile: needed(text), sessionName: session },
  provider: { provide: needed({ expected: "a function", test: (value) => typeof value === "function" }) },
};

/** What else is in the keys that AWS's providers give, which a caller may spread into `auth`. documented: AWS SDK, `AwsCredentialIdentity`. */
const BESIDE_KEYS: readonly string[] = ["expiration", "accountId", "credentialScope", "$source"];

/** The most roles that one may lead to another through: far more than anybody has, and no circle. */
const LONGEST_CHAIN = 10;

/**
 * A copy of the option `auth`, so that a later change of the caller's object changes nothing here.
 *
 * @throws {EcrError} kind `InvalidParameter`, naming what is wrong, but without a value that may be a secret
 */
export function copyOfAuth(auth: AuthOptions, field = "auth", links = 1): AuthOptions {
  if (typeof auth !== "object" || auth === null)
    throw invalid(`${field} must be an object with a kind, got ${shown(auth)}`);
  const { kind } = auth;
  if (!Object.hasOwn(RULES, kind))
    throw invalid(`${field}.kind must be one of ${Object.keys(RULES).join(", ")}, got ${shown(kind)}`);
  if ("mfaSerial" in auth) throw needsMfa(field);
  const rules: Readonly<Record<string, Rule>> = RULES[kind];
  const names = ["kind", ...Object.keys(rules), ...(kind === "static" ? BESIDE_KEYS : [])];
  requireOptions(field, auth, `${field} of kind ${kind}`, names);
  for (const [name, { isNeeded = false, isShown = false, expected, test }] of Object.entries(rules)) {
    const value = (auth as unknown as Readonly<Record<string, unknown>>)[name];
    if (isNeeded && !value) throw invalid(`${field}.${name} is missing: auth of kind ${kind} needs it`);
    if (value !== undefined && value !== "" && !test(value))
      throw invalid(`${field}.${name} must be ${expected}${isShown ? `, got ${shown(value)}` : ""}`);
  }
  return auth.kind === "assume-role"
    ? { ...auth, profile: undefined, source: copyOfSource(auth, field, links) }
    : { ...auth };
}

function copyOfSource(auth: AssumeRoleAuth, field: string, links: number): AuthOptions {
  const { source } = auth;
  if (source === undefined) return { kind: "default", profile: auth.profile };
  if (auth.profile !== undefined)
    throw invalid(`${field}.profile does not go with ${field}.source: the source says whose keys assume the role`);
  if (links >= LONGEST_CHAIN) throw invalid(`${field}.source makes a chain of more than ${LONGEST_CHAIN} roles`);
  const copy = copyOfAuth(source, `${field}.source`, links + 1);
  const isRole = copy.kind === "assume-role" || copy.kind === "web-identity";
  // documented: IAM user guide, role chaining.
  if (isRole && (auth.durationSeconds ?? 0) > 3_600)
    throw invalid(
      `${field}.durationSeconds must be at most 3600 for a role that a role assumes, got ${auth.durationSeconds}`,
    );
  return copy;
}

/** Nobody could be asked for the code, and certainly not when the keys are renewed. */
const needsMfa = (field: string): EcrError =>
  invalid(
    `${field}.mfaSerial is not taken, for ecrkit asks nobody for a code: get a session with \`aws sts get-session-token --serial-number … --token-code …\` and pass its keys`,
  );

const invalid = (message: string): EcrError => new EcrError(message, { kind: "InvalidParameter" });
