import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { operations } from "./operations.js";
import { buildRequest, parseRequestBody, parseTarget } from "./request.js";
import { parseResponse, renderError, renderOutput } from "./response.js";
import { ServiceError } from "./service-error.js";

const { DescribeRepositories, GetAuthorizationToken, UploadLayerPart } = operations;
const answer = (statusCode: number, body: string, headers: Readonly<Record<string, string>> = {}): object =>
  parseResponse(DescribeRepositories, { statusCode, headers, body });

describe("a request", () => {
  it("names its operation in X-Amz-Target and carries its input as JSON", () => {
    expect(buildRequest(DescribeRepositories, { repositoryNames: ["app"], maxResults: 5 })).toEqual({
      headers: {
        "content-type": "application/x-amz-json-1.1",
        "x-amz-target": "AmazonEC2ContainerRegistry_V20150921.DescribeRepositories",
      },
      body: '{"repositoryNames":["app"],"maxResults":5}',
    });
  });

  it("of ECR Public names the other service", () => {
    const { headers, body } = buildRequest(operations["ecr-public:GetAuthorizationToken"], {});
    expect([headers["x-amz-target"], body]).toEqual(["SpencerFrontendService.GetAuthorizationToken", "{}"]);
  });

  it.each([
    ["AmazonEC2ContainerRegistry_V20150921.PutImage", { service: "ecr", name: "PutImage" }],
    ["SpencerFrontendService.PutImage", { service: "ecr-public", name: "PutImage" }],
    ["SpencerFrontendService.a.b", { service: "ecr-public", name: "a.b" }],
    ["SpencerFrontendService", undefined],
    ["spencerfrontendservice.PutImage", undefined],
    ["DynamoDB_20120810.ListTables", undefined],
    ["", undefined],
  ])("with the target %j is for %j", (target, parsed) => {
    expect(parseTarget(target)).toEqual(parsed);
  });

  it("without a body has an empty input, and with one that is no JSON is refused", () => {
    expect(parseRequestBody("")).toEqual({});
    expect(parseRequestBody('{"a":1}')).toEqual({ a: 1 });
    for (const body of ["{", '{"a":1', "nul", "\ufeff{}"])
      expect(() => parseRequestBody(body)).toThrow(
        expect.objectContaining({ code: "SerializationException", status: 400 }),
      );
  });
});

describe("an answer", () => {
  it("is the value, with the request's id", () => {
    const body = Buffer.from('{"repositories":[{"repositoryName":"app","createdAt":1.5}],"new":{}}');
    const response = { statusCode: 200, headers: { "x-amzn-requestid": "id-1" }, body };
    expect(parseResponse(DescribeRepositories, response)).toEqual({
      ok: true,
      value: { repositories: [{ repositoryName: "app", createdAt: new Date(1500) }] },
      requestId: "id-1",
    });
  });

  it.each([
    [503, "", "ServiceUnavailable"],
    [502, "<html><h1>502 Bad Gateway</h1></html>", "BadGateway"],
    [504, "upstream request timeout", "GatewayTimeout"],
    [500, "null", "InternalFailure"],
    [500, "[1]", "InternalFailure"],
    [500, '{"__type":5}', "InternalFailure"],
    [429, '{"message":"slow down"}', "ThrottlingException"],
    [413, "", "RequestEntityTooLarge"],
    [403, "{}", "AccessDeniedException"],
    [301, "", "Unknown"],
    [418, '{"__type":""}', "Unknown"],
  ])("of status %i that names no error in %j is a %s", (status, body, code) => {
    expect(answer(status, body)).toMatchObject({ ok: false, error: { code, status } });
  });

  it.each(["<html>", "[]", '"text"', "null", '{"repositories":{}}', '{"repositories":[1]}', '{"repositories"'])(
    "that is a success but not the output is refused: %j",
    (body) => {
      expect(() => answer(200, body, { "x-amzn-requestid": "id-1" })).toThrow(
        expect.objectContaining({
          kind: "InvalidResponse",
          operation: "DescribeRepositories",
          requestId: "id-1",
          message: expect.stringMatching(
            /^DescribeRepositories was answered with status 200, but not with its output: /,
          ),
        }),
      );
    },
  );

  it("never shows the body of an answer it cannot read: it may hold a token", () => {
    const body = '{"authorizationData":[{"authorizationToken":"c2VjcmV0","expiresAt":"never"}]}';
    const read = (): unknown => parseResponse(GetAuthorizationToken, { statusCode: 200, headers: {}, body });
    expect(read).toThrow(/a time in epoch seconds/);
    expect(read).not.toThrow(/c2VjcmV0/);
  });

  it("that is an error comes through whatever it says", () => {
    fc.assert(
      fc.property(fc.json(), fc.integer({ min: 300, max: 599 }), (body, status) => {
        expect(answer(status, body)).toMatchObject({ ok: false, error: { status } });
      }),
    );
  });
});

describe("the local ECR's answer", () => {
  it("carries an output", () => {
    expect(renderOutput({ repositories: [] }, "id-1")).toEqual({
      statusCode: 200,
      headers: { "content-type": "application/x-amz-json-1.1", "x-amzn-requestid": "id-1" },
      body: '{"repositories":[]}',
    });
  });

  it("carries an error in body and header, with its further members", () => {
    const error = new ServiceError("InvalidLayerPartException", "a gap", { members: { lastValidByteReceived: 41 } });
    const rendered = renderError(error, "id-1");
    expect(rendered).toEqual({
      statusCode: 400,
      headers: {
        "content-type": "application/x-amz-json-1.1",
        "x-amzn-requestid": "id-1",
        "x-amzn-errortype": "InvalidLayerPartException",
      },
      body: '{"__type":"InvalidLayerPartException","message":"a gap","lastValidByteReceived":41}',
    });
    const read = parseResponse(UploadLayerPart, rendered);
    expect(read).toMatchObject({
      ok: false,
      error: { code: error.code, message: "a gap", status: 400, members: error.members },
    });
  });

  it("spells the message of a denial as AWS does", () => {
    expect(renderError(new ServiceError("AccessDeniedException", "no"), "id-1").body).toBe(
      '{"__type":"AccessDeniedException","Message":"no"}',
    );
  });
});
