import { aliasesOf, publicRegistryUriOf } from "../../public/aliases.js";
import type { Operation } from "../operation.js";

/** The caller's public registry: there is exactly one, also before the first repository gives it an alias (assumed), so every token is a wrong one. */
export const describeRegistries: Operation<"ecr-public:DescribeRegistries"> = (state, { account }, { nextToken }) => {
  state.pages.read({ operation: "DescribeRegistries", account, of: [] }, nextToken);
  return {
    registries: [
      {
        registryId: account,
        registryArn: `arn:aws:ecr-public::${account}:registry/${account}`,
        registryUri: publicRegistryUriOf(state, account),
        verified: false,
        aliases: aliasesOf(state, account),
      },
    ],
  };
};
