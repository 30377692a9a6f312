import type { ImageIdentifier } from "../../protocol/ecr/images.js";
import { ServiceError } from "../../protocol/service-error.js";
import { hasAccess } from "../access.js";
import { type FailureCode, isImageDigest, isImageTag, reasonOf } from "../images.js";
import type { Caller, Referrer, Target } from "../registry.js";
import { keyOf, type State } from "../state.js";
import { importImage } from "./import-image.js";
import { type RuleMatch, ruleFor } from "./rules.js";
import { UpstreamError, type UpstreamProblem } from "./upstream.js";
import { upstreamOf } from "./upstreams.js";

/** How long a tag is served before the upstream is asked again. documented: at least once every 24 hours. */
const FRESH_MS = 24 * 60 * 60 * 1000;

/** How one image of a batch fails by its upstream; the other problems are no failures of an image. */
const FAILURES: Readonly<Partial<Record<UpstreamProblem, FailureCode>>> = {
  "access-denied": "UpstreamAccessDenied",
  "too-many-requests": "UpstreamTooManyRequests",
  unavailable: "UpstreamUnavailable",
};

/** What a pull by tag or digest may be asked from an upstream with. */
interface Wanted {
  readonly reference: string;
  readonly tag?: string | undefined;
}

/**
 * Brings what a pull asks for from the upstream of its repository, where a rule gives it one: an image that is not there yet, or a tag that
 * was not checked for a day. Afterwards the repository has all that the pull can have. What is there is served whatever the upstream says.
 * Answers the failure of an upstream that refuses. An upstream that does not have the image is none.
 *
 * @throws {ServiceError} UnableToGetUpstreamImageException when the upstream does not answer
 */
export async function pullThrough(
  state: State,
  caller: Caller,
  target: Target,
  imageId: ImageIdentifier,
): Promise<FailureCode | undefined> {
  const match = ruleFor(state, target);
  const wanted = wantedOf(imageId);
  if (!match || !wanted || isFresh(state, target, wanted)) return undefined;
  if (!mayImport(state, caller, target)) return undefined;
  return state.upstreams.imports.take([...keyOf(target), wanted.reference].join(" "), async () => {
    if (isFresh(state, target, wanted)) return undefined;
    try {
      await bring(state, target, match, wanted);
    } catch (error) {
      return failureOf(state, target, wanted, error);
    }
    return undefined;
  });
}

/** Does so for each image of a batch, and answers what their upstream refuses. */
export async function pullAllThrough(
  state: State,
  caller: Caller,
  target: Target,
  imageIds: readonly ImageIdentifier[],
): Promise<ReadonlyMap<ImageIdentifier, FailureCode>> {
  const refused = new Map<ImageIdentifier, FailureCode>();
  if (!ruleFor(state, target)) return refused;
  for (const imageId of imageIds) {
    const failure = await pullThrough(state, caller, target, imageId);
    if (failure !== undefined) refused.set(imageId, failure);
  }
  return refused;
}

/** Does so for one image that is all that is asked for. @throws {ServiceError} UnableToGetUpstreamImageException also when the upstream refuses */
export async function pullOneThrough(
  state: State,
  caller: Caller,
  target: Target,
  imageId: ImageIdentifier,
): Promise<void> {
  const failure = await pullThrough(state, caller, target, imageId);
  if (failure !== undefined)
    throw new ServiceError("UnableToGetUpstreamImageException", `Unable to get the image: ${reasonOf(failure)}`);
}

/** documented: a caller who may not import is told what one is told without a rule. */
const mayImport = (state: State, caller: Caller, target: Target): boolean =>
  hasAccess(state, caller, "ecr:BatchImportUpstreamImage", target) &&
  (state.tables.repository.has(...keyOf(target)) || hasAccess(state, caller, "ecr:CreateRepository", target));

