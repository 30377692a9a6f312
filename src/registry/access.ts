import { parseRepositoryArn } from "../image/repository-arn.js";
import { type AccessRequest, refusalOf, refusalText } from "../policy/access.js";
import type { RequestContext } from "../policy/condition.js";
import type { PolicyDocument } from "../policy/policy-document.js";
import { ServiceError } from "../protocol/service-error.js";
import { callerContext, identityOf, type KnownCaller, knownCaller, policiesOf } from "./identity/known-caller.js";
import { policyDocument } from "./identity/policy-cache.js";
import { accountOf, hasRegistry } from "./public/aliases.js";
import { isPublic, PUBLIC_REGION } from "./public-region.js";
import type { Caller, Target } from "./registry.js";
import { repositoryArnOf } from "./repositories.js";
import { keyOf, type RegistryOf, type State } from "./state.js";

/** What an action is about: a repository; all those of a registry, by the name `*`; or, without a name, nothing that has an ARN. */
export type Subject = RegistryOf & { readonly repositoryName?: string | undefined };

/** What a request carries that conditions may ask for. */
interface Asked {
  readonly tags?: readonly { readonly Key: string; readonly Value: string }[] | undefined;
  /** Keys of tags that are to go. */
  readonly tagKeys?: readonly string[] | undefined;
}

/** What of an operation's input says which repositories it is about. */
interface OperationInput extends Asked {
  readonly registryId?: string | undefined;
  readonly repositoryName?: string | undefined;
  readonly repositoryNames?: readonly string[] | undefined;
  readonly resourceArn?: string | undefined;
}

/** The actions that decide an operation, where that is not its own alone. documented: ECR user guide, referrers; ECR Public user guide, logins. */
const ACTIONS: Readonly<Record<string, readonly string[]>> = {
  "ecr:ListImageReferrers": ["ecr:BatchGetImage"],
  "ecr-public:GetAuthorizationToken": ["ecr-public:GetAuthorizationToken", "sts:GetServiceBearerToken"],
};

/**
 * Refuses an operation that the caller's own policies, the repository's or the registry's do not allow. It comes before any look at the
 * state, so that a repository of another account that does not exist is denied like one that does (assumed).
 *
 * @throws {ServiceError} AccessDeniedException
 */
export function requireOperationAccess(
  state: State,
  caller: Caller,
  { service, name }: { readonly service: string; readonly name: string },
  input: unknown,
): void {
  const asked = input as OperationInput;
  for (const subject of subjectsOf(state, caller, service, name, asked))
    requireActions(state, caller, `${service}:${name}`, subject, asked);
}

function subjectsOf(
  state: State,
  caller: Caller,
  service: string,
  name: string,
  { registryId, repositoryName, repositoryNames, resourceArn }: OperationInput,
): readonly Subject[] {
  const inPublic = service === "ecr-public";
  const region = inPublic ? PUBLIC_REGION : caller.region;
  if (resourceArn !== undefined) {
    const arn = parseRepositoryArn(resourceArn);
    // What is no ARN of a repository is for the operation to refuse.
    return arn ? [{ account: arn.account, region, repositoryName: arn.repositoryName }] : [];
  }
  // Public registries are known to everyone: one that there is not is for the operation to tell.
  if (inPublic && !hasRegistry(state, caller, registryId)) return [];
  const account = inPublic ? accountOf(state, caller, registryId) : (registryId ?? caller.account);
  // An alias that nobody has is for the operation to refuse.
  if (!/^\d{12}$/.test(account)) return [];
  if (repositoryName !== undefined) return [{ account, region, repositoryName }];
  if (repositoryNames !== undefined) return repositoryNames.map((each) => ({ account, region, repositoryName: each }));
  // observed: the message that denies a listing names `repository/*`.
  if (name === "DescribeRepositories") return [{ account, region, repositoryName: "*" }];
  return [{ account, region }];
}

