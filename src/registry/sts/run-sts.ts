import { ServiceError } from "../../protocol/service-error.js";
import type { StsCall } from "../../protocol/sts.js";
import {
  type AssumeRoleRequest,
  type AssumeRoleWithWebIdentityRequest,
  type GetCallerIdentityResponse,
  type GetSessionTokenRequest,
  stsOperations,
} from "../../protocol/sts-operations.js";
import { validate } from "../../protocol/validate.js";
import { knownCaller, userIdOf } from "../identity/known-caller.js";
import type { Caller } from "../registry.js";
import type { State } from "../state.js";
import { assumeRole } from "./assume-role.js";
import { assumeRoleWithWebIdentity } from "./assume-role-with-web-identity.js";
import { getSessionToken } from "./get-session-token.js";
import { validationError } from "./refusals.js";

/** Runs one operation of STS: is its input valid, then its own rules. */
export function runSts(state: State, { name, input }: StsCall, caller: Caller | undefined): unknown {
  const violation = validate(stsOperations[name].input, input);
  if (violation) {
    const field = violation.field.replace(/(^|\.)[A-Z]/g, (start) => start.toLowerCase());
    // observed form, without the value, which may be a secret
    throw validationError(
      `1 validation error detected: Value at '${field}' failed to satisfy constraint: ${violation.constraint}`,
    );
  }
  if (name === "AssumeRoleWithWebIdentity")
    return assumeRoleWithWebIdentity(state, input as AssumeRoleWithWebIdentityRequest);
  if (!caller) throw new ServiceError("MissingAuthenticationTokenException", "Missing Authentication Token");
  switch (name) {
    case "GetCallerIdentity":
      return getCallerIdentity(state, caller);
    case "AssumeRole":
      return assumeRole(state, caller, input as AssumeRoleRequest);
    case "GetSessionToken":
      return getSessionToken(state, caller, input as GetSessionTokenRequest);
  }
}

/** documented: GetCallerIdentity needs no permission. */
const getCallerIdentity = (state: State, caller: Caller): GetCallerIdentityResponse => ({
  UserId: userIdOf(knownCaller(state, caller)),
  Account: caller.account,
  Arn: caller.arn,
});
