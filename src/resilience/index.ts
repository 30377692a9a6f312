/** The subpath `ecrkit/resilience`: what decides when a call is made, and whether a failed one is tried again, for code of your own. */
export { EcrError, type EcrErrorKind, isEcrError } from "../errors.js";
export { type ManualTime, type ManualTimeOptions, manualTime, systemTime, type Time } from "../time.js";
export {
  type BreakerOptions,
  type BreakerPass,
  type CircuitBreaker,
  type CircuitChange,
  type CircuitState,
  circuitBreaker,
} from "./breaker.js";
export type { RetryBudget } from "./budget.js";
export { classify, type FailureClass } from "./classify.js";
export type { SharingChange } from "./fleet-link.js";
export type { WaitScope } from "./lane.js";
export { type LimiterKey, type LimiterOptions, type RateLimiter, rateLimiter, type WaitingCalls } from "./limiter.js";
export { type RedisLimiterOptions, redisLimiter } from "./redis-limiter.js";
export type { RedisClient } from "./redis-pace.js";
export {
  type RetryableFailure,
  type RetryCall,
  type RetryOptions,
  type RetryPolicy,
  retryPolicy,
  withRetry,
} from "./retry.js";
