/** The subpath `ecrkit/resilience`: what decides whether a failed call is tried again, for code of your own. */
export { EcrError, type EcrErrorKind, isEcrError } from "../errors.js";
export { type ManualTime, type ManualTimeOptions, manualTime, systemTime, type Time } from "../time.js";
export type { RetryBudget } from "./budget.js";
export { classify, type FailureClass } from "./classify.js";
export {
  type RetryableFailure,
  type RetryCall,
  type RetryOptions,
  type RetryPolicy,
  retryPolicy,
  withRetry,
} from "./retry.js";
