import { describe, expect, it } from "vitest";
import { clientOver, rejection } from "../../test/fixtures/scripted-client.js";
import { answering, failure, scripted } from "../../test/fixtures/scripted-transport.js";
import type { EcrError } from "../errors.js";

const transport = scripted();
const { ecr } = clientOver(transport);
const id = { imageTag: "v1" };
const wrong = <T>(value: T): never => value as never;

describe("what a caller gets wrong", () => {
  it.each<[string, () => unknown, string]>([
    [
      "options that are null",
      () => ecr.call("ListImages", { repositoryName: "app" }, wrong(null)),
      "options must be an object, got null",
    ],
    ["options of a listing", () => ecr.repositories.list({}, wrong(null)), "options must be an object, got null"],
    [
      "options of a description",
      () => ecr.images.describe("app", [id], wrong(null)),
      "options must be an object, got null",
    ],
    ["options of a token", () => ecr.auth.token(wrong(null)), "options must be an object, got null"],
    ["options of a login", () => ecr.auth.loginCommand(wrong(null)), "options must be an object, got null"],
    ["a filter", () => ecr.repositories.list(wrong(null)), "filter must be an object, got null"],
    ["a prefix", () => ecr.repositories.list({ prefix: wrong(5) }), "filter.prefix must be a text, got 5"],
    [
      "a source of a tag",
      () => ecr.images.putTag("app", wrong("v1"), "v2"),
      'source must be an object with imageDigest or imageTag, got "v1"',
    ],
    [
      "a number that is a BigInt",
      () => ecr.call("ListImages", { repositoryName: "app", maxResults: wrong(5n) }),
      "maxResults must be a number, got 5n",
    ],
    [
      "a tag that is a BigInt",
      () => ecr.images.get("app", { imageTag: wrong(5n) }),
      "id.imageTag must be a tag of 1 to 128 letters, digits and _.- that begins with none of .-, got 5n",
    ],
    ["a tool that is a BigInt", () => ecr.auth.loginCommand({ tool: wrong(5n) }), "helm, got 5n"],
    [
      "a signal",
      () => ecr.call("ListImages", { repositoryName: "app" }, { signal: wrong("x") }),
      'signal must be an AbortSignal, got "x"',
    ],
    [
      "a misspelt option",
      () => ecr.call("ListImages", { repositoryName: "app" }, wrong({ timeout: 5 })),
      "timeout is not an option of this call; it knows signal, timeoutMs",
    ],
    [
      "a misspelt option of a listing",
      () => ecr.images.list("app", {}, wrong({ page: 5 })),
      "page is not an option of this call; it knows signal, timeoutMs, caller, pageSize",
    ],
    [
      "a misspelt option of a token",
      () => ecr.auth.token(wrong({ registry: "x" })),
      "registry is not an option of this call; it knows signal, timeoutMs, caller, registryId",
    ],
    [
      "a misspelt filter",
      () => ecr.repositories.list(wrong({ prefx: "team/" })),
      "prefx is not an option of the filter of repositories.list; it knows prefix",
    ],
    [
      "a misspelt member",
      () => ecr.call("ListImages", wrong({ repositoryName: "app", maxResult: 1 })),
      "ListImages was not sent: maxResult is not a member of its input, which knows registryId, repositoryName, nextToken, maxResults, filter",
    ],
    [
      "a misspelt member of a filter",
      () => ecr.images.list("app", wrong({ tagstatus: "TAGGED" })).all(),
      "ListImages was not sent: filter.tagstatus is not a member of filter, which knows tagStatus, imageStatus",
    ],
    [
      "a misspelt member in a list",
      () => ecr.call("BatchGetImage", { repositoryName: "app", imageIds: [id, wrong({ tag: "v2" })] }),
      "BatchGetImage was not sent: imageIds.2.member.tag is not a member of imageIds.2.member, which knows imageDigest, imageTag",
    ],
  ])("is refused before anything is sent: %s", async (_, call, message) => {
    const outcome = (async () => call())();
    expect(await rejection(outcome)).toMatchObject({
      name: "EcrError",
      kind: "InvalidParameter",
      message: expect.stringContaining(message),
    });
    expect(transport.requests).toEqual([]);
  });

  it("does not include a member without a value, nor what an image holds beside its id", async () => {
    const described = { imageTag: "v1", imageSizeInBytes: 5, registryId: "123456789012" };
    const seen = answering(() => Promise.reject(failure("ECONNREFUSED")));
    const { images, call } = clientOver(seen, { retry: false }).ecr;
    await rejection(images.batchGet("app", [described]));
    await rejection(call("ListImages", { repositoryName: "app", ...{ maxResult: undefined } }));
    expect(seen.inputs).toEqual([{ repositoryName: "app", imageIds: [id] }, { repositoryName: "app" }]);
  });
});

describe("a transport of the caller's own", () => {
  it.each([[undefined], [{}], [{ response: {} }], [{ response: { statusCode: 200 } }]])(
    "that answers %j is told so",
    async (given) => {
      const handle = async () => given as never;
      expect(await rejection(clientOver({ handle }).ecr.call("DescribeRegistry", {}))).toMatchObject({
        kind: "InvalidResponse",
        operation: "DescribeRegistry",
        message:
          "DescribeRegistry on the registry in eu-west-1 failed: the transport answered without a response of statusCode and headers.",
      });
    },
  );

  it("that throws is named, and the network is left out of it", async () => {
    const { ecr } = clientOver(answering(() => Promise.reject(new TypeError("x is not a function"))));
    expect(await rejection(ecr.call("DescribeRegistry", {}))).toMatchObject({
      kind: "Connection",
      category: "terminal",
      message:
        "DescribeRegistry on the registry in eu-west-1 failed: the transport threw TypeError: x is not a function.",
    });
  });

  it("that meets a refused certificate is told to look at the network", async () => {
    const { ecr } = clientOver(answering(() => Promise.reject(failure("CERT_HAS_EXPIRED"))));
    const { message } = (await rejection(ecr.call("DescribeRegistry", {}))) as EcrError;
    expect(message).toMatch(
      /failed: the socket said CERT_HAS_EXPIRED\. Check the network, the proxy and the endpoint\.$/,
    );
  });
});
