import { randomUUID } from "node:crypto";
import type { Target } from "../registry.js";
import { keyOf, type State } from "../state.js";
import { scheduleRun } from "./run.js";

/** Gives a repository a policy whose text has been read; it runs with the next run of its registry. Only inside a transaction. */
export function storePolicy(state: State, target: Target, text: string): void {
  const { lifecyclePolicy } = state.tables;
  const replaced = lifecyclePolicy.get(...keyOf(target));
  // assumed: a policy that replaces another has not been evaluated yet.
  lifecyclePolicy.put(keyOf(target), {
    text,
    policyId: replaced?.policyId ?? randomUUID(),
    policyVersion: (replaced?.policyVersion ?? 0) + 1,
  });
  scheduleRun(state, target);
}
