import { describe, expect, it } from "vitest";
import { rejection } from "../../../test/fixtures/scripted-client.js";
import { type ScriptedTransport, scripted } from "../../../test/fixtures/scripted-transport.js";
import { Secret } from "../../secret.js";
import type { HttpResponse } from "../../transport/transport.js";
import { sendTo, type UrlRequest } from "./http-request.js";

const REGISTRY = "https://123456789012.dkr.ecr.eu-west-1.amazonaws.com";
const to = (location: string, statusCode = 307): HttpResponse => ({ statusCode, headers: { location } });
const done: HttpResponse = { statusCode: 200, headers: {} };

function send(transport: ScriptedTransport, more: Partial<UrlRequest> = {}): Promise<HttpResponse> {
  const request: UrlRequest = {
    method: "GET",
    url: new URL(`${REGISTRY}/v2/app/blobs/x`),
    authorization: new Secret("Basic login"),
    isTrusted: ({ origin, pathname }) => origin === REGISTRY && pathname.startsWith("/v2/"),
    ...more,
  };
  return sendTo(request, { transport, timeoutMs: 1_000, onResend: () => undefined });
}

const seen = ({ requests }: ScriptedTransport): readonly string[] =>
  requests.map(
    ({ protocol, hostname, path, headers }) => `${protocol}//${hostname}${path} ${headers["authorization"]}`,
  );

describe("a request that is redirected", () => {
  it("goes to another host without the login, and does not find it again on the way back", async () => {
    const transport = scripted(
      to("https://bucket.s3.amazonaws.com/layer?X-Amz-Signature=a%2Bb"),
      to(`${REGISTRY}/v2/y`),
      done,
    );
    expect(await send(transport)).toEqual(done);
    expect(seen(transport)).toEqual([
      `${REGISTRY}/v2/app/blobs/x Basic login`,
      "https://bucket.s3.amazonaws.com/layer undefined",
      `${REGISTRY}/v2/y undefined`,
    ]);
    expect(transport.requests[1]?.query).toEqual({ "X-Amz-Signature": "a+b" });
  });

  it("keeps the login within the registry only", async () => {
    const transport = scripted(to("/v2/app/blobs/y", 302), to("/elsewhere", 301), done);
    await send(transport);
    expect(seen(transport)).toEqual([
      `${REGISTRY}/v2/app/blobs/x Basic login`,
      `${REGISTRY}/v2/app/blobs/y Basic login`,
      `${REGISTRY}/elsewhere undefined`,
    ]);
  });

  it("is not followed out of TLS, to what is no web address, or in circles", async () => {
    for (const location of ["http://bucket.s3.amazonaws.com/layer", "file:///etc/passwd", "https://"])
      expect(await rejection(send(scripted(to(location))))).toMatchObject({ kind: "InvalidResponse" });
    const circle = scripted(...Array.from({ length: 6 }, () => to("/v2/app/blobs/x")));
    expect(await rejection(send(circle))).toMatchObject({
      kind: "InvalidResponse",
      message: "it was redirected more than 5 times",
    });
    expect(circle.requests).toHaveLength(6);
  });

  it("is not sent again when it writes", async () => {
    const transport = scripted(to("/v2/app/blobs/y"));
    const content = { sizeBytes: 1, open: () => new Uint8Array(1) };
    expect(await rejection(send(transport, { method: "PUT", content }))).toMatchObject({ kind: "InvalidResponse" });
    expect(transport.requests).toHaveLength(1);
  });

  it("without a Location is an answer like any other", async () => {
    const odd: HttpResponse = { statusCode: 307, headers: {} };
    expect(await send(scripted(odd))).toEqual(odd);
  });
});
