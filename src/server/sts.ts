import { randomUUID } from "node:crypto";
import { parseStsRequest, renderStsError, renderStsOutput, stsOperations } from "../protocol/sts.js";
import type { HttpRequest, HttpResponse } from "../transport/transport.js";
import { callerOf } from "./caller.js";
import { asHttp, readCall } from "./control-plane.js";
import { serviceErrorOf } from "./failure.js";
import type { ServerSettings } from "./settings.js";

/** Whether a request speaks the query protocol, which of the services here only STS does. */
export const isStsRequest = ({ headers }: HttpRequest): boolean =>
  headers["x-amz-target"] === undefined &&
  (headers["content-type"]?.startsWith("application/x-www-form-urlencoded") ?? false);

/** Answers one call to STS: who the caller is. */
export async function answerSts(request: HttpRequest, settings: ServerSettings): Promise<HttpResponse> {
  const requestId = randomUUID();
  try {
    const { name } = parseStsRequest((await readCall(request)).toString());
    const { account, arn } = callerOf(request, settings.account);
    // The caller is the account's root, whose user id is the account's. documented: IAM user guide, unique identifiers.
    const identity = { UserId: account, Account: account, Arn: arn };
    return asHttp(renderStsOutput(stsOperations[name], identity, requestId));
  } catch (error) {
    return asHttp(renderStsError(serviceErrorOf(error, request, settings.onFault), requestId));
  }
}
