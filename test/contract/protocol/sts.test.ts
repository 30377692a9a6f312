import * as sdk from "@aws-sdk/client-sts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ServiceError } from "../../../src/protocol/service-error.js";
import {
  buildStsRequest,
  parseStsRequest,
  parseStsResponse,
  renderStsError,
  renderStsOutput,
} from "../../../src/protocol/sts.js";
import { type StsOperation, stsOperations } from "../../../src/protocol/sts-operations.js";
import { arbitraryValue } from "./arbitrary-shape.js";

/** The operations that have something to say, each with the SDK's command. */
const commands: readonly (readonly [StsOperation<unknown, unknown>, (input: never) => { readonly input: object }])[] = [
  [stsOperations.AssumeRole, (input) => new sdk.AssumeRoleCommand(input)],
  [stsOperations.AssumeRoleWithWebIdentity, (input) => new sdk.AssumeRoleWithWebIdentityCommand(input)],
  [stsOperations.GetSessionToken, (input) => new sdk.GetSessionTokenCommand(input)],
];

describe("a request to STS", () => {
  it("is what the AWS SDK sends for GetCallerIdentity", async () => {
    const { request } = await exchange(new sdk.GetCallerIdentityCommand({}));
    const ours = buildStsRequest(stsOperations.GetCallerIdentity, {});
    expect(ours.body).toBe("Action=GetCallerIdentity&Version=2011-06-15");
    expect(request).toMatchObject({ method: "POST", path: "/", headers: ours.headers, body: ours.body });
  });

  it.each(commands)("is what the AWS SDK sends for $name, with lists and structures", async (operation, command) => {
    await fc.assert(
      fc.asyncProperty(printable(arbitraryValue(operation.input)), async (value) => {
        const { request } = await exchange(command(value as never));
        const ours = buildStsRequest(operation, value);
        expect(parameters(request.body)).toEqual(parameters(ours.body));
      }),
      { numRuns: 200 },
    );
  });

  it("is read back by the local STS", () => {
    expect(parseStsRequest("Version=2011-06-15&Action=GetCallerIdentity")).toEqual({
      name: "GetCallerIdentity",
      input: {},
    });
  });

  it.each([
    ["", "MissingAction"],
    ["Version=2011-06-15", "MissingAction"],
    ["Action=Nothing&Version=2011-06-15", "InvalidAction"],
    ["Action=toString&Version=2011-06-15", "InvalidAction"],
    ["Action=GetCallerIdentity&Version=2000-01-01", "InvalidAction"],
    ["Action=GetCallerIdentity", "InvalidAction"],
  ])("that reads %j is refused as %s", (body, code) => {
    expect(() => parseStsRequest(body)).toThrow(expect.objectContaining({ name: "ServiceError", code, status: 400 }));
  });

  it("with a parameter of ten thousand dots costs no stack", () => {
    expect(() => parseStsRequest(`${"a.".repeat(10_000)}=1`)).toThrow(ServiceError);
  });
});

