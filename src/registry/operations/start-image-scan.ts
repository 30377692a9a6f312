import { manifestText } from "../pull.js";
import { requireImage } from "../require-image.js";
import { scanningOf } from "../scanning/frequency.js";
import { exhaustedQuota } from "../scanning/scan-quota.js";
import { unscannableType } from "../scanning/scannable.js";
import {
  imageArchived,
  manualScanDisabled,
  scanQuotaExceeded,
  unsupportedImageType,
} from "../scanning/scanning-refusals.js";
import { startScan } from "../scanning/start-scan.js";
import { requireRepository, targetOf } from "../state.js";
import { isPullable } from "../storage-class.js";
import type { Operation } from "./operation.js";

/** Starts a basic scan by hand. The order of the checks is assumed. */
export const startImageScan: Operation<"StartImageScan"> = async (state, caller, input) => {
  const target = targetOf(caller, input);
  return state.store.transaction(() => {
    requireRepository(state, target);
    const found = requireImage(state, target, input.imageId);
    const { digest, image } = found;
    if (scanningOf(state, target).scanType === "ENHANCED") throw manualScanDisabled();
    if (!isPullable(image)) throw imageArchived(target, digest);
    const unscannable = unscannableType(image, manifestText(state, target, digest));
    if (unscannable !== undefined) throw unsupportedImageType(unscannable);
    const exhausted = exhaustedQuota(state, target, digest);
    if (exhausted) throw scanQuotaExceeded(exhausted);
    const { status, description } = startScan(state, target, found, "BASIC");
    return {
      registryId: target.account,
      repositoryName: target.repositoryName,
      imageId: { imageDigest: digest, imageTag: input.imageId.imageTag },
      imageScanStatus: { status, description },
    };
  });
};
