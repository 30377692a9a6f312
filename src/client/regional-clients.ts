import { EcrError } from "../errors.js";
import type { Time } from "../time.js";
import { network } from "../transport/network.js";
import type { AuthOptions } from "./auth-options.js";
import { type CallOptions, requireCallOptions } from "./call-scope.js";
import { CLIENT_OPTIONS, type EcrClientConfig, resolveConfig } from "./config.js";
import { requireThat } from "./config-check.js";
import type { CredentialSource } from "./credentials.js";
import { clientOf, type EcrClient } from "./ecr-client.js";
import { fanOut, type Outcome } from "./fan-out.js";
import { requireOptions } from "./options.js";
import { type AccountAccess, type ClientPlace, nameOf, placesOf } from "./regional-places.js";
import { shown } from "./shown.js";

/** Options of {@link createRegionalClients}: those of a client, and where there is one. */
export interface RegionalClientsConfig extends Omit<EcrClientConfig, "region"> {
  readonly regions: readonly string[];
  /** Accounts to work in, each in every region. @default the one that `auth` belongs to */
  readonly accounts?: readonly AccountAccess[] | undefined;
}

/** How {@link RegionalClients.each} goes about it. */
export interface EachOptions extends Omit<CallOptions, "caller"> {
  /** Most places that are asked at the same time. @default 32 */
  readonly concurrency?: number | undefined;
}

/** What {@link RegionalClients.each} tells of a place beside its client. */
export interface PlaceScope extends ClientPlace {
  /** Aborts when the place's time is over, or the caller's own signal aborts: pass it on to the calls. */
  readonly signal: AbortSignal;
}

/**
 * A client for each region, and for each account where several are given. Each is made when it is first wanted, with a rate limiter, a
 * circuit breaker and a token cache of its own, so what one region suffers another one does not feel.
 */
export interface RegionalClients {
  /** The places there are, in the order in which they were given. */
  readonly places: readonly ClientPlace[];
  /**
   * The client of a region, the same one each time.
   * @throws {EcrError} kind `InvalidParameter` when it is none of the places
   */
  get(region: string, account?: string): EcrClient;
  /**
   * Runs `fn` for every place, and gives what each answered and why each of the others did not, by the place's name: its region, or
   * `123456789012/eu-west-1` where accounts were given. `timeoutMs` bounds each place by itself; an aborted `signal` leaves what has
   * not answered among the failures.
   * @throws whatever `fn` throws that is no `EcrError`, for that is a mistake in it and not a region's
   */
  each<T>(fn: (ecr: EcrClient, place: PlaceScope) => Promise<T>, options?: EachOptions): Promise<Outcome<T>>;
  /** Closes every client. */
  close(): Promise<void>;
}

/**
 * Clients of Amazon ECR in several regions, and in several accounts through roles. Nothing is looked up or sent until one is used.
 *
 * @throws {EcrError} kind `InvalidParameter`, naming the option and its value
 */
export function createRegionalClients(config: RegionalClientsConfig): RegionalClients {
  const names = ["regions", "accounts", ...CLIENT_OPTIONS.filter((name) => name !== "region")];
  requireOptions("config", config, "createRegionalClients", names);
  const { regions, accounts, ...given } = config;
  const places = placesOf(regions, accounts, given);
  const shared = sharedParts(given);
  const clients = new Map<string, EcrClient>();

  const get = (region: string, account?: string): EcrClient => {
    const name = nameOf({ region, account });
    const known = clients.get(name);
    if (known !== undefined) return known;
    const found = places.get(name);
    if (found === undefined) throw unknownPlace(name, [...places.keys()]);
    const created = shared.clientIn(found.place.region, found.auth);
    clients.set(name, created);
    return created;
  };

  return {
    places: [...places.values()].map(({ place }) => place),
    get,
    async each(fn, options = {}) {
      requireCallOptions(options, ["concurrency"]);
      const { concurrency = 32, signal, timeoutMs } = options;
      requireThat(
        "concurrency",
        concurrency,
        "an integer from 1 up",
        (count) => Number.isSafeInteger(count) && count > 0,
      );
      const branches = [...places.values()].map(({ place }) => ({
        name: nameOf(place),
        region: place.region,
        run: async (ended: AbortSignal) => fn(get(place.region, place.account), { ...place, signal: ended }),
      }));
      return fanOut(branches, { concurrency, signal, timeoutMs, time: shared.time });
    },
    async close() {
      await Promise.all([...clients.values()].map((client) => client.close()));
      await shared.close();
    },
  };
}

/** What the clients have in common, and how one of them is made. */
interface SharedParts {
  readonly time: Time;
  clientIn(region: string, auth: AuthOptions): EcrClient;
  close(): Promise<void>;
}

/** Sockets, the Redis of a fleet and the keys of `auth` are shared; policies and caches are not. */
function sharedParts(given: Omit<EcrClientConfig, "region">): SharedParts {
  const { transport = network(), limiter } = given;
  // Every option is looked at now, before a client is wanted.
  const first = resolveConfig({ ...given, transport });
  const redis = limiter && "redis" in limiter ? first.limiter : undefined;
  const sources = new Map<AuthOptions, CredentialSource>();
  return {
    time: first.time,
    clientIn(region, auth) {
      const resolved = resolveConfig({
        ...given,
        region,
        transport,
        ...(redis && { limiter: redis.limiterFor(true) }),
      });
      return clientOf({ ...resolved, auth }, sources);
    },
    async close() {
      if (given.transport === undefined) transport.destroy?.();
      await redis?.close();
    },
  };
}

const unknownPlace = (name: string, known: readonly string[]): EcrError =>
  new EcrError(`${shown(name)} is none of the places of these clients, which are ${known.join(", ")}`, {
    kind: "InvalidParameter",
  });