describe("an answer of STS", () => {
  const identity = { UserId: "AIDA", Account: "000000000000", Arn: "arn:aws:iam::000000000000:user/<&>\"'" };

  it("to GetCallerIdentity is read by the AWS SDK and by ecrkit alike", async () => {
    const response = renderStsOutput(stsOperations.GetCallerIdentity, identity, "request-1");
    const { outcome } = await exchange(new sdk.GetCallerIdentityCommand({}), response);
    expect(outcome).toEqual({ ok: true, output: identity });
    expect(parseStsResponse(stsOperations.GetCallerIdentity, response)).toEqual({
      ok: true,
      value: identity,
      requestId: "request-1",
    });
  });

  it.each(commands)("of $name is read as the AWS SDK reads it", async (operation, command) => {
    await fc.assert(
      fc.asyncProperty(printable(arbitraryValue(operation.output)), async (value) => {
        const response = renderStsOutput(operation, value, "request-1");
        const { outcome } = await exchange(command({} as never), response);
        const ours = parseStsResponse(operation, response);
        expect(ours).toEqual({ ok: true, value: outcome.ok && outcome.output, requestId: "request-1" });
        expect(ours).toEqual({ ok: true, value, requestId: "request-1" });
      }),
      { numRuns: 200 },
    );
  });

  it.each([
    ["AccessDenied", 403, "AccessDenied", 403],
    ["AccessDeniedException", 400, "AccessDenied", 403],
    ["UnrecognizedClientException", 400, "InvalidClientTokenId", 403],
    ["InvalidSignatureException", 400, "SignatureDoesNotMatch", 403],
    ["MissingAuthenticationTokenException", 400, "MissingAuthenticationToken", 403],
    ["InternalFailure", 500, "InternalFailure", 500],
  ])("that is the error %s (%i) travels as %s (%i)", async (code, status, name, statusCode) => {
    const response = renderStsError(new ServiceError(code, "why <&>", { status }), "request-2");
    const { outcome } = await exchange(new sdk.GetCallerIdentityCommand({}), response);
    expect(outcome.ok || { name: outcome.error.name, message: outcome.error.message }).toEqual({
      name,
      message: "why <&>",
    });
    const ours = parseStsResponse(stsOperations.GetCallerIdentity, response);
    expect(ours).toMatchObject({
      ok: false,
      requestId: "request-2",
      error: { code: name, message: "why <&>", status: statusCode },
    });
  });

  it.each(["", "<html><body>502 Bad Gateway</body></html>", "not XML", "<a><b></a>"])(
    "that names no error is named by its status: %j",
    (body) => {
      const ours = parseStsResponse(stsOperations.GetCallerIdentity, { statusCode: 503, headers: {}, body });
      expect(ours).toMatchObject({ ok: false, error: { code: "ServiceUnavailable", message: "", status: 503 } });
    },
  );

  it.each(["", "{}", "<GetCallerIdentityResponse/>", "<a>"])(
    "that is a success but not the answer is refused: %j",
    (body) => {
      expect(() => parseStsResponse(stsOperations.GetCallerIdentity, { statusCode: 200, headers: {}, body })).toThrow(
        expect.objectContaining({ kind: "InvalidResponse", operation: "GetCallerIdentity" }),
      );
    },
  );
});

interface Exchange {
  readonly request: { readonly method: string; readonly path: string; readonly headers: object; readonly body: string };
  readonly outcome: { readonly ok: true; readonly output: object } | { readonly ok: false; readonly error: Error };
}

async function exchange(
  command: { readonly input: object },
  response: {
    readonly statusCode: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
  } = {
    statusCode: 200,
    headers: {},
    body: "",
  },
): Promise<Exchange> {
  const sent: Exchange["request"][] = [];
  const client = new sdk.STSClient({
    region: "us-east-1",
    credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" },
    maxAttempts: 1,
    requestHandler: {
      handle: (request: Exchange["request"]) => {
        sent.push(request);
        return Promise.resolve({
          response: { ...response, headers: { ...response.headers }, body: Buffer.from(response.body) },
        });
      },
    } as never,
  });
  const outcome = await client.send(command as sdk.GetCallerIdentityCommand).then(
    ({ $metadata: _, ...value }): Exchange["outcome"] => ({ ok: true, output: value }),
    (error): Exchange["outcome"] => ({ ok: false, error }),
  );
  const [request] = sent;
  if (request === undefined) throw new Error("the SDK sent nothing", { cause: outcome });
  return { request, outcome };
}

/**
 * XML cannot carry control characters nor form bodies lone surrogates, which JSON writes as `\\u`: neither occurs in STS. The SDK takes a text of
 * line feeds and spaces alone for indentation: that does not occur either.
 */
const printable = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T> =>
  arbitrary.filter((value) => {
    const text = JSON.stringify(value);
    return !/\\u|[\ufffe\uffff\u007f-\u009f]|\\[bfrt]|"(?:\s|\\n)*\\n(?:\s|\\n)*"/.test(text);
  });

const parameters = (body: string): readonly (readonly [string, string])[] =>
  [...new URLSearchParams(body)].sort(([a], [b]) => (a < b ? -1 : 1));
