import type { GetSessionTokenRequest, GetSessionTokenResponse } from "../../protocol/sts-operations.js";
import { knownCaller } from "../identity/known-caller.js";
import { mintSession } from "../identity/sessions.js";
import type { Caller } from "../registry.js";
import type { State } from "../state.js";
import { credentialsOf } from "./credentials.js";
import { accessDenied } from "./refusals.js";

/** documented: STS API reference, GetSessionToken: 12 hours unless asked for, and never more than one for a root. */
const DEFAULT_DURATION_S = 43_200;
const ROOT_DURATION_S = 3_600;

/** Temporary keys of the caller itself. */
export function getSessionToken(state: State, caller: Caller, input: GetSessionTokenRequest): GetSessionTokenResponse {
  // observed text
  if (caller.session) throw accessDenied("Cannot call GetSessionToken with session credentials");
  const { account, arn } = caller;
  const isRoot = knownCaller(state, caller).arn.kind === "root";
  const askedS = input.DurationSeconds ?? DEFAULT_DURATION_S;
  const durationS = isRoot ? Math.min(askedS, ROOT_DURATION_S) : askedS;
  // assumed: any code of any device is right, for there is no device here.
  const session = { mfa: input.SerialNumber !== undefined };
  return { Credentials: credentialsOf(mintSession(state, { account, arn, session }, durationS)) };
}
