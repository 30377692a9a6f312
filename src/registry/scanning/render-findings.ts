import { digestOf } from "../../image/digest.js";
import { partitionOf } from "../../image/partition.js";
import { formatRepositoryArn } from "../../image/repository-arn.js";
import type { Attribute, EnhancedImageScanFinding, ImageScanFinding, Resource } from "../../protocol/ecr/scanning.js";
import type { Target } from "../registry.js";
import type { Finding } from "./finding.js";
import type { FindingRecord } from "./scanning-records.js";

/** documented: service model, AttributeValue. */
const MAX_ATTRIBUTE_LENGTH = 256;

/** A finding as a basic scan shows it. The attributes' names are observed; those of CVSS 4 are assumed. */
export function basicFinding({ name, description, uri, severity, packages, cvss = [] }: Finding): ImageScanFinding {
  const [first] = packages;
  const attributes: Attribute[] = [];
  const add = (key: string, value: string | number | undefined): void => {
    if (value === undefined || value === "" || attributes.some((attribute) => attribute.key === key)) return;
    attributes.push({ key, value: String(value).slice(0, MAX_ATTRIBUTE_LENGTH) });
  };
  add("package_name", first?.name);
  add("package_version", first?.version);
  for (const { version = "3.1", baseScore, scoringVector } of cvss) {
    add(`CVSS${version[0]}_VECTOR`, scoringVector);
    add(`CVSS${version[0]}_SCORE`, baseScore);
  }
  return { name, description, uri, severity, attributes };
}

/** The image that enhanced findings are about. */
export interface FoundIn extends Target {
  readonly digest: string;
  readonly tags: readonly string[];
  readonly pushedAtMs: number;
}

/** A finding as an enhanced scan shows it. documented: API reference; what the scanner did not say is left out. */
export function enhancedFinding(
  image: FoundIn,
  { finding, firstObservedAtMs }: FindingRecord,
  lastObservedAtMs: number,
): EnhancedImageScanFinding {
  const { account, region, digest } = image;
  const [cvss] = finding.cvss ?? [];
  const id = digestOf(`${account} ${region} ${image.repositoryName} ${digest} ${finding.name}`).slice(7, 39);
  return {
    awsAccountId: account,
    description: finding.description,
    findingArn: `arn:${partitionOf(region).name}:inspector2:${region}:${account}:finding/${id}`,
    firstObservedAt: new Date(firstObservedAtMs),
    lastObservedAt: new Date(lastObservedAtMs),
    updatedAt: new Date(lastObservedAtMs),
    packageVulnerabilityDetails: vulnerabilityOf(finding),
    // assumed: Inspector's text when it knows no better advice.
    remediation: { recommendation: { text: "None Provided" } },
    resources: [resourceOf(image)],
    score: cvss?.baseScore,
    scoreDetails: cvss && {
      cvss: {
        score: cvss.baseScore,
        scoreSource: cvss.source,
        scoringVector: cvss.scoringVector,
        version: cvss.version,
        adjustments: [],
      },
    },
    // assumed: Inspector's word for a severity that nobody has given.
    severity: finding.severity === "UNDEFINED" ? "UNTRIAGED" : finding.severity,
    status: "ACTIVE",
    title: titleOf(finding),
    type: "PACKAGE_VULNERABILITY",
    fixAvailable: fixAvailable(finding),
    exploitAvailable: finding.exploitAvailable === undefined ? undefined : finding.exploitAvailable ? "YES" : "NO",
  };
}

const vulnerabilityOf = (finding: Finding): EnhancedImageScanFinding["packageVulnerabilityDetails"] => ({
  vulnerabilityId: finding.name,
  source: finding.source,
  sourceUrl: finding.uri,
  vendorSeverity: finding.vendorSeverity,
  vendorCreatedAt: dateOf(finding.publishedAtMs),
  vendorUpdatedAt: dateOf(finding.updatedAtMs),
  referenceUrls: finding.referenceUrls ?? [],
  relatedVulnerabilities: finding.relatedVulnerabilities ?? [],
  cvss: finding.cvss ?? [],
  vulnerablePackages: finding.packages,
});

const dateOf = (ms: number | undefined): Date | undefined => (ms === undefined ? undefined : new Date(ms));

function resourceOf({ account, region, repositoryName, digest, tags, pushedAtMs }: FoundIn): Resource {
  return {
    id: `${formatRepositoryArn({ kind: "private", account, region, repositoryName })}/${digest}`,
    type: "AWS_ECR_CONTAINER_IMAGE",
    tags: {},
    details: {
      awsEcrContainerImage: {
        imageHash: digest,
        imageTags: tags,
        pushedAt: new Date(pushedAtMs),
        inUseCount: 0,
        registry: account,
        repositoryName,
      },
    },
  };
}

/** Such as "CVE-2022-0778 - openssl, libssl1.1 and 2 more" (assumed from two packages on). */
function titleOf({ name, packages }: Finding): string {
  const names = [...new Set(packages.flatMap((one) => one.name ?? []))];
  if (names.length === 0) return name;
  const more = names.length > 2 ? ` and ${names.length - 2} more` : "";
  return `${name} - ${names.slice(0, 2).join(", ")}${more}`;
}

function fixAvailable({ packages }: Finding): "YES" | "NO" | "PARTIAL" {
  const fixed = packages.filter((one) => one.fixedInVersion !== undefined).length;
  if (fixed === 0) return "NO";
  return fixed === packages.length ? "YES" : "PARTIAL";
}
