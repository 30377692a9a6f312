import { PRIVATE_QUOTAS, PUBLIC_QUOTAS } from "../policy/quotas.js";
import { callRegion, type EndpointService } from "../protocol/endpoints.js";
import { type BreakerOptions, type CircuitBreaker, circuitBreaker } from "../resilience/breaker.js";
import { type LimiterOptions, type RateLimiter, rateLimiter } from "../resilience/limiter.js";
import { type RedisLimiterOptions, redisLimiter } from "../resilience/redis-limiter.js";
import { type RetryOptions, retryPolicy, withRetry } from "../resilience/retry.js";
import type { Time } from "../time.js";
import { hasMethods, isObject, requireThat } from "./config-check.js";
import type { Retry } from "./connection.js";
import type { ObserverSource } from "./telemetry.js";

/** How failed calls are tried again: options, a function in place of ecrkit's own `withRetry`, or not at all. */
export type RetryConfig = Omit<RetryOptions, "time"> | Retry | false;

/** A breaker for each service in each region: options, a function that gives one in place of ecrkit's own `circuitBreaker`, or none. */
export type BreakerConfig = Omit<BreakerOptions, "time" | "onStateChange"> | ((name: string) => CircuitBreaker) | false;

/** What keeps calls within ECR's rates: options, the Redis that a fleet shares, a limiter in place of ecrkit's own, or nothing. */
export type LimiterConfig = Omit<LimiterOptions, "time"> | RedisLimiterConfig | RateLimiter | false;

/** A rate limiter that all processes with the same Redis share. */
export interface RedisLimiterConfig extends Omit<RedisLimiterOptions, "time" | "url" | "client"> {
  /** Such as `redis://localhost:6379`. Takes the package `ioredis`. For a Redis client of your own, pass what `redisLimiter` gives. */
  readonly redis: string;
}

/** The retry of a client. @throws {EcrError} kind `InvalidParameter` */
export function retryOf(retry: RetryConfig, time: Time): Retry | undefined {
  if (retry === false || typeof retry === "function") return retry || undefined;
  requireThat("retry", retry, "an object of options, a function, or false", isObject);
  const policy = retryPolicy({ ...retry, time });
  return (fn, call) => withRetry(policy, fn, call);
}

/** Gives the breaker of a service in a region, the same one each time. */
export type BreakerOf = (service: EndpointService) => CircuitBreaker;

/** The breakers of a region's client. @throws {EcrError} kind `InvalidParameter` */
export function breakersOf(
  breaker: BreakerConfig,
  time: Time,
  observer: ObserverSource,
): ((region: string) => BreakerOf) | undefined {
  if (breaker === false) return undefined;
  if (typeof breaker !== "function") {
    requireThat("breaker", breaker, "an object of options, a function, or false", isObject);
    circuitBreaker("options", { ...breaker, time });
  }
  return (region) => {
    const breakers = new Map<EndpointService, CircuitBreaker>();
    const create = (service: EndpointService): CircuitBreaker => {
      const name = `${SERVICE_NAMES[service]} in ${callRegion(service, region)}`;
      if (typeof breaker === "function") return breaker(name);
      return circuitBreaker(name, {
        ...breaker,
        time,
        onStateChange: ({ to }) => observer.current()?.circuit(to, service, callRegion(service, region)),
      });
    };
    return (service) => {
      const known = breakers.get(service);
      if (known !== undefined) return known;
      const created = create(service);
      breakers.set(service, created);
      return created;
    };
  };
}

const SERVICE_NAMES: Readonly<Record<EndpointService, string>> = { ecr: "ECR", "ecr-public": "ECR Public", sts: "STS" };

/** Gives a client its limiter, and frees what that opened. */
export interface LimiterSource {
  /** The limiter of a client whose calls go to AWS, or elsewhere. */
  limiterFor(isAws: boolean): RateLimiter;
  /** Whether clients of other accounts may use the same one, so that it has to know whose rates it counts. */
  readonly isShared: boolean;
  close(): Promise<void>;
}

/** The limiter of a client. Undefined takes the published rates where AWS answers, and none elsewhere. @throws {EcrError} kind `InvalidParameter` */
export function limiterOf(limiter: LimiterConfig | undefined, time: Time): LimiterSource | undefined {
  if (limiter === undefined) {
    const limiterFor = (isAws: boolean): RateLimiter => rateLimiter({ time, perSecond: isAws ? {} : UNLIMITED });
    return { limiterFor, isShared: false, close: async () => undefined };
  }
  if (limiter === false) return undefined;
  requireThat("limiter", limiter, "an object of options, one with the methods of a RateLimiter, or false", isObject);
  const given = isLimiter(limiter);
  const one = given ? limiter : createLimiter(limiter, time);
  return {
    limiterFor: () => one,
    isShared: given || "redis" in limiter,
    close: async () => (given ? undefined : one.close?.()),
  };
}

function createLimiter(options: Exclude<LimiterConfig, RateLimiter | false>, time: Time): RateLimiter {
  if (!("redis" in options)) return rateLimiter({ ...options, time });
  const { redis, ...others } = options;
  return redisLimiter({ ...others, url: redis, time });
}

/** Until the service throttles: what a local ECR takes is not known. */
const UNLIMITED: Readonly<Record<string, number>> = Object.fromEntries(
  [
    ...Object.keys(PRIVATE_QUOTAS.perSecond),
    ...Object.keys(PUBLIC_QUOTAS.perSecond).map((name) => `ecr-public:${name}`),
  ].map((name) => [name, Number.POSITIVE_INFINITY]),
);

const isLimiter = (limiter: Exclude<LimiterConfig, false>): limiter is RateLimiter =>
  hasMethods("acquire", "succeeded", "throttled")(limiter);
