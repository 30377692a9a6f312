import type { FailureClass } from "./classify.js";

/**
 * Bounds how far retries can multiply the load on a service that is down: every retry is paid for out of one purse, and only successes
 * fill it again. The prices are those of the AWS SDK's standard mode, divided by five.
 */
export interface RetryBudget {
  /** Pays for a retry after such a failure; false when the purse does not hold enough. */
  take(failure: FailureClass): boolean;
  /** Fills the purse after a success: by what its last retry cost, or by a fifth of a retry when it needed none. */
  give(failure: FailureClass | undefined): void;
}

const EARNED_BY_A_FIRST_TRY = 0.2;

const priceOf = (failure: FailureClass): number => (failure === "timeout" ? 2 : 1);

/** A purse that holds `retries` retries when it is full, as it is at the start; a retry after a timeout counts twice. */
export function retryBudget(retries: number): RetryBudget {
  let held = retries;
  return {
    take(failure) {
      const price = priceOf(failure);
      if (held < price) return false;
      held -= price;
      return true;
    },
    give(failure) {
      held = Math.min(retries, held + (failure === undefined ? EARNED_BY_A_FIRST_TRY : priceOf(failure)));
    },
  };
}
