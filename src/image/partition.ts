/** The name of a partition, as in the second field of an ARN. */
export type PartitionName =
  | "aws"
  | "aws-cn"
  | "aws-eusc"
  | "aws-iso"
  | "aws-iso-b"
  | "aws-iso-e"
  | "aws-iso-f"
  | "aws-us-gov";

/** A group of regions with its own domain names and accounts. */
export interface Partition {
  readonly name: PartitionName;
  /** Ends the host names of services and classic registries. documented: AWS SDK partitions. */
  readonly dnsSuffix: string;
  /** Ends the dual-stack host names of services. documented: AWS SDK partitions. */
  readonly dualStackDnsSuffix: string;
  /** Ends the dual-stack host names of registries. documented for `on.aws` and China; the others are assumed to follow their pattern. */
  readonly registryDualStackDnsSuffix: string;
  /** What a region of this partition looks like, those not yet listed included. documented: AWS SDK partitions. */
  readonly regionPattern: RegExp;
  /** The regions known today, the partition's global pseudo-region included. documented: AWS SDK partitions. */
  readonly regions: readonly string[];
}

const aws: Partition = {
  name: "aws",
  dnsSuffix: "amazonaws.com",
  dualStackDnsSuffix: "api.aws",
  registryDualStackDnsSuffix: "on.aws",
  regionPattern: /^(us|eu|ap|sa|ca|me|af|il|mx)-\w+-\d+$/,
  regions: [
    "af-south-1",
    "ap-east-1",
    "ap-east-2",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-south-2",
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-southeast-3",
    "ap-southeast-4",
    "ap-southeast-5",
    "ap-southeast-6",
    "ap-southeast-7",
    "aws-global",
    "ca-central-1",
    "ca-west-1",
    "eu-central-1",
    "eu-central-2",
    "eu-north-1",
    "eu-south-1",
    "eu-south-2",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "il-central-1",
    "me-central-1",
    "me-south-1",
    "me-west-1",
    "mx-central-1",
    "sa-east-1",
    "sa-west-1",
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
  ],
};

/** Every partition, in the order in which the AWS SDK tries them. */
export const partitions: readonly Partition[] = [
  aws,
  {
    name: "aws-cn",
    dnsSuffix: "amazonaws.com.cn",
    dualStackDnsSuffix: "api.amazonwebservices.com.cn",
    registryDualStackDnsSuffix: "on.amazonwebservices.com.cn",
    regionPattern: /^cn-\w+-\d+$/,
    regions: ["aws-cn-global", "cn-north-1", "cn-northwest-1"],
  },
  {
    name: "aws-eusc",
    dnsSuffix: "amazonaws.eu",
    dualStackDnsSuffix: "api.amazonwebservices.eu",
    registryDualStackDnsSuffix: "on.amazonwebservices.eu",
    regionPattern: /^eusc-(de)-\w+-\d+$/,
    regions: ["eusc-de-east-1"],
  },
  {
    name: "aws-iso",
    dnsSuffix: "c2s.ic.gov",
    dualStackDnsSuffix: "api.aws.ic.gov",
    registryDualStackDnsSuffix: "on.aws.ic.gov",
    regionPattern: /^us-iso-\w+-\d+$/,
    regions: ["aws-iso-global", "us-iso-east-1", "us-iso-west-1"],
  },
  {
    name: "aws-iso-b",
    dnsSuffix: "sc2s.sgov.gov",
    dualStackDnsSuffix: "api.aws.scloud",
    registryDualStackDnsSuffix: "on.aws.scloud",
    regionPattern: /^us-isob-\w+-\d+$/,
    regions: ["aws-iso-b-global", "us-isob-east-1", "us-isob-west-1"],
  },
  {
    name: "aws-iso-e",
    dnsSuffix: "cloud.adc-e.uk",
    dualStackDnsSuffix: "api.cloud-aws.adc-e.uk",
    registryDualStackDnsSuffix: "on.cloud-aws.adc-e.uk",
    regionPattern: /^eu-isoe-\w+-\d+$/,
    regions: ["aws-iso-e-global", "eu-isoe-west-1"],
  },
  {
    name: "aws-iso-f",
    dnsSuffix: "csp.hci.ic.gov",
    dualStackDnsSuffix: "api.aws.hci.ic.gov",
    registryDualStackDnsSuffix: "on.aws.hci.ic.gov",
    regionPattern: /^us-isof-\w+-\d+$/,
    regions: ["aws-iso-f-global", "us-isof-east-1", "us-isof-south-1"],
  },
  {
    name: "aws-us-gov",
    dnsSuffix: "amazonaws.com",
    dualStackDnsSuffix: "api.aws",
    registryDualStackDnsSuffix: "on.aws",
    regionPattern: /^us-gov-\w+-\d+$/,
    regions: ["aws-us-gov-global", "us-gov-east-1", "us-gov-west-1"],
  },
];

const partitionByRegion: ReadonlyMap<string, Partition> = new Map(
  partitions.flatMap((partition) => partition.regions.map((region) => [region, partition] as const)),
);

/** The partition of a region: by its name if it is known, else by its pattern, else `aws`, as the AWS SDK decides it. */
export const partitionOf = (region: string): Partition =>
  partitionByRegion.get(region) ?? partitions.find(({ regionPattern }) => regionPattern.test(region)) ?? aws;

/** Whether `text` can be the name of a region, known or not. documented: service model of Amazon ECR, Region; that hyphens separate, assumed. */
export const isRegion = (text: string): boolean =>
  text.length >= 2 && text.length <= 25 && /^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(text);
