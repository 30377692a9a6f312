import { ServiceError } from "../protocol/service-error.js";
import type { HttpRequest } from "../transport/transport.js";
import { isCutOff } from "./body.js";

/** Is told of every fault that is the local ECR's own. */
export type OnFault = (error: unknown) => void;

/**
 * The error to answer with: a refusal as it is, anything else a `ServerException` that says nothing of what went wrong inside
 * (documented: status 500). Such a fault is reported, unless it is only that the client went away.
 */
export function serviceErrorOf(error: unknown, request: HttpRequest, onFault: OnFault): ServiceError {
  if (error instanceof ServiceError) return error;
  if (!isCutOff(request)) onFault(error);
  return new ServiceError("ServerException", "The local ECR failed to answer this request", { status: 500 });
}