function wantedOf({ imageDigest, imageTag }: ImageIdentifier): Wanted | undefined {
  if (imageDigest !== undefined) return isImageDigest(imageDigest) ? { reference: imageDigest } : undefined;
  return imageTag !== undefined && isImageTag(imageTag) ? { reference: imageTag, tag: imageTag } : undefined;
}

const isThere = ({ tables }: State, target: Target, { reference, tag }: Wanted): boolean =>
  tag === undefined ? tables.image.has(...keyOf(target), reference) : tables.tag.has(...keyOf(target), tag);

function isFresh(state: State, target: Target, wanted: Wanted): boolean {
  if (!isThere(state, target, wanted)) return false;
  if (wanted.tag === undefined) return true;
  const checked = state.tables.cachedTag.get(...keyOf(target), wanted.tag);
  // A tag that never came from an upstream is the repository's own, and no upstream's to replace (assumed).
  return checked === undefined || state.time.now() - checked.checkedAtMs < FRESH_MS;
}

async function bring(state: State, target: Target, match: RuleMatch, { reference, tag }: Wanted): Promise<void> {
  const { tables, time } = state;
  const upstream = upstreamOf(state, target, match.rule);
  const manifest = await upstream.manifest(match.upstreamName, reference);
  if (tag === undefined || tables.tag.get(...keyOf(target), tag) !== manifest.digest)
    await importImage(state, target, manifest, { upstream, match, tag }).catch(unlessImmutable);
  if (tag !== undefined)
    await state.store.transaction(() => tables.cachedTag.put([...keyOf(target), tag], { checkedAtMs: time.now() }));
}

/** documented: an immutable tag keeps a newer image out; so it is the old one that is served. */
function unlessImmutable(error: unknown): void {
  if (!(error instanceof ServiceError && error.code === "ImageTagAlreadyExistsException")) throw error;
}

function failureOf(state: State, target: Target, wanted: Wanted, error: unknown): FailureCode | undefined {
  if (!(error instanceof UpstreamError)) throw error;
  if (isThere(state, target, wanted) || error.problem === "not-found") return undefined;
  const failure = FAILURES[error.problem];
  if (failure !== undefined) return failure;
  throw unableTo("GetUpstreamImage", `get the image '${wanted.reference}'`, error);
}

/** assumed text */
const unableTo = (what: string, doing: string, error: UpstreamError): ServiceError =>
  new ServiceError(`UnableTo${what}Exception`, `Unable to ${doing} from the upstream registry: ${error.message}`);

/** The rule of a repository that was filled by one, for whoever may fill it further. */
const cachedBy = (state: State, caller: Caller, target: Target): RuleMatch | undefined =>
  state.tables.cachedRepository.has(...keyOf(target)) && mayImport(state, caller, target)
    ? ruleFor(state, target)
    : undefined;

/** Brings a layer that a cached repository does not have from its upstream. @throws {ServiceError} UnableToGetUpstreamLayerException */
export async function pullLayerThrough(state: State, caller: Caller, target: Target, digest: string): Promise<void> {
  if (state.tables.layer.has(...keyOf(target), digest)) return;
  const match = cachedBy(state, caller, target);
  if (!match) return;
  try {
    await upstreamOf(state, target, match.rule).copyBlob(match.upstreamName, digest, target);
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    if (error.problem !== "not-found") throw unableTo("GetUpstreamLayer", `get the layer '${digest}'`, error);
  }
}

/** What refers to a digest at the upstream of a cached repository. @throws {ServiceError} UnableToListUpstreamImageReferrersException */
export async function upstreamReferrers(
  state: State,
  caller: Caller,
  target: Target,
  digest: string,
): Promise<readonly Referrer[]> {
  const match = cachedBy(state, caller, target);
  if (!match) return [];
  try {
    return await upstreamOf(state, target, match.rule).referrers(match.upstreamName, digest);
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    if (error.problem === "not-found") return [];
    throw unableTo("ListUpstreamImageReferrers", `list the referrers of '${digest}'`, error);
  }
}
