import { emitImageAction } from "./events.js";
import { isPublic } from "./public-region.js";
import type { ImageRecord } from "./records.js";
import type { Target } from "./registry.js";
import { startReplication } from "./replication/replicate-image.js";
import { scanOnPush } from "./scanning/start-scan.js";
import { startSigning } from "./signing/sign-image.js";
import { SIGNATURE_TYPE } from "./signing/signature.js";
import type { State } from "./state.js";

/** Why an image comes into a repository: a client pushed it, or ECR copied it, cached it or made it as a signature. */
export type PushCause = "push" | "replication" | "pull-through" | "signature";

/** An image that has just been put, and by which tag. */
export interface PushedImage {
  readonly digest: string;
  readonly tag?: string | undefined;
  readonly image: ImageRecord;
  readonly cause: PushCause;
}

/** All that follows from a push, in the transaction of the push. */
export function imagePushed(state: State, target: Target, { digest, tag, image, cause }: PushedImage): void {
  // assumed: ECR Public has none of what follows from a push in ECR.
  if (isPublic(target)) return;
  const { mediaType, artifactMediaType } = image;
  emitImageAction(state, target, { type: "PUSH", digest, tag, mediaType, artifactMediaType });
  // documented: a copy is not copied again. assumed: what was cached or signed goes where pushes go.
  if (cause !== "replication") startReplication(state, target, { digest, tag });
  // documented: images are signed on push, signatures are not, whoever made them.
  if (cause === "push" && artifactMediaType !== SIGNATURE_TYPE) startSigning(state, target, digest);
  // assumed: however it came, an image is scanned where it arrives.
  scanOnPush(state, target, { digest, image });
}
