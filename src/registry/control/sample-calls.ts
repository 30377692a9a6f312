import type { SeedCall } from "./seed-document.js";

/** Sets a lifecycle policy; the first rule comes first. */
export const lifecycle = (...rules: readonly object[]): SeedCall => ({
  operation: "PutLifecyclePolicy",
  input: {
    lifecyclePolicyText: JSON.stringify({ rules: rules.map((rule, at) => ({ rulePriority: at + 1, ...rule })) }),
  },
});

/** Expires all releases but the newest. */
export const keepNewest = (countNumber: number): object => ({
  description: `keep the newest ${countNumber} releases`,
  selection: { tagStatus: "tagged", tagPatternList: ["*.*.*"], countType: "imageCountMoreThan", countNumber },
  action: { type: "expire" },
});

/** Expires what has had no tag for so long. */
export const expireUntagged = (days: number): object => ({
  description: "nobody asks for what has no tag",
  selection: { tagStatus: "untagged", countType: "sinceImagePushed", countUnit: "days", countNumber: days },
  action: { type: "expire" },
});

/** Lets another account pull from a repository. */
export const pullableBy = (account: string): Readonly<Record<string, unknown>> => ({
  policyText: policy({
    Sid: "PullFromDevelopment",
    Effect: "Allow",
    Principal: { AWS: `arn:aws:iam::${account}:root` },
    Action: ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer", "ecr:BatchCheckLayerAvailability"],
  }),
});

/** Lets another account's registry send its copies here. */
export const replicationFrom = (
  source: string,
  { region, account }: { readonly region: string; readonly account: string },
): SeedCall => ({
  operation: "PutRegistryPolicy",
  input: {
    policyText: policy({
      Sid: "ReplicationFromProduction",
      Effect: "Allow",
      Principal: { AWS: `arn:aws:iam::${source}:root` },
      Action: ["ecr:CreateRepository", "ecr:ReplicateImage"],
      Resource: [`arn:aws:ecr:${region}:${account}:repository/*`],
    }),
  },
});

const policy = (statement: object): string => JSON.stringify({ Version: "2012-10-17", Statement: [statement] });

interface ReplicationRule {
  readonly filter: string;
  readonly destinations: readonly { readonly region: string; readonly registryId: string }[];
}

/** Sends copies of what is pushed to other registries. */
export const replication = (rules: readonly ReplicationRule[]): SeedCall => ({
  operation: "PutReplicationConfiguration",
  input: {
    replicationConfiguration: {
      rules: rules.map(({ filter, destinations }) => ({
        destinations,
        repositoryFilters: [{ filter, filterType: "PREFIX_MATCH" }],
      })),
    },
  },
});
