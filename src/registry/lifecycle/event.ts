import { randomUUID } from "node:crypto";
import { formatRepositoryArn } from "../../image/repository-arn.js";
import { parseLifecyclePolicy } from "../../policy/lifecycle-policy.js";
import type { CountSelection, LifecycleRule } from "../../policy/lifecycle-rule.js";
import { emit } from "../events.js";
import type { Target } from "../registry.js";
import type { State } from "../state.js";
import type { LifecycleImageAction, LifecyclePolicyRecord } from "./lifecycle-records.js";

/** A run and a preview by their names in CloudTrail. documented; the preview's name is observed. */
export type LifecycleEventName = "PolicyExecutionEvent" | "DryRunEvent";

/** documented: ten images or more are spread over several events. */
const MAX_IMAGES = 9;
/** documented: CloudTrail, tags of an image. */
const MAX_TAGS = 100;

/** Notes what a policy did or would do, as CloudTrail records it and EventBridge passes it on. Only inside a transaction. */
export function emitLifecycleEvents(
  state: State,
  target: Target,
  eventName: LifecycleEventName,
  policy: LifecyclePolicyRecord,
  actions: readonly LifecycleImageAction[],
): void {
  const described = describePolicy(policy);
  for (let from = 0; from === 0 || from < actions.length; from += MAX_IMAGES) {
    emit(state, target, {
      detailType: "AWS Service Event via CloudTrail",
      detail: {
        ...recordOf(state, target, eventName),
        serviceEventDetails: {
          repositoryName: target.repositoryName,
          lifecycleEventPolicy: described,
          lifecycleEventImageActions: actions.slice(from, from + MAX_IMAGES).map(describeAction),
          lifecycleEventFailureDetails: [],
        },
      },
    });
  }
}

/** documented: CloudTrail's record of a lifecycle run; the newest members are observed. */
const recordOf = ({ time }: State, target: Target, eventName: LifecycleEventName) => ({
  eventVersion: "1.09",
  userIdentity: { accountId: target.account, invokedBy: "AWS Internal" },
  eventTime: `${new Date(time.now()).toISOString().slice(0, 19)}Z`,
  eventSource: "ecr.amazonaws.com",
  eventName,
  awsRegion: target.region,
  sourceIPAddress: "AWS Internal",
  userAgent: "AWS Internal",
  requestParameters: null,
  responseElements: null,
  eventID: randomUUID(),
  readOnly: true,
  resources: [
    {
      accountId: target.account,
      type: "AWS::ECR::Repository",
      ARN: formatRepositoryArn({ kind: "private", ...target }),
    },
  ],
  eventType: "AwsServiceEvent",
  managementEvent: true,
  recipientAccountId: target.account,
  eventCategory: "Management",
});

const describePolicy = ({ text, evaluatedAtMs = 0, policyVersion, policyId }: LifecyclePolicyRecord) => ({
  lifecycleEventRules: parseLifecyclePolicy(text).rules.map(describeRule),
  lastEvaluatedAt: evaluatedAtMs,
  policyVersion,
  policyId,
});

/** documented for the first, observed for the second, assumed for the others. */
const COUNT_TYPES: Readonly<Record<CountSelection["countType"], string>> = {
  imageCountMoreThan: "Image count more than",
  sinceImagePushed: "Time since image pushed",
  sinceImagePulled: "Time since image pulled",
  sinceImageTransitioned: "Time since image transitioned",
};

const TAG_STATUSES = { any: "Any", tagged: "Tagged", untagged: "Untagged" } as const;

function describeRule({ rulePriority, description, selection, action }: LifecycleRule) {
  return {
    rulePriority,
    ...(description !== undefined && { description }),
    lifecycleEventSelection: {
      tagStatus: TAG_STATUSES[selection.tagStatus],
      tagPrefixList: "tagPrefixList" in selection ? selection.tagPrefixList : [],
      tagPatternList: "tagPatternList" in selection ? selection.tagPatternList : [],
      countType: COUNT_TYPES[selection.countType],
      ...("countUnit" in selection && { countUnit: "Days" }),
      countNumber: selection.countNumber,
    },
    action: action.type,
  };
}

const describeAction = ({ digest, tags, pushedAtMs, rulePriority }: LifecycleImageAction) => ({
  lifecycleEventImage: {
    digest,
    tagStatus: tags.length > 0 ? TAG_STATUSES.tagged : TAG_STATUSES.untagged,
    tagList: tags.slice(0, MAX_TAGS),
    pushedAt: pushedAtMs,
  },
  rulePriority,
});
