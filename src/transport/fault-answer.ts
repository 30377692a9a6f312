import { randomUUID } from "node:crypto";
import { codeOfStatus, type RenderedResponse, renderError } from "../protocol/response.js";
import { ServiceError } from "../protocol/service-error.js";
import { renderStsError } from "../protocol/sts.js";
import type { AwsCall } from "./aws-call.js";
import type { FaultEffect } from "./fault-plan.js";
import type { HttpResponse } from "./transport.js";

/** An effect that is an answer of the service. */
export type FaultAnswer = Extract<
  FaultEffect,
  { readonly kind: "throttle" | "server-error" | "expired-token" | "access-denied" | "kms" | "error" }
>;

/** Which fault a response is the work of: for people who wonder, and for the operation log. */
export const FAULT_HEADER = "x-ecrkit-fault";

/** The answer of a service that fails so, in the way that the call's face has. */
export function faultAnswer(effect: FaultAnswer, call: AwsCall): HttpResponse {
  const { error, registry } = failureOf(effect, call.operation);
  const { statusCode, headers, body } = render(call, error, registry);
  const bytes = Buffer.from(body);
  return {
    statusCode,
    headers: { ...headers, "content-length": String(bytes.byteLength), [FAULT_HEADER]: effect.kind },
    body: bytes,
  };
}

function render(call: AwsCall, error: ServiceError, { status, code }: OnRegistry): RenderedResponse {
  switch (call.face) {
    case "api":
      return renderError(error, randomUUID());
    case "sts":
      return renderStsError(error, randomUUID());
    case "registry":
      return {
        statusCode: status,
        headers: {
          "content-type": "application/json; charset=utf-8",
          "docker-distribution-api-version": "registry/2.0",
        },
        body: JSON.stringify({ errors: [{ code, message: error.message }] }),
      };
    case "layers":
      // documented: Amazon S3 API reference, error responses; the codes are assumed to be told by status alone.
      return {
        statusCode: status === 429 ? 503 : status,
        headers: { "content-type": "application/xml" },
        body: `<Error><Code>${status === 429 ? "SlowDown" : code}</Code></Error>`,
      };
  }
}

/** How an error shows on `/v2/`. */
interface OnRegistry {
  readonly status: number;
  readonly code: string;
}

interface Failure {
  readonly error: ServiceError;
  readonly registry: OnRegistry;
}

/** assumed texts, but for "Rate exceeded" and the expired registry token, which are documented. */
function failureOf(effect: FaultAnswer, operation: string): Failure {
  const failure = (code: string, message: string, registry: OnRegistry, options = {}): Failure => ({
    error: new ServiceError(code, message, options),
    registry,
  });
  switch (effect.kind) {
    case "throttle":
      return failure("ThrottlingException", "Rate exceeded", { status: 429, code: "TOOMANYREQUESTS" });
    case "server-error": {
      const { status = 500 } = effect;
      const code = status === 500 ? "ServerException" : codeOfStatus(status);
      return failure(code, "The service failed to answer", { status, code: "UNKNOWN" }, { status });
    }
    case "expired-token":
      return failure("ExpiredTokenException", "Your authorization token has expired. Reauthenticate and try again.", {
        status: 403,
        code: "DENIED",
      });
    case "access-denied":
      return failure("AccessDeniedException", `User is not authorized to perform: ${actionOf(operation)}`, {
        status: 403,
        code: "DENIED",
      });
    case "kms": {
      const { kmsError = "DisabledException" } = effect;
      const message = "The operation failed because the KMS key cannot be used";
      return failure("KmsException", message, { status: 403, code: "DENIED" }, { members: { kmsError } });
    }
    case "error": {
      const { code, message = "", status = 400 } = effect;
      return failure(code, message, { status, code }, { status });
    }
  }
}

const actionOf = (operation: string): string => (operation.includes(":") ? operation : `ecr:${operation}`);
