import { isEcrError } from "../../errors.js";
import type { HttpResponse } from "../../transport/transport.js";
import type { CallScope } from "../call-scope.js";
import { aborted, type FailedCall, fromTransportFailure, outOfTime } from "../error-mapper.js";
import { wholeBody } from "../whole-body.js";
import { sendTo } from "./http-request.js";
import { fromRegistryAnswer } from "./registry-error.js";
import type { Wire } from "./wire.js";

/**
 * Asks for a layer at the URL that ECR gives for it, as often as need be. The URL is a secret, for whoever has it may read the layer: no
 * error shows it. It needs no login, so none is sent. One that has expired is asked for anew by `ask`.
 */
export function openUrl(
  wire: Wire,
  ask: () => Promise<string>,
  call: FailedCall,
  scope: CallScope,
): (range: string | undefined) => Promise<HttpResponse> {
  let url: string | undefined;
  const { signal, deadlineMs } = scope;
  return async (range) => {
    url ??= await ask();
    let attempts = 0;
    const once = (): Promise<HttpResponse> => {
      attempts++;
      return get(wire, url ?? "", range, { ...call, attempts }, scope);
    };
    // S3 refuses a URL whose time is over as it refuses a wrong one.
    const renew = async (): Promise<void> => {
      url = await ask();
    };
    try {
      return await (wire.retry === undefined ? once() : wire.retry(once, { signal, deadlineMs, renew }));
    } catch (error) {
      if (signal?.aborted && !isEcrError(error)) throw aborted(signal.reason, { ...call, attempts });
      throw error;
    }
  };
}

async function get(
  { time, transport, requestTimeoutMs }: Wire,
  url: string,
  range: string | undefined,
  call: FailedCall,
  { signal, deadlineMs = Number.POSITIVE_INFINITY }: CallScope,
): Promise<HttpResponse> {
  const nowMs = time.now();
  const untilMs = Math.min(nowMs + requestTimeoutMs, deadlineMs);
  if (untilMs <= nowMs) throw outOfTime(call);
  try {
    const response = await sendTo(
      { method: "GET", url: new URL(url), ...(range !== undefined && { headers: { range } }) },
      { transport, signal, timeoutMs: untilMs - nowMs, onResend: () => undefined },
    );
    if (response.statusCode === 200 || response.statusCode === 206) return response;
    const body = await wholeBody(response, { signal, deadlineMs: untilMs }, time);
    throw fromRegistryAnswer({ ...response, body }, "blob", call, time.now());
  } catch (cause) {
    if (isEcrError(cause) && cause.operation !== undefined) throw cause;
    throw signal?.aborted ? aborted(signal.reason, call) : fromTransportFailure(cause, call);
  }
}
