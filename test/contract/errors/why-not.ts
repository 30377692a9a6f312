/** Why an error is reached by a fault plan alone: by operation and error, or by error where it is the same everywhere. */
export const whyNot: Readonly<Record<string, string>> = {
  "BatchGetRepositoryScanningConfiguration RepositoryNotFoundException":
    "a name that is not known is a failure of its own in the answer (documented)",
  BlockedByOrganizationPolicyException: "there is no organization here",
  InvalidParameterException: "the operation takes nothing that could be invalid",
  KmsException: "there are no keys here that could be disabled or denied",
  LimitExceededException: "no quota is documented that the operation could exceed",
  UnableToGetUpstreamLayerException:
    "an image comes from its upstream with all its layers, so that none is missing afterwards",
  ValidationException:
    "AWS does not say which of the two errors a bad value gets; here it is InvalidParameterException (assumed) but for the rules above",
  "ecr-public:PutImage ImageTagAlreadyExistsException":
    "a tag of ECR Public can always be moved (documented: there is no mutability)",
};
