import { isPublic } from "../public-region.js";
import { invalidLayerPart, limitExceeded } from "../refusals.js";
import { requireRepository, targetOf } from "../state.js";
import type { Operation } from "./operation.js";

/** documented: service quotas of ECR and of ECR Public. */
const MAX_PARTS = 4_200;
const MAX_PUBLIC_PARTS = 1_000;
/** Bytes that every part but the last must have. documented: service quotas; found out when the upload is completed. */
const MIN_PART_BYTES = 5 * 1024 * 1024;

/** Appends a part, which must follow the bytes that are there. Parts of one upload are taken one after another. */
export const uploadLayerPart: Operation<"UploadLayerPart"> = (state, caller, input) => {
  const target = targetOf(caller, input);
  const { uploadId, partFirstByte, partLastByte, layerPartBlob } = input;
  requireRepository(state, target);
  return state.uploads.exclusively(target, uploadId, async (upload) => {
    const { sizeBytes } = upload.writer;
    const refuse = (problem: string): Error => invalidLayerPart(target, uploadId, sizeBytes, problem);
    if (partFirstByte !== sizeBytes) throw refuse(`partFirstByte must be ${sizeBytes}, got ${partFirstByte}`);
    if (layerPartBlob.byteLength === 0 || partLastByte !== partFirstByte + layerPartBlob.byteLength - 1)
      throw refuse(`${layerPartBlob.byteLength} bytes are not those from ${partFirstByte} to ${partLastByte}`);
    const maxParts = isPublic(target) ? MAX_PUBLIC_PARTS : MAX_PARTS;
    if (upload.parts >= maxParts) throw limitExceeded("layer parts", maxParts);
    await state.uploads.append(upload, [layerPartBlob]);
    state.uploads.update({
      ...upload,
      parts: upload.parts + 1,
      lastPartBytes: layerPartBlob.byteLength,
      hasSmallPart: upload.hasSmallPart || (upload.parts > 0 && upload.lastPartBytes < MIN_PART_BYTES),
    });
    return {
      registryId: target.account,
      repositoryName: target.repositoryName,
      uploadId,
      lastByteReceived: partLastByte,
    };
  });
};
