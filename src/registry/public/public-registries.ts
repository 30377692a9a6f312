import { PUBLIC_REGION } from "../public-region.js";
import { repositoryNotFound } from "../refusals.js";
import type { PublicRegistries, Target } from "../registry.js";
import type { State } from "../state.js";
import { mintToken } from "../token.js";
import { ANONYMOUS } from "./access.js";
import { ownerOf } from "./aliases.js";

/** ECR Public as its front end needs it. */
export const createPublicRegistries = (state: State): PublicRegistries => ({
  anonymous: ANONYMOUS,
  region: PUBLIC_REGION,
  has: (path) => ownerOf(state, aliasAndName(path)[0]) !== undefined,
  target: (path): Target => {
    const [alias, repositoryName] = aliasAndName(path);
    const account = ownerOf(state, alias);
    const target = { account: account ?? alias, region: PUBLIC_REGION, repositoryName };
    if (account === undefined) throw repositoryNotFound(target);
    return target;
  },
  anonymousToken: () => mintToken(state.signer, state.time.now(), ANONYMOUS).authorizationToken,
  logo: (account, repositoryName) => {
    const logo = state.tables.catalogData.get(account, PUBLIC_REGION, repositoryName)?.logo;
    return logo === undefined ? undefined : Buffer.from(logo, "base64");
  },
});

function aliasAndName(path: string): readonly [alias: string, repositoryName: string] {
  const slash = path.indexOf("/");
  return slash === -1 ? [path, ""] : [path.slice(0, slash), path.slice(slash + 1)];
}
