import { type PolicyDocument, parsePolicyDocument } from "./policy-document.js";

const PULL = [
  "ecr:GetAuthorizationToken",
  "ecr:BatchCheckLayerAvailability",
  "ecr:GetDownloadUrlForLayer",
  "ecr:BatchGetImage",
];
const READ = [
  ...PULL,
  "ecr:GetRepositoryPolicy",
  "ecr:DescribeRepositories",
  "ecr:ListImages",
  "ecr:DescribeImages",
  "ecr:GetLifecyclePolicy",
  "ecr:GetLifecyclePolicyPreview",
  "ecr:ListTagsForResource",
  "ecr:DescribeImageScanFindings",
];
const PUSH = ["ecr:InitiateLayerUpload", "ecr:UploadLayerPart", "ecr:CompleteLayerUpload", "ecr:PutImage"];
const PUBLIC_READ = [
  "ecr-public:GetAuthorizationToken",
  "sts:GetServiceBearerToken",
  "ecr-public:BatchCheckLayerAvailability",
  "ecr-public:GetRepositoryPolicy",
  "ecr-public:DescribeRepositories",
  "ecr-public:DescribeRegistries",
  "ecr-public:DescribeImages",
  "ecr-public:DescribeImageTags",
  "ecr-public:GetRepositoryCatalogData",
  "ecr-public:GetRegistryCatalogData",
];

/** What AWS's own policies allow, each on every resource. documented: AWS managed policy reference; actions of other services are left out. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  AdministratorAccess: ["*"],
  AmazonEC2ContainerRegistryFullAccess: ["ecr:*"],
  AmazonEC2ContainerRegistryPowerUser: [...READ, ...PUSH],
  AmazonEC2ContainerRegistryPullOnly: [...PULL, "ecr:BatchImportUpstreamImage"],
  AmazonEC2ContainerRegistryReadOnly: READ,
  AmazonElasticContainerRegistryPublicFullAccess: ["ecr-public:*", "sts:GetServiceBearerToken"],
  AmazonElasticContainerRegistryPublicPowerUser: [
    ...PUBLIC_READ,
    ...PUSH.map((action) => action.replace("ecr:", "ecr-public:")),
  ],
  AmazonElasticContainerRegistryPublicReadOnly: PUBLIC_READ,
};

/** The policy behind an ARN such as `arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryReadOnly`: those of AWS that are about ECR. */
export function managedPolicy(arn: string): PolicyDocument | undefined {
  const [, name = ""] = /^arn:aws[a-z-]*:iam::aws:policy\/(\w+)$/.exec(arn) ?? [];
  const actions = Object.hasOwn(ALLOWED, name) ? ALLOWED[name] : undefined;
  return actions && allowing(actions);
}

/** A policy that allows these actions on everything. */
function allowing(actions: readonly string[]): PolicyDocument {
  const statement = { Effect: "Allow", Action: actions, Resource: "*" };
  return parsePolicyDocument(JSON.stringify({ Version: "2012-10-17", Statement: statement }), "identity");
}
