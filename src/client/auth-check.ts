import { EcrError } from "../errors.js";
import type { AuthOptions } from "./auth-options.js";
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
const needed = (rule: Rule): Rule => ({ ...rule, isNeeded: true });

type Auth<K extends AuthOptions["kind"]> = Extract<AuthOptions, { readonly kind: K }>;

/** What each way to authenticate takes. */
const RULES: { readonly [K in AuthOptions["kind"]]: { readonly [N in Exclude<keyof Auth<K>, "kind">]-?: Rule } } = {
  default: { profile: text },
  static: { accessKeyId: needed(key), secretAccessKey: needed(key), sessionToken: key },
  "assume-role": {
    roleArn: needed(role),
    sessionName: text,
    externalId: text,
    durationSeconds: seconds,
    profile: text,
  },
  "web-identity": { roleArn: needed(role), tokenFile: needed(text), sessionName: text },
  provider: { provide: needed({ expected: "a function", test: (value) => typeof value === "function" }) },
};

/** What else is in the keys that AWS's providers give, which a caller may spread into `auth`. documented: AWS SDK, `AwsCredentialIdentity`. */
const BESIDE_KEYS: readonly string[] = ["expiration", "accountId", "credentialScope", "$source"];

/**
 * A copy of the option `auth`, so that a later change of the caller's object changes nothing here.
 *
 * @throws {EcrError} kind `InvalidParameter`, naming what is wrong, but without a value that may be a secret
 */
export function copyOfAuth(auth: AuthOptions): AuthOptions {
  if (typeof auth !== "object" || auth === null)
    throw invalid(`auth must be an object with a kind, got ${shown(auth)}`);
  const { kind } = auth;
  if (!Object.hasOwn(RULES, kind))
    throw invalid(`auth.kind must be one of ${Object.keys(RULES).join(", ")}, got ${shown(kind)}`);
  const rules: Readonly<Record<string, Rule>> = RULES[kind];
  const names = ["kind", ...Object.keys(rules), ...(kind === "static" ? BESIDE_KEYS : [])];
  requireOptions("auth", auth, `auth of kind ${kind}`, names);
  for (const [name, { isNeeded = false, isShown = false, expected, test }] of Object.entries(rules)) {
    const value = (auth as unknown as Readonly<Record<string, unknown>>)[name];
    if (isNeeded && !value) throw invalid(`auth.${name} is missing: auth of kind ${kind} needs it`);
    if (value !== undefined && value !== "" && !test(value))
      throw invalid(`auth.${name} must be ${expected}${isShown ? `, got ${shown(value)}` : ""}`);
  }
  return { ...auth };
}

const invalid = (message: string): EcrError => new EcrError(message, { kind: "InvalidParameter" });