/** Demands every action that decides an operation, which is named as in IAM. @throws {ServiceError} AccessDeniedException */
export function requireActions(
  state: State,
  caller: Caller,
  operation: string,
  subject: Subject,
  asked: Asked = {},
): void {
  for (const action of ACTIONS[operation] ?? [operation]) requireAccess(state, caller, action, subject, asked);
}

/** @throws {ServiceError} AccessDeniedException in AWS's words */
export function requireAccess(state: State, caller: Caller, action: string, subject: Subject, asked: Asked = {}): void {
  const reason = denialOf(state, caller, action, subject, asked);
  if (reason === undefined) return;
  throw new ServiceError(
    "AccessDeniedException",
    `User: ${caller.arn} is not authorized to perform: ${action} on resource: ${resourceArnOf(subject)} ${reason}`,
  );
}

/** Whether the caller may do something, for what is only done on the way to what was asked for. */
export const hasAccess = (state: State, caller: Caller, action: string, subject: Subject): boolean =>
  denialOf(state, caller, action, subject, {}) === undefined;

/** Why a request is denied, as AWS's message ends; undefined when it is not. */
function denialOf(state: State, caller: Caller, action: string, subject: Subject, asked: Asked): string | undefined {
  const resource = resourcePolicies(state, subject);
  const known = knownCaller(state, caller);
  // The usual case: nobody's policy says anything, and everyone may do everything in their own account.
  if (known.isUnlimited && resource.length === 0 && caller.account === subject.account) return undefined;
  const request: AccessRequest = {
    identity: identityOf(known),
    action,
    resource: resourceArnOf(subject),
    context: contextOf(state, known, subject, asked),
  };
  const refusal = refusalOf(request, { ...policiesOf(known), resource, owner: subject.account });
  return refusal && refusalText(refusal, action);
}

const resourceArnOf = (subject: Subject): string => (isRepository(subject) ? repositoryArnOf(subject) : "*");

const isRepository = (subject: Subject): subject is Target => subject.repositoryName !== undefined;

/** The repository's own policy and its registry's, those that there are. */
function resourcePolicies({ tables }: Pick<State, "tables">, subject: Subject): readonly PolicyDocument[] {
  const { account, region } = subject;
  const ofRegistry = tables.registryPolicy.get(account, region);
  const ofRepository = isRepository(subject) ? tables.repositoryPolicy.get(...keyOf(subject)) : undefined;
  if (ofRegistry === undefined && ofRepository === undefined) return NONE;
  return [
    ...(ofRegistry === undefined ? NONE : [policyDocument(ofRegistry, "registry")]),
    ...(ofRepository === undefined ? NONE : [policyDocument(ofRepository, "repository")]),
  ];
}

const NONE: readonly PolicyDocument[] = [];

/** documented: IAM user guide, global condition keys; ECR, condition keys. */
function contextOf(
  state: State,
  known: KnownCaller,
  subject: Subject,
  { tags = [], tagKeys = [] }: Asked,
): RequestContext {
  const { account, region } = subject;
  const record = isRepository(subject) ? state.tables.repository.get(...keyOf(subject)) : undefined;
  const resourceTags = (record?.resourceTags ?? []).flatMap(({ Key, Value }) => [
    [`aws:resourcetag/${Key.toLowerCase()}`, [Value]] as const,
    [`ecr:resourcetag/${Key.toLowerCase()}`, [Value]] as const,
  ]);
  const requestTags = tags.map(({ Key, Value }) => [`aws:requesttag/${Key.toLowerCase()}`, [Value]] as const);
  const keys = [...tags.map(({ Key }) => Key), ...tagKeys];
  return {
    ...callerContext(known, state.time.now()),
    "aws:resourceaccount": [account],
    "aws:requestedregion": [isPublic({ region }) ? "us-east-1" : region],
    ...Object.fromEntries([...resourceTags, ...requestTags]),
    ...(keys.length > 0 ? { "aws:tagkeys": keys } : {}),
  };
}
