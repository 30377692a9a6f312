import { expireUntagged, keepNewest, lifecycle, pullableBy, replication, replicationFrom } from "./sample-calls.js";
import type { ImageSeed, RepositorySeed, Seed } from "./seed-document.js";

/**
 * A company's estate, as far as a demonstration needs one: production in the account that is asked for, a development account beside it, two
 * regions with replication between them, repositories as they are after a year of use, and one public repository.
 */
export function sampleEstate(account: string): Seed {
  const development = account === "111122223333" ? "444455556666" : "111122223333";
  return {
    registries: [
      {
        account,
        region: HOME,
        calls: [
          replication([
            { filter: "shop/", destinations: [{ region: SECOND, registryId: account }] },
            { filter: "platform/", destinations: [{ region: SECOND, registryId: development }] },
          ]),
          { operation: "PutRegistryScanningConfiguration", input: scanning },
          {
            operation: "CreateRepositoryCreationTemplate",
            input: { prefix: "shop", appliedFor: ["REPLICATION"], imageTagMutability: "IMMUTABLE" },
          },
          {
            operation: "CreatePullThroughCacheRule",
            input: { ecrRepositoryPrefix: "ecr-public", upstreamRegistryUrl: "public.ecr.aws" },
          },
        ],
        repositories: [...shop(development), ...platform(), legacy()],
      },
      { account, region: SECOND, repositories: [{ name: "edge/router", images: releases(4, { every: 20 }) }] },
      {
        account: development,
        region: HOME,
        repositories: [
          { name: "sandbox/experiments", calls: [lifecycle(keepNewest(5))], images: releases(3, { every: 2 }) },
        ],
      },
      {
        account: development,
        region: SECOND,
        calls: [replicationFrom(account, { region: SECOND, account: development })],
      },
      { account, region: "us-east-1", repositories: [open()] },
    ],
  };
}

const HOME = "us-east-1";
const SECOND = "eu-west-1";

const BOTH = ["linux/amd64", "linux/arm64"];
const SBOM = "application/spdx+json";
const SIGNATURE = "application/vnd.dev.cosign.artifact.sig.v1+json";

/** What is sold to customers: several platforms, immutable tags, an SBOM and a signature on every release. */
const shop = (development: string): readonly RepositorySeed[] => [
  {
    name: "shop/web",
    settings: { ...immutable, ...tags({ team: "shop", tier: "frontend" }) },
    calls: [lifecycle(keepNewest(10)), { operation: "SetRepositoryPolicy", input: pullableBy(development) }],
    images: releases(12, { every: 9, platforms: BOTH, attachments: [SBOM, SIGNATURE] }),
  },
  {
    name: "shop/api",
    settings: { ...mutable, ...tags({ team: "shop", tier: "backend" }) },
    calls: [lifecycle(keepNewest(8), expireUntagged(14))],
    images: releases(9, { every: 11, platforms: BOTH, attachments: [SBOM], latest: true }),
  },
  {
    name: "shop/checkout",
    settings: { ...immutable, ...tags({ team: "payments", tier: "backend", pci: "true" }), ...kms },
    images: releases(6, { every: 30, platforms: BOTH, attachments: [SBOM, SIGNATURE] }),
  },
];

/** What teams build on. */
const platform = (): readonly RepositorySeed[] => [
  { name: "platform/base", settings: tags({ team: "platform" }), images: releases(5, { every: 45, platforms: BOTH }) },
  {
    name: "platform/builder",
    settings: tags({ team: "platform" }),
    calls: [lifecycle(keepNewest(3))],
    images: releases(4, { every: 60, latest: true }),
  },
];

/** What nobody has looked at for a long time. */
const legacy = (): RepositorySeed => ({
  name: "legacy/reports",
  settings: tags({ team: "unknown" }),
  images: [
    { tags: ["1.0"], pushed: "320d", pulled: "300d", layerBytes: [120_000, 40_000] },
    { pushed: "310d" },
    { tags: ["1.1", "stable"], pushed: "290d", pulled: "280d", layerBytes: [120_000, 44_000] },
  ],
});

/** What everybody may pull. */
const open = (): RepositorySeed => ({
  name: "hello",
  public: true,
  settings: {
    catalogData: {
      description: "Says hello, in two architectures",
      architectures: ["x86-64", "ARM 64"],
      operatingSystems: ["Linux"],
      aboutText: "# hello\nThe smallest image that does something.",
    },
  },
  images: releases(2, { every: 100, platforms: BOTH, latest: true }),
});

interface ReleaseOptions {
  /** Days from one to the next. */
  readonly every: number;
  readonly platforms?: readonly string[];
  readonly attachments?: readonly string[];
  /** Whether each takes the tag `latest` from the one before it. */
  readonly latest?: boolean;
}

/** Releases 1.0.0, 1.1.0 and so on, the last of them some days ago; the last two are pulled daily, the ones before them are not any more. */
function releases(
  count: number,
  { every, platforms, attachments, latest = false }: ReleaseOptions,
): readonly ImageSeed[] {
  return Array.from({ length: count }, (_, minor) => {
    const daysAgo = (count - 1 - minor) * every + 3;
    const isInUse = minor >= count - 2;
    return {
      tags: [`1.${minor}.0`, ...(latest ? ["latest"] : [])],
      layerBytes: [60_000, 15_000 + minor * 1_000],
      pushed: `${daysAgo}d`,
      pulled: isInUse ? "5h" : `${daysAgo - Math.min(2, every - 1)}d`,
      ...(platforms && { platforms }),
      ...(attachments && { attachments }),
    };
  });
}

const tags = (pairs: Readonly<Record<string, string>>) => ({
  tags: Object.entries(pairs).map(([Key, Value]) => ({ Key, Value })),
});

const mutable = { imageScanningConfiguration: { scanOnPush: true } };
const immutable = { ...mutable, imageTagMutability: "IMMUTABLE" };
const kms = { encryptionConfiguration: { encryptionType: "KMS" } };

const scanning = {
  scanType: "BASIC",
  rules: [{ scanFrequency: "SCAN_ON_PUSH", repositoryFilters: [{ filter: "*", filterType: "WILDCARD" }] }],
};
