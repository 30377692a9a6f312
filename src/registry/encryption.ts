import { digestOf } from "../image/digest.js";
import { partitionOf } from "../image/partition.js";
import type { EncryptionConfiguration } from "../protocol/ecr/repositories.js";
import { invalidParameter } from "./refusals.js";
import type { Target } from "./registry.js";

/** The key that KMS encryption uses when none is named. documented: ECR user guide, encryption at rest. */
const DEFAULT_ALIAS = "alias/aws/ecr";

/**
 * What is answered for an encryption that is asked for: the key as a key ARN, whatever it was named by. documented: ECR asks KMS which
 * key an alias means; here an alias means a key of the account whose id is made from the alias, always the same (assumed).
 */
export function resolveEncryption(
  { account, region }: Pick<Target, "account" | "region">,
  { encryptionType, kmsKey }: EncryptionConfiguration,
): EncryptionConfiguration {
  if (encryptionType === "AES256") {
    // assumed text
    if (kmsKey !== undefined)
      throw invalidParameter("encryptionConfiguration", "kmsKey can't be set when encryptionType is AES256");
    return { encryptionType };
  }
  const prefix = `arn:${partitionOf(region).name}:kms:${region}:${account}:`;
  const named = kmsKey ?? DEFAULT_ALIAS;
  if (/^arn:[^:]+:kms:[^:]+:[0-9]{12}:key\//.test(named)) return { encryptionType, kmsKey: named };
  const id = /^(?:arn:.*:)?alias\//.test(named) ? keyIdOf(`${account} ${region} ${named}`) : named;
  return { encryptionType, kmsKey: `${prefix}key/${id}` };
}

/** An id in the form of a UUID. */
function keyIdOf(name: string): string {
  const hex = digestOf(name).slice("sha256:".length);
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, "$1-$2-$3-$4-$5");
}
