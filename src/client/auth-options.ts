import { EcrError } from "../errors.js";
import type { Secret } from "../secret.js";
import type { Transport } from "../transport/transport.js";
import { type AwsCredentials, hideSecrets, type PlainCredentials } from "./credentials.js";
import type { Environment } from "./environment.js";

/** AWS's default chain: environment, shared files (with SSO, roles and processes), web identity, container, instance. */
export interface DefaultAuth {
  readonly kind: "default";
  /** The profile of the shared files. @default AWS_PROFILE, else `default` */
  readonly profile?: string | undefined;
}

/** Keys that the caller has. */
export interface StaticAuth {
  readonly kind: "static";
  readonly accessKeyId: string;
  readonly secretAccessKey: string | Secret;
  readonly sessionToken?: string | Secret | undefined;
}

/** A role, assumed with the keys of the default chain. */
export interface AssumeRoleAuth {
  readonly kind: "assume-role";
  readonly roleArn: string;
  /** The name that CloudTrail shows. @default "ecrkit" */
  readonly sessionName?: string | undefined;
  readonly externalId?: string | undefined;
  /** Seconds until the keys expire. @default 3_600 */
  readonly durationSeconds?: number | undefined;
  /** The profile whose keys assume the role. @default AWS_PROFILE, else `default` */
  readonly profile?: string | undefined;
}

/** A role, assumed with an OpenID Connect token out of a file, as in Kubernetes and in CI. */
export interface WebIdentityAuth {
  readonly kind: "web-identity";
  readonly roleArn: string;
  readonly tokenFile: string;
  /** The name that CloudTrail shows. @default "ecrkit" */
  readonly sessionName?: string | undefined;
}

/** Keys from the platform's own source, which is asked again shortly before `expiration` and after a refusal. */
export interface ProviderAuth {
  readonly kind: "provider";
  readonly provide: () => Promise<PlainCredentials>;
}

/** Where a client's AWS credentials come from. */
export type AuthOptions = DefaultAuth | StaticAuth | AssumeRoleAuth | WebIdentityAuth | ProviderAuth;

/** What loading may depend on. */
export interface LoadContext {
  readonly env: Environment;
  /** The region whose STS is asked. */
  readonly region: string;
  /** Carries the providers' own requests, if the caller chose one. */
  readonly transport?: Transport | undefined;
  /** Whether the providers must not answer out of their memory. */
  readonly anew: boolean;
}

const SESSION_NAME = "ecrkit";

/** The keys that `auth` stands for. @throws {EcrError} kind `InvalidCredentials` when they cannot be had */
export async function loadCredentials(auth: AuthOptions, context: LoadContext): Promise<AwsCredentials> {
  try {
    if (auth.kind === "static") return hideSecrets(auth, "auth");
    if (auth.kind === "provider") return hideSecrets(await auth.provide(), "auth.provide");
    return environmentKeys(auth, context.env) ?? hideSecrets(await askProvider(auth, context), "the AWS provider");
  } catch (error) {
    throw noCredentials(auth, error);
  }
}

/** Keys out of the environment, without loading AWS's providers. A profile that is named goes before them, as in the AWS SDK. */
function environmentKeys(auth: AuthOptions, env: Environment): AwsCredentials | undefined {
  if (auth.kind !== "default" || auth.profile !== undefined || env["AWS_PROFILE"]) return undefined;
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

async function askProvider(
  auth: DefaultAuth | AssumeRoleAuth | WebIdentityAuth,
  { region, transport, anew }: LoadContext,
): Promise<PlainCredentials> {
  const { fromNodeProviderChain, fromTemporaryCredentials, fromTokenFile } = await import(
    "@aws-sdk/credential-providers"
  );
  // A transport has the shape of the SDK's request handlers, whose types admit signals that the SDK never sends.
  const clientConfig = { region, ...(transport && { requestHandler: transport as object as Record<string, never> }) };
  const chainOf = (profile: string | undefined): ReturnType<typeof fromNodeProviderChain> =>
    fromNodeProviderChain({ clientConfig, ignoreCache: anew, ...(profile !== undefined && { profile }) });
  switch (auth.kind) {
    case "default":
      return chainOf(auth.profile)();
    case "assume-role":
      return fromTemporaryCredentials({
        clientConfig,
        masterCredentials: chainOf(auth.profile),
        params: {
          RoleArn: auth.roleArn,
          RoleSessionName: auth.sessionName ?? SESSION_NAME,
          ...(auth.externalId !== undefined && { ExternalId: auth.externalId }),
          ...(auth.durationSeconds !== undefined && { DurationSeconds: auth.durationSeconds }),
        },
      })();
    case "web-identity":
      return fromTokenFile({
        clientConfig,
        roleArn: auth.roleArn,
        roleSessionName: auth.sessionName ?? SESSION_NAME,
        webIdentityTokenFile: auth.tokenFile,
      })();
  }
}

function noCredentials(auth: AuthOptions, cause: unknown): EcrError {
  const text = cause instanceof Error ? cause.message : String(cause);
  // The message of a credential_process that failed repeats its command line, where a secret may stand.
  const isCommand = text.startsWith("Command failed");
  const hint =
    auth.kind === "default"
      ? "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, choose a profile with AWS_PROFILE (after `aws sso login` if it uses SSO), or pass auth."
      : "Check the auth option.";
  return new EcrError(
    `no AWS credentials from auth ${auth.kind}: ${isCommand ? "credential_process failed" : text.replace(/\.?$/, ".")} ${hint}`,
    { kind: "InvalidCredentials", ...(!isCommand && { cause }) },
  );
}
