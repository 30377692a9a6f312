import { isRegion, partitionOf } from "./partition.js";
import { isPublicRepositoryName, isRepositoryName } from "./repository-name.js";

/** A repository by its ARN. The partition of a private one is that of its region; ECR Public has neither region nor other partitions. */
export type RepositoryArn =
  | {
      readonly kind: "private";
      readonly account: string;
      readonly region: string;
      readonly repositoryName: string;
    }
  | { readonly kind: "public"; readonly account: string; readonly repositoryName: string };

const ARN = /^arn:([a-z-]+):(ecr|ecr-public):([a-z0-9-]*):([0-9]{12}):repository\/(.+)$/;
/** documented: service model of Amazon ECR Public, Arn. */
const MAX_ARN_LENGTH = 2_048;

/** What a repository's ARN says, or undefined when it is not one. A partition other than the region's is refused. */
export function parseRepositoryArn(text: string): RepositoryArn | undefined {
  if (text.length > MAX_ARN_LENGTH) return undefined;
  const [, partition, service, region = "", account = "", repositoryName = ""] = ARN.exec(text) ?? [];
  if (service === "ecr-public") {
    return partition === "aws" && region === "" && isPublicRepositoryName(repositoryName)
      ? { kind: "public", account, repositoryName }
      : undefined;
  }
  return isRegion(region) && partition === partitionOf(region).name && isRepositoryName(repositoryName)
    ? { kind: "private", account, region, repositoryName }
    : undefined;
}

/** The ARN, such as `arn:aws:ecr:eu-west-1:123456789012:repository/app` or `arn:aws:ecr-public::123456789012:repository/app`. */
export const formatRepositoryArn = (arn: RepositoryArn): string =>
  arn.kind === "public"
    ? `arn:aws:ecr-public::${arn.account}:repository/${arn.repositoryName}`
    : `arn:${partitionOf(arn.region).name}:ecr:${arn.region}:${arn.account}:repository/${arn.repositoryName}`;
