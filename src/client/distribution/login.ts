import { EcrError } from "../../errors.js";
import { Secret } from "../../secret.js";
import type { Time } from "../../time.js";
import type { CallOptions, CallScope } from "../call-scope.js";
import type { Auth, RegistryToken } from "../services/auth.js";

/** The way into a registry. */
export interface Entry {
  /** Where it answers. */
  readonly origin: URL;
  /** The value of `Authorization`; undefined where nobody has asked for one yet. */
  readonly authorization: Secret | undefined;
}

/** How a client gets into a registry. */
export interface RegistryLogin {
  enter(scope: CallScope): Promise<Entry>;
  /** A new way in after `refused` was refused; the one that others have got meanwhile, if they have. */
  renew(refused: Entry, scope: CallScope): Promise<Entry>;
  /**
   * What to send after a request without `Authorization` was answered by a challenge; undefined when there is nothing to be sent.
   * `get` fetches the JSON of a URL.
   */
  answer?(challenge: string, from: Entry, get: GetJson): Promise<Secret | undefined>;
}

/** Fetches a JSON object from a URL, without any login. */
export type GetJson = (url: URL) => Promise<Readonly<Record<string, unknown>>>;

/** What is left of a scope, as the options of a call. */
export function optionsOf({ signal, deadlineMs, caller }: CallScope, time: Time): CallOptions {
  return { signal, caller, timeoutMs: deadlineMs === undefined ? undefined : Math.max(1, deadlineMs - time.now()) };
}

/** Gives a token that is good now, or a new one in place of one that was refused. */
export type TokenSource = (from: "token" | "refresh", options: CallOptions) => Promise<RegistryToken>;

/** Logs in with registry tokens: by Basic to a private registry, by Bearer to ECR Public. documented: ECR and ECR Public user guides. */
export function tokenLogin(tokens: TokenSource, scheme: "Basic" | "Bearer", time: Time): RegistryLogin {
  const entryOf = ({ authorizationToken, proxyEndpoint }: RegistryToken): Entry => ({
    origin: originOf(proxyEndpoint),
    authorization: new Secret(`${scheme} ${authorizationToken.reveal()}`),
  });
  const enter = async (scope: CallScope): Promise<Entry> => entryOf(await tokens("token", optionsOf(scope, time)));
  return {
    enter,
    async renew(refused, scope) {
      const held = await enter(scope);
      if (held.authorization?.reveal() !== refused.authorization?.reveal()) return held;
      return entryOf(await tokens("refresh", optionsOf(scope, time)));
    },
  };
}

/** Logs in to a private registry with the tokens of a client. */
export const privateLogin = (auth: Auth, time: Time, registryId?: string): RegistryLogin =>
  tokenLogin((from, options) => auth[from]({ ...options, registryId }), "Basic", time);

function originOf(proxyEndpoint: string): URL {
  if (URL.canParse(proxyEndpoint) && /^https?:/.test(proxyEndpoint)) return new URL(proxyEndpoint);
  throw new EcrError("GetAuthorizationToken was answered with a proxyEndpoint that is no URL", {
    kind: "InvalidResponse",
    operation: "GetAuthorizationToken",
  });
}

/**
 * Goes in as nobody: with the token that ECR Public gives to anybody who asks, once for all calls, and again when it is refused.
 * documented: ECR Public user guide, registry authentication.
 */
export function anonymousLogin(originFor: (scope: CallScope) => Promise<URL>): RegistryLogin {
  let held: Secret | undefined;
  let asking: Promise<Secret | undefined> | undefined;
  return {
    enter: async (scope) => ({ origin: await originFor(scope), authorization: held }),
    async renew(refused) {
      if (held?.reveal() === refused.authorization?.reveal()) held = undefined;
      return { ...refused, authorization: held };
    },
    answer(challenge, { origin }, get) {
      asking ??= askToken(challenge, origin, get)
        .then((token) => {
          held = token;
          return token;
        })
        .finally(() => {
          asking = undefined;
        });
      return asking;
    },
  };
}

/** The token that a Bearer challenge tells where to get. documented: distribution's token authentication specification. */
async function askToken(challenge: string, origin: URL, get: GetJson): Promise<Secret | undefined> {
  if (!/^bearer\s/i.test(challenge)) return undefined;
  const { realm = "", service, scope } = parametersOf(challenge);
  if (!URL.canParse(realm)) return undefined;
  const url = new URL(realm);
  // A registry that is spoken to in secret must not send its clients elsewhere in the open.
  if (url.protocol !== "https:" && url.protocol !== origin.protocol) return undefined;
  if (service !== undefined) url.searchParams.set("service", service);
  if (scope !== undefined) url.searchParams.set("scope", scope);
  const { token, access_token: accessToken } = await get(url);
  const text = typeof token === "string" && token !== "" ? token : accessToken;
  if (typeof text === "string" && text !== "") return new Secret(`Bearer ${text}`);
  throw new EcrError("the registry's token service answered without a token", { kind: "InvalidResponse" });
}

/** The quoted parameters of a challenge by name. documented: RFC 9110 11.2. */
const parametersOf = (challenge: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    [...challenge.matchAll(/([a-z_]+)="([^"]*)"/gi)].map(([, name = "", value = ""]) => [name, value]),
  );
