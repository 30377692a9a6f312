import type { Time } from "../../time.js";
import { createDistribution, type Distribution } from "./distribution.js";
import { anonymousLogin, type TokenSource, tokenLogin } from "./login.js";
import { publicOrigin } from "./public-origin.js";
import { registryConnection } from "./registry-connection.js";
import type { OpenWire } from "./wire.js";

/** ECR Public by its `/v2/`, once for each way to log in. */
export interface PublicDistribution {
  readonly anonymous: Distribution;
  readonly account: Distribution;
}

/** ECR Public over a client's wire; `tokens` are the account's logins to it. */
export function publicDistribution(openWire: OpenWire, tokens: TokenSource, time: Time): PublicDistribution {
  const anonymous = anonymousLogin(async (scope) => publicOrigin((await openWire(scope)).place));
  const account = tokenLogin(tokens, "Bearer", time);
  return {
    anonymous: createDistribution(registryConnection(openWire, "ecr-public", anonymous)),
    account: createDistribution(registryConnection(openWire, "ecr-public", account)),
  };
}
