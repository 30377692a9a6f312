import { digestOf } from "../../image/digest.js";
import { wildcard } from "../../policy/wildcard.js";
import type { SigningRule } from "../../protocol/ecr/signing.js";
import { ServiceError } from "../../protocol/service-error.js";
import { schedule } from "../jobs.js";
import { shareLayer, withBlob } from "../layers.js";
import { storeManifest } from "../put-manifest.js";
import type { Target } from "../registry.js";
import { keyOf, type State } from "../state.js";
import { EMPTY_CONFIG, type Signing, signatureEnvelope, signatureManifest } from "./signature.js";
import type { SigningRecord } from "./signing-records.js";

/** From a push to its signatures. assumed */
const SIGNING_MS = 1_000;

/** A signature that is on its way. */
export type SignImage = Signing;

/** Has an image signed by the profile of every rule that covers its repository. Only inside a transaction. */
export function startSigning(state: State, target: Target, digest: string): void {
  const { account, region, repositoryName } = target;
  const configuration = state.tables.signingConfiguration.get(account, region);
  const image = state.tables.image.get(...keyOf(target), digest);
  if (!configuration || !image) return;
  const signedAtMs = state.time.now() + SIGNING_MS;
  const subject = { mediaType: image.mediaType, digest, size: image.manifestBytes };
  for (const { signingProfileArn: profileArn } of configuration.rules.filter(covers(repositoryName))) {
    state.tables.signing.put([...keyOf(target), digest, profileArn], { status: "IN_PROGRESS" });
    const job = { account, region, repositoryName, subject, profileArn, signedAtMs };
    schedule(state, signedAtMs, { kind: "sign-image", ...job });
  }
}

/** Whether a rule covers a repository: one without filters covers all. documented: a `*` stands for any characters, `/` included. */
const covers =
  (repositoryName: string) =>
  ({ repositoryFilters }: SigningRule): boolean =>
    repositoryFilters === undefined || repositoryFilters.some(({ filter }) => wildcard(filter)(repositoryName));

/** Holds the blobs of a signature while `run` stores it. */
export function withSignature(state: State, job: SignImage, run: () => Promise<void>): Promise<void> {
  return withBlob(state, EMPTY_CONFIG, () => withBlob(state, signatureEnvelope(state.signer, job), run));
}

/** Signs an image, unless it was deleted in the meantime. */
export function signImage(state: State, job: SignImage): void {
  const { account, region, repositoryName, subject, profileArn } = job;
  const target = { account, region, repositoryName };
  const { image, signing } = state.tables;
  if (!image.has(...keyOf(target), subject.digest)) return;
  signing.put([...keyOf(target), subject.digest, profileArn], storeSignature(state, target, job));
}

/** Stores a signature as a referrer of what it signs. A repository may have no room for one; then nothing of it stays. */
function storeSignature(state: State, target: Target, job: SignImage): SigningRecord {
  const envelope = signatureEnvelope(state.signer, job);
  const [config, digest] = [digestOf(EMPTY_CONFIG), digestOf(envelope)];
  try {
    state.store.savepoint(() => {
      shareLayer(state, target, config, EMPTY_CONFIG.byteLength);
      shareLayer(state, target, digest, envelope.byteLength);
      const text = signatureManifest(job, config, { digest, size: envelope.byteLength });
      storeManifest(state, target, { text, unchanged: "accept", cause: "signature" });
    });
    return { status: "COMPLETE" };
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    return { status: "FAILED", failureCode: error.code, failureReason: error.message };
  }
}
