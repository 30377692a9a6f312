import { EcrError } from "../errors.js";
import { callRegion } from "../protocol/endpoints.js";
import type { InputOf, OperationName, OutputOf } from "../protocol/operations.js";
import { inStep, type Step } from "../telemetry/pipeline-observer.js";
import { type CallScope, withinScope } from "./call-scope.js";
import type { ResolvedConfig } from "./config.js";
import type { FailedCall } from "./error-mapper.js";
import { type Exchange, failedCall, startRun } from "./exchange.js";
import type { Line } from "./line.js";
import type { Opener } from "./opener.js";
import { descriptionOf, exchangeOf, type Send } from "./operation-exchange.js";
import { type OutcomeFacts, outcomeFacts } from "./outcome-facts.js";

/**
 * Sends operations: span ⊃ cache ⊃ the connection's pipeline. What is wrong with a call by itself is said before anything is looked up
 * or sent.
 */
export function senderOver(config: ResolvedConfig, line: Opener<Line>): Send {
  const { readOnly, time, region = "an unknown region" } = config;
  const factsOf = outcomeFacts();

  const check = <N extends OperationName>(operation: N, input: InputOf<N>): Exchange<OutputOf<N>> => {
    const exchange = exchangeOf(operation, input, send);
    if (readOnly && exchange.access === "write")
      throw refusedToWrite(exchange, line.current()?.place.region ?? config.region);
    return exchange;
  };

  const send: Send = async (operation, input, scope) => {
    const call = { config, operation, input, scope, factsOf };
    const opened = line.current();
    if (opened !== undefined) return observed(call, opened, () => check(operation, input));
    const exchange = check(operation, input);
    const late = () => failedCall(startRun(exchange, scope), region);
    return observed(call, await withinScope(line.open(), scope, time, late), () => exchange);
  };
  return send;
}

/** An operation on its way. */
interface Call<N extends OperationName> {
  readonly config: ResolvedConfig;
  readonly operation: N;
  readonly input: InputOf<N>;
  readonly scope: CallScope;
  readonly factsOf: OutcomeFacts;
}

function observed<N extends OperationName>(
  call: Call<N>,
  line: Line,
  build: () => Exchange<OutputOf<N>>,
): Promise<OutputOf<N>> {
  const observer = call.config.observer.current();
  if (observer === undefined) return cached(call, line, build(), undefined);
  const { name, service, access } = descriptionOf(call.operation);
  const region = callRegion(service.id, line.place.region);
  return observer.call({ operation: name, service: service.id, region, access }, async (step) => {
    const output = await cached(call, line, inStep(step, "build", build), step);
    const facts = call.factsOf(call.operation, call.input, output);
    if (facts !== undefined) step.note(facts);
    return output;
  });
}

function cached<N extends OperationName>(
  { config, operation, input, scope }: Call<N>,
  { connection, keyPrefix, place }: Line,
  exchange: Exchange<OutputOf<N>>,
  step: Step | undefined,
): Promise<OutputOf<N>> {
  const { reads } = config.cache;
  const ask = (): Promise<OutputOf<N>> => connection.send(exchange, scope, step);
  if (reads === undefined) return ask();
  const failed = (): FailedCall => failedCall(startRun(exchange, scope), place.region);
  return reads.through({ operation, input, access: exchange.access, scope, keyPrefix, failed, step }, ask);
}

const refusedToWrite = ({ operation, service, subject }: Exchange<unknown>, region: string | undefined): EcrError =>
  new EcrError(
    `${operation} on ${subject()} was not sent: it writes, and this client only reads. Use one without readOnly.`,
    { kind: "ReadOnly", operation, region: region === undefined ? undefined : callRegion(service, region) },
  );
