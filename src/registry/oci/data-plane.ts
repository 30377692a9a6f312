import type { ecrOperations } from "../../protocol/ecr/operations.js";
import { requireActions } from "../access.js";
import { runDue } from "../jobs.js";
import { ANONYMOUS, type PushAction, requirePush } from "../public/access.js";
import { isPublic } from "../public-region.js";
import type { Caller, DataPlane, ManifestRequest, Target } from "../registry.js";
import type { State } from "../state.js";
import { blob, deleteBlob } from "./blobs.js";
import { catalog, tags } from "./listings.js";
import { deleteManifest, manifest, putManifestBytes, referrers } from "./manifests.js";
import { append, cancel, complete, mount, start, status } from "./uploads.js";

/**
 * `/v2` over the state that the operations work on, as it is once all work that is due has been done. Each request is decided as the operation of
 * the API that it stands for. inferred: CloudTrail's names for pushes and pulls; those of listings and deletions are assumed.
 */
export const createDataPlane = (state: State): DataPlane => {
  const as = async <T>(action: Action, caller: Caller, on: Target, answer: () => T | Promise<T>): Promise<T> => {
    await runDue(state);
    const service = isPublic(on) ? "ecr-public" : "ecr";
    state.throttle?.take(`${service}:${action}`, caller.account, on.region);
    if (service === "ecr") requireActions(state, caller, `ecr:${action}`, on);
    else if (isPush(action)) requirePush(state, caller, on, action);
    return answer();
  };
  return {
    catalog: (caller, registry, page) =>
      as("DescribeRepositories", caller, { ...registry, repositoryName: "*" }, () =>
        catalog(state, caller, registry, page),
      ),
    tags: (caller, target, page) => as("ListImages", caller, target, () => tags(state, caller, target, page)),
    manifest: (caller, target, reference, options) =>
      as(pullOf(caller, target, options), caller, target, () => manifest(state, caller, target, reference, options)),
    putManifest: (caller, target, reference, put) =>
      as("PutImage", caller, target, () => putManifestBytes(state, caller, target, reference, put)),
    deleteManifest: (caller, target, reference) =>
      as("BatchDeleteImage", caller, target, () => deleteManifest(state, target, reference)),
    referrers: (caller, target, digest, artifactType) =>
      as("ListImageReferrers", caller, target, () => referrers(state, caller, target, digest, artifactType)),
    blob: (caller, target, digest, { pull } = { pull: true }) =>
      as(pull ? "GetDownloadUrlForLayer" : "BatchCheckLayerAvailability", caller, target, () =>
        blob(state, caller, target, digest),
      ),
    deleteBlob: (caller, target, digest) =>
      as("BatchDeleteImage", caller, target, () => deleteBlob(state, target, digest)),
    startUpload: (caller, target) => as("InitiateLayerUpload", caller, target, () => start(state, caller, target)),
    upload: (caller, target, uploadId) => as("UploadLayerPart", caller, target, () => status(state, target, uploadId)),
    append: (caller, target, uploadId, body, firstByte) =>
      as("UploadLayerPart", caller, target, () => append(state, target, uploadId, body, firstByte)),
    completeUpload(caller, target, uploadId, digest, last) {
      const seal = (): Promise<void> =>
        as("CompleteLayerUpload", caller, target, () => complete(state, target, uploadId, digest, last));
      return last ? as("UploadLayerPart", caller, target, seal) : seal();
    },
    cancelUpload: (caller, target, uploadId) =>
      as("UploadLayerPart", caller, target, () => cancel(state, target, uploadId)),
    mount: (caller, target, digest, from) =>
      as("InitiateLayerUpload", caller, target, () => mount(state, caller, target, digest, from)),
  };
};

/** The operations that requests on `/v2` stand for. */
type Action = keyof typeof ecrOperations | "AuthenticatedPull" | "AnonymousPull";

const PUSHES: ReadonlySet<Action> = new Set<PushAction>([
  "InitiateLayerUpload",
  "UploadLayerPart",
  "CompleteLayerUpload",
  "PutImage",
  "BatchDeleteImage",
]);

const isPush = (action: Action): action is PushAction => PUSHES.has(action);

/** What fetching a manifest counts as: ECR Public has quotas of its own for pulls, with and without a login. */
function pullOf(caller: Caller, target: Target, { pull }: ManifestRequest): Action {
  if (!isPublic(target) || !pull) return "BatchGetImage";
  return caller.account === ANONYMOUS.account ? "AnonymousPull" : "AuthenticatedPull";
}
