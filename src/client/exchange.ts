import type { EcrError } from "../errors.js";
import { callRegion, type EndpointService } from "../protocol/endpoints.js";
import type { Answer, WholeResponse } from "../protocol/response.js";
import type { Step } from "../telemetry/pipeline-observer.js";
import type { CallScope } from "./call-scope.js";
import type { AwsCredentials } from "./credentials.js";
import type { FailedCall } from "./error-mapper.js";

/** One operation with its input, ready to be sent as often as need be. */
export interface Exchange<Output> {
  readonly operation: string;
  readonly service: EndpointService;
  readonly access: "read" | "write";
  /** Sent without a signature: what it holds says who asks. */
  readonly isUnsigned?: boolean;
  /** What it is about, for people; asked for only when it fails. */
  readonly subject: () => string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly parse: (response: WholeResponse) => Answer<Output>;
  /** What to make of an error after the answer to an earlier try was lost: the output, if that try proves to have been carried out. */
  readonly settle?: ((error: EcrError, scope: CallScope) => Promise<Output | undefined>) | undefined;
}

/** An exchange on its way through the pipeline. */
export interface Run<Output> {
  readonly exchange: Exchange<Output>;
  readonly scope: CallScope;
  /** Whoever watches, if anybody does. */
  readonly step: Step | undefined;
  /** Requests that were sent. */
  attempts: number;
  /** The time that the last attempt was given for its answer, in milliseconds. */
  attemptMs: number;
  /** A write may have been carried out although its answer did not come. */
  answerLost: boolean;
  /** The keys of the last attempt. */
  keys: AwsCredentials | undefined;
  /** The last answer showed that this machine's clock is wrong. */
  clockWasWrong: boolean;
  /** What the last attempt failed with. */
  lastError: unknown;
}

/** An exchange at the start of its way. */
export const startRun = <Output>(exchange: Exchange<Output>, scope: CallScope, step?: Step): Run<Output> => ({
  exchange,
  scope,
  step,
  attempts: 0,
  attemptMs: 0,
  answerLost: false,
  keys: undefined,
  clockWasWrong: false,
  lastError: undefined,
});

/** What an error says of a run. */
export const failedCall = ({ exchange, attempts, answerLost }: Run<unknown>, region: string): FailedCall => ({
  operation: exchange.operation,
  subject: exchange.subject(),
  region: callRegion(exchange.service, region),
  attempts,
  ambiguous: answerLost,
});
