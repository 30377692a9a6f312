import type { Secret } from "../secret.js";
import type { PlainCredentials } from "./credentials.js";

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

/** A role, assumed with the keys of the default chain, or of another role. */
export interface AssumeRoleAuth {
  readonly kind: "assume-role";
  readonly roleArn: string;
  /** The name that CloudTrail shows. @default "ecrkit" */
  readonly sessionName?: string | undefined;
  /** What the role's trust policy may ask for. */
  readonly externalId?: string | undefined;
  /** Seconds until the keys expire; at most 3,600 where `source` is a role itself. @default 3_600 */
  readonly durationSeconds?: number | undefined;
  /** Whose keys assume the role: a role here makes a chain. @default the default chain */
  readonly source?: AuthOptions | undefined;
  /** The profile whose keys assume the role. Not together with `source`. @default AWS_PROFILE, else `default` */
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
