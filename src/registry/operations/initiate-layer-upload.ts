import { requireRepository, targetOf } from "../state.js";
import type { Operation } from "./operation.js";

/** Bytes that a part should have. observed: AWS CLI's samples. */
const PART_BYTES = 10_485_760;

/** Opens an upload to the repository. */
export const initiateLayerUpload: Operation<"InitiateLayerUpload"> = async (state, caller, input) => {
  const target = targetOf(caller, input);
  requireRepository(state, target);
  const { uploadId } = await state.uploads.begin(target);
  return { uploadId, partSize: PART_BYTES };
};
