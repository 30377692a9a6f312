import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encode } from "../../../src/protocol/codec.js";
import { parseResponse, renderError, renderOutput } from "../../../src/protocol/response.js";
import { ServiceError } from "../../../src/protocol/service-error.js";
import { planOf, type Shape } from "../../../src/protocol/shape.js";
import { arbitraryValue } from "./arbitrary-shape.js";
import { type AnyOperation, type CannedResponse, everyOperation, exchange } from "./sdk.js";

/** Errors that any operation may answer although none models them, with the status they come with. */
const UNMODELLED: readonly (readonly [string, number])[] = [
  ["AccessDeniedException", 400],
  ["ThrottlingException", 400],
  ["UnrecognizedClientException", 400],
  ["ExpiredTokenException", 400],
  ["InternalFailure", 500],
  ["ServiceUnavailable", 503],
];

/** The further members of the two errors that have any. documented: service models. */
const MEMBERS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  InvalidLayerPartException: {
    registryId: "000000000000",
    repositoryName: "app",
    uploadId: "0b7d6c1e-0000-4000-8000-000000000000",
    lastValidByteReceived: 41,
  },
  KmsException: { kmsError: "DISABLED" },
};

describe.each(everyOperation)("answer of %s", (_name, operation) => {
  it("is read as the AWS SDK reads it, unknown members and nulls included", async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryValue(operation.output), fc.boolean(), async (output, noisy) => {
        const json = encode(operation.output, output);
        const response = renderOutput(noisy ? withNoise(operation.output, json) : json, "request-1");
        const { outcome } = await exchange(operation, {}, response);
        const ours = parseResponse(operation, response);
        expect(ours).toEqual({ ok: true, value: outcome.ok && plainBytes(outcome.output), requestId: "request-1" });
      }),
      { numRuns: 15 },
    );
  });

  it("that is an error has the code, message, status and members that the AWS SDK reads", async () => {
    for (const [code, status] of [...modelled(operation), ...UNMODELLED]) {
      const error = new ServiceError(code, `about ${code}`, { status, members: MEMBERS[code] ?? {} });
      await expectSameError(operation, renderError(error, "request-2"));
    }
  });
});

describe("the code of an error", () => {
  const operation = everyOperation.find(([name]) => name === "DescribeRepositories")?.[1] as AnyOperation;
  const code = "RepositoryNotFoundException";
  it.each([
    ["bare", { __type: code }, {}],
    ["with its namespace", { __type: `com.amazonaws.ecr#${code}` }, {}],
    ["with a URL behind it", { __type: `${code}:http://internal.amazon.com/coral/com.amazon.coral/` }, {}],
    ["with both", { __type: `com.amazonaws.ecr#${code}:http://internal.amazon.com/` }, {}],
    ["before a comma", { __type: `${code},more` }, {}],
    ["in `code`", { code }, {}],
    ["in `Code`", { Code: code }, {}],
    ["in a header", {}, { "x-amzn-errortype": `${code}:http://internal.amazon.com/` }],
    ["in all three, the body's type first", { __type: code, code: "A" }, { "x-amzn-errortype": "B" }],
    ["in two, the body's code first", { code }, { "x-amzn-errortype": "B" }],
  ])("is found %s", async (_where, body, headers) => {
    for (const text of [{ message: "m" }, { Message: "m" }, { message: "m", Message: "other" }, {}]) {
      const response = { statusCode: 400, headers, body: JSON.stringify({ ...body, ...text }) };
      expect((await expectSameError(operation, response)).code).toBe(code);
    }
  });
});

async function expectSameError(operation: AnyOperation, response: CannedResponse): Promise<ServiceError> {
  const ours = parseResponse(operation, response);
  const { outcome } = await exchange(operation, {}, response);
  if (ours.ok || outcome.ok) throw new Error("an error was read as a success");
  const {
    name,
    message,
    $metadata,
    $fault: _fault,
    $response: _response,
    __type,
    code,
    Code,
    Message,
    ...members
  } = outcome.error;
  expect({
    code: ours.error.code,
    message: ours.error.message || "UnknownError",
    status: ours.error.status,
    members: ours.error.members,
    requestId: ours.requestId,
  }).toEqual({
    code: name,
    message,
    status: response.statusCode,
    members,
    requestId: ($metadata as { readonly requestId?: string }).requestId,
  });
  return ours.error;
}

const modelled = ({ errors }: AnyOperation): readonly (readonly [string, number])[] =>
  errors.map((code) => [code, code === "ServerException" ? 500 : 400]);

/** Members that nobody knows and nulls in every structure: what a newer service may send. */
function withNoise(shape: Shape, json: unknown): unknown {
  if (shape.kind === "list") return (json as readonly unknown[]).map((element) => withNoise(shape.element, element));
  if (shape.kind !== "structure") return json;
  const given = json as Readonly<Record<string, unknown>>;
  const noisy = planOf(shape).map(({ name, shape: member }) => [
    name,
    name in given ? withNoise(member, given[name]) : null,
  ]);
  return Object.fromEntries([["newMember", { a: [1] }], ...noisy]);
}

/** The SDK answers a subclass of Uint8Array; what counts is the bytes. */
const plainBytes = (value: unknown): unknown =>
  value instanceof Uint8Array
    ? Buffer.from(value)
    : Array.isArray(value)
      ? value.map(plainBytes)
      : typeof value === "object" && value !== null && !(value instanceof Date)
        ? Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plainBytes(one)]))
        : value;
