import { readFile } from "node:fs/promises";
import { EcrError, isEcrError } from "../errors.js";
import type { Time } from "../time.js";
import type { Transport } from "../transport/transport.js";
import type { AssumeRoleAuth, AuthOptions, DefaultAuth, WebIdentityAuth } from "./auth-options.js";
import type { Connection } from "./connection.js";
import {
  type AwsCredentials,
  type CredentialSource,
  credentialSource,
  hideSecrets,
  type PlainCredentials,
} from "./credentials.js";
import type { Environment } from "./environment.js";
import { assumeRoleExchange, type SessionKeys, webIdentityExchange } from "./sts-exchange.js";

/** What getting keys depends on. */
export interface SourceContext {
  readonly env: Environment;
  readonly time: Time;
  /** The region that AWS's own providers ask in. */
  readonly region?: string | undefined;
  /** Carries the requests of AWS's own providers, if the caller chose one. */
  readonly transport?: Transport | undefined;
  /** A connection to STS that signs with these keys. */
  readonly stsOf: (keys: CredentialSource) => Connection;
  /** Sources that are used already: clients of several regions ask the default chain, or a provider, once for all. */
  readonly shared?: Map<AuthOptions, CredentialSource> | undefined;
}

/** The keys that `auth` stands for, kept until shortly before they expire. Nothing is asked until they are wanted. */
export function sourceOf(auth: AuthOptions, context: SourceContext): CredentialSource {
  const isRole = auth.kind === "assume-role" || auth.kind === "web-identity";
  const known = isRole ? undefined : context.shared?.get(auth);
  if (known !== undefined) return known;
  const load = loaderOf(auth, context);
  const source = credentialSource(context.time, async (anew) => {
    try {
      return await load(anew);
    } catch (error) {
      throw noCredentials(auth, error);
    }
  });
  if (!isRole) context.shared?.set(auth, source);
  return source;
}

type Load = (anew: boolean) => Promise<AwsCredentials>;

function loaderOf(auth: AuthOptions, context: SourceContext): Load {
  switch (auth.kind) {
    case "static":
      return async () => hideSecrets(auth, "auth");
    case "provider":
      return async () => hideSecrets(await auth.provide(), "auth.provide");
    case "default":
      return async (anew) => environmentKeys(auth, context.env) ?? (await askChain(auth, context, anew));
    case "assume-role":
      return roleLoader(auth, context);
    case "web-identity":
      return webIdentityLoader(auth, context);
  }
}

/** The keys that assume a role are kept too, so a chain is walked again only from the link that expired. */
function roleLoader(auth: AssumeRoleAuth, context: SourceContext): Load {
  const source = sourceOf(auth.source ?? { kind: "default", profile: auth.profile }, context);
  const sts = context.stsOf(source);
  return async () => sessionKeys(auth, await sts.send(assumeRoleExchange(auth), {}));
}

function webIdentityLoader(auth: WebIdentityAuth, { stsOf }: SourceContext): Load {
  const sts = stsOf(NO_KEYS);
  return async () => {
    // Read each time, for Kubernetes replaces the file before its token expires.
    const token = (await readFile(auth.tokenFile, "utf8")).trim();
    if (token === "") throw new EcrError(`${auth.tokenFile} holds no token`, { kind: "InvalidCredentials" });
    return sessionKeys(auth, await sts.send(webIdentityExchange(auth, token), {}));
  };
}

/** Whoever sends only what is not signed needs none. */
const NO_KEYS: CredentialSource = {
  current: () => undefined,
  get: () => Promise.reject(new EcrError("there are no keys to sign with", { kind: "InvalidCredentials" })),
  renew: async () => undefined,
};

/** documented: IAM user guide, the ARN of a role names its account. */
const accountOfRole = (roleArn: string): string | undefined => roleArn.split(":")[4];

function sessionKeys({ roleArn }: { readonly roleArn: string }, { Credentials: keys }: SessionKeys): AwsCredentials {
  if (keys === undefined)
    throw new EcrError("STS answered without keys", { kind: "InvalidResponse", operation: "AssumeRole" });
  return hideSecrets(
    {
      accessKeyId: keys.AccessKeyId,
      secretAccessKey: keys.SecretAccessKey,
      sessionToken: keys.SessionToken,
      expiration: keys.Expiration,
      accountId: accountOfRole(roleArn),
    },
    "STS",
  );
}

/** Keys out of the environment, without loading AWS's providers. A profile that is named goes before them, as in the AWS SDK. */
function environmentKeys({ profile }: DefaultAuth, env: Environment): AwsCredentials | undefined {
  if (profile !== undefined || env["AWS_PROFILE"]) return undefined;
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = env;
  if (!accessKeyId || !secretAccessKey) return undefined;
  const expiration = env["AWS_CREDENTIAL_EXPIRATION"];
  return hideSecrets(
    {
      accessKeyId,
      secretAccessKey,
      sessionToken: env["AWS_SESSION_TOKEN"],
      expiration: expiration ? new Date(expiration) : undefined,
      accountId: env["AWS_ACCOUNT_ID"],
    },
    "the environment",
  );
}

/** AWS's own chain, loaded only when it is needed. */
async function askChain(
  { profile }: DefaultAuth,
  { region, transport }: SourceContext,
  anew: boolean,
): Promise<AwsCredentials> {
  const { fromNodeProviderChain } = await import("@aws-sdk/credential-providers");
  const clientConfig = {
    ...(region !== undefined && { region }),
    // A transport has the shape of the SDK's request handlers, whose types admit signals that the SDK never sends.
    ...(transport && { requestHandler: transport as object as Record<string, never> }),
  };
  const options = { clientConfig, ignoreCache: anew, ...(profile !== undefined && { profile }) };
  const keys: PlainCredentials = await fromNodeProviderChain(options)();
  return hideSecrets(keys, "the AWS provider");
}

function noCredentials(auth: AuthOptions, cause: unknown): EcrError {
  const text = cause instanceof Error ? cause.message : String(cause);
  // The message of a credential_process that failed repeats its command line, where a secret may stand.
  const isCommand = text.startsWith("Command failed");
  const hint =
    auth.kind === "default"
      ? "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, choose a profile with AWS_PROFILE (after `aws sso login` if it uses SSO), or pass auth."
      : "Check the auth option.";
  // What may pass by itself is not the keys' fault.
  const passes = isEcrError(cause) && cause.category === "retryable";
  return new EcrError(
    `no AWS credentials from auth ${auth.kind}: ${isCommand ? "credential_process failed" : text.replace(/\.?$/, ".")} ${passes ? "" : hint}`.trimEnd(),
    {
      kind: passes ? cause.kind : "InvalidCredentials",
      ...(isEcrError(cause) && { requestId: cause.requestId, retryAfterMs: cause.retryAfterMs }),
      ...(!isCommand && { cause }),
    },
  );
}
