import { encode } from "./codec.js";
import { ecr, ecrPublic, type OperationDescription, type Service } from "./operation.js";
import { ServiceError } from "./service-error.js";

/** The content type of both directions. documented: AWS JSON 1.1. */
export const JSON_CONTENT_TYPE = "application/x-amz-json-1.1";

/** What is particular to one operation in a request; method `POST`, path `/` and no query are the same for all. */
export interface OperationRequest {
  readonly headers: { readonly "content-type": string; readonly "x-amz-target": string };
  readonly body: string;
}

/** The unsigned request of an operation. `input` is expected to be valid: see `validate`. */
export const buildRequest = <I, O>(description: OperationDescription<I, O>, input: I): OperationRequest => ({
  headers: {
    "content-type": JSON_CONTENT_TYPE,
    "x-amz-target": `${description.service.targetPrefix}.${description.name}`,
  },
  body: JSON.stringify(encode(description.input, input)),
});

/** Which operation an `X-Amz-Target` names, or undefined when its prefix is of neither service. The match is exact, case included. */
export function parseTarget(target: string): { readonly service: Service["id"]; readonly name: string } | undefined {
  const service = [ecr, ecrPublic].find(({ targetPrefix }) => target.startsWith(`${targetPrefix}.`));
  return service && { service: service.id, name: target.slice(service.targetPrefix.length + 1) };
}

/**
 * The JSON value of a request's body; an empty body is an empty input (assumed).
 *
 * @throws {ServiceError} `SerializationException` when it is not JSON. assumed: AWS JSON convention.
 */
export function parseRequestBody(body: string): unknown {
  if (body === "") return {};
  try {
    return JSON.parse(body);
  } catch {
    throw new ServiceError("SerializationException", "The request body is not valid JSON");
  }
}
