import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { presign, type Signing, sign } from "./sigv4.js";
import type { SignableRequest } from "./sigv4-canonical.js";
import {
  parseAuthorization,
  parsePresignedQuery,
  type VerificationKey,
  type VerifyOptions,
  verify,
} from "./sigv4-verify.js";

const NOW_MS = Date.UTC(2015, 7, 30, 12, 36, 0);
const signing: Signing = {
  credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" },
  service: "ecr",
  region: "eu-west-1",
  nowMs: NOW_MS,
};
const keys: Readonly<Record<string, VerificationKey>> = {
  AKIDEXAMPLE: { secretAccessKey: "secret" },
  ASIATEMPORARY: { secretAccessKey: "secret", sessionToken: "token" },
  ASIAEXPIRED: { secretAccessKey: "secret", sessionToken: "token", expired: true },
};
const options: VerifyOptions = { keyOf: (accessKeyId) => keys[accessKeyId], nowMs: NOW_MS, service: "ecr" };
const request: SignableRequest = {
  method: "POST",
  protocol: "https:",
  hostname: "api.ecr.eu-west-1.amazonaws.com",
  path: "/",
  headers: { "x-amz-target": "AmazonEC2ContainerRegistry_V20150921.DescribeRepositories" },
  body: '{"maxResults":1}',
};
const signed = sign(request, signing);
const temporary = (accessKeyId: string, sessionToken: string | undefined): Signing => ({
  ...signing,
  credentials: { accessKeyId, secretAccessKey: "secret", sessionToken },
});
const accepted = { ok: true, accessKeyId: "AKIDEXAMPLE", region: "eu-west-1", service: "ecr", signedAtMs: NOW_MS };
const mismatch = {
  code: "InvalidSignatureException",
  message:
    "The request signature we calculated does not match the signature you provided. " +
    "Check your AWS Secret Access Key and signing method. Consult the service documentation for details.",
};

const PRINTABLE = Array.from({ length: 95 }, (_, at) => String.fromCharCode(32 + at));

/** Every text that is one byte away: another in its place, one less, one more. */
const changesOf = (text: string): readonly string[] => [
  ...Array.from(text, (was, at) =>
    PRINTABLE.filter((char) => char !== was).map((char) => text.slice(0, at) + char + text.slice(at + 1)),
  ).flat(),
  ...Array.from(text, (_, at) => text.slice(0, at) + text.slice(at + 1)),
  ...Array.from({ length: text.length + 1 }, (_, at) =>
    ["0", " ", "=", ","].map((char) => text.slice(0, at) + char + text.slice(at)),
  ).flat(),
];

/** A header as it is signed. */
const trimmed = (text: string): string => text.trim().replaceAll(/ +/g, " ");

/** A path as it is signed. */
const normalized = (path: string): string => new URL(path, "http://host").pathname;

describe("verifying a signature", () => {
  it("accepts what sign and presign make of any request, and says who signed it", () => {
    const text = fc.string({ unit: "grapheme-composite", maxLength: 12 });
    const requests = fc.record({
      method: fc.constantFrom("GET", "POST"),
      hostname: fc.domain(),
      path: fc.array(text.map(encodeURIComponent), { maxLength: 3 }).map((parts) => `/${parts.join("/")}`),
      query: fc.dictionary(text, fc.oneof(text, fc.constant(null), fc.array(text, { minLength: 1, maxLength: 3 })), {
        maxKeys: 3,
      }),
      headers: fc.dictionary(fc.stringMatching(/^x-[a-z]{2,8}$/), fc.string({ maxLength: 10 }), { maxKeys: 3 }),
      body: fc.oneof(text, fc.uint8Array({ maxLength: 20 })),
    });
    fc.assert(
      fc.property(requests, (one) => {
        expect(verify(sign(one, signing), options)).toEqual(accepted);
        expect(verify(presign(one, { ...signing, expiresS: 60 }), options)).toEqual(accepted);
      }),
      { numRuns: 200 },
    );
  });

  it.each([
    ["the method", { method: "PUT" }],
    ["the path", { path: "/other" }],
    ["the query", { query: { a: "1" } }],
    ["the body", { body: '{"maxResults":2}' }],
    ["the host", { headers: { ...signed.headers, host: "other" } }],
    [
      "a signed header",
      { headers: { ...signed.headers, "x-amz-target": "AmazonEC2ContainerRegistry_V20150921.PutImage" } },
    ],
    [
      "the declared hash",
      { headers: sign({ ...request, headers: { "x-amz-content-sha256": "0".repeat(64) } }, signing).headers },
    ],
  ])("refuses a request of which %s was changed", (_what, change) => {
    expect(verify({ ...signed, ...change }, options)).toMatchObject({ ok: false, error: { ...mismatch, status: 400 } });
  });

  it("refuses every change of one byte that alters the canonical request or the Authorization header", () => {
    const letThrough: string[] = [];
    const refuses = (text: string, changed: (text: string) => SignableRequest, same = trimmed): void => {
      const others = changesOf(text).filter((other) => same(other) !== same(text));
      letThrough.push(...others.filter((other) => verify(changed(other), options).ok));
    };
    const withHeader = (name: string) => (value: string) => ({
      ...signed,
      headers: { ...signed.headers, [name]: value },
    });
    for (const name of ["host", "x-amz-date", "x-amz-target"]) refuses(signed.headers[name] ?? "", withHeader(name));
    // Spaces beside the commas say nothing: SDKs differ in them.
    const parameters = (header: string): string => header.replaceAll(/ *, */g, ",").replace(/ +/, " ").trim();
    refuses(signed.headers["authorization"] ?? "", withHeader("authorization"), parameters);
    refuses(signed.method, (method) => ({ ...signed, method }));
    refuses('{"maxResults":1}', (body) => ({ ...signed, body }), String);
    const at = sign({ ...request, path: "/a/b" }, signing);
    refuses("/a/b", (path) => ({ ...at, path }), normalized);
    const presigned = presign(request, { ...signing, expiresS: 60 });
    for (const [name, value] of Object.entries(presigned.query))
      refuses(String(value), (other) => ({ ...presigned, query: { ...presigned.query, [name]: other } }), String);
    expect(letThrough).toEqual([]);
  });

  it("refuses a signature of another secret", () => {
    const forged = sign(request, { ...signing, credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "guess" } });
    expect(verify(forged, options)).toMatchObject({ ok: false, error: mismatch });
  });

  it.each([
    ["an unknown key", temporary("AKIDUNKNOWN", undefined)],
    ["a temporary key without its session token", temporary("ASIATEMPORARY", undefined)],
    ["a temporary key with another session token", temporary("ASIATEMPORARY", "other")],
    ["a long-term key with a session token", temporary("AKIDEXAMPLE", "token")],
  ])("refuses %s", (_what, by) => {
    const error = {
      code: "UnrecognizedClientException",
      message: "The security token included in the request is invalid.",
    };
    expect(verify(sign(request, by), options)).toMatchObject({ ok: false, error });
    expect(verify(presign(request, { ...by, expiresS: 60 }), options)).toMatchObject({ ok: false, error });
  });

  it("accepts a temporary key with its session token, until its session is over", () => {
    expect(verify(sign(request, temporary("ASIATEMPORARY", "token")), options)).toMatchObject({
      ok: true,
      accessKeyId: "ASIATEMPORARY",
    });
    expect(verify(sign(request, temporary("ASIAEXPIRED", "token")), options)).toMatchObject({
      ok: false,
      error: { code: "ExpiredTokenException", message: "The security token included in the request is expired" },
    });
  });

  it("accepts clocks five minutes apart and refuses a millisecond more", () => {
    const at = (nowMs: number): object => verify(signed, { ...options, nowMs });
    expect(at(NOW_MS + 300_000)).toEqual(accepted);
    expect(at(NOW_MS - 300_000)).toEqual(accepted);
    expect(at(NOW_MS + 301_000)).toMatchObject({
      error: {
        code: "InvalidSignatureException",
        message: "Signature expired: 20150830T123600Z is now earlier than 20150830T123601Z (20150830T124101Z - 5 min.)",
      },
    });
    expect(at(NOW_MS - 301_000)).toMatchObject({
      error: {
        code: "InvalidSignatureException",
        message:
          "Signature not yet current: 20150830T123600Z is still later than 20150830T123559Z (20150830T123059Z + 5 min.)",
      },
    });
  });

  it("accepts a presigned request for as long as it asks, at most a week", () => {
    const presigned = (expiresS: number): SignableRequest => presign(request, { ...signing, expiresS });
    const at = (expiresS: number, nowMs: number): object => verify(presigned(expiresS), { ...options, nowMs });
    expect(at(60, NOW_MS + 60_000)).toEqual(accepted);
    expect(at(604_800, NOW_MS + 604_800_000)).toEqual(accepted);
    expect(at(60, NOW_MS + 61_000)).toMatchObject({
      error: {
        code: "InvalidSignatureException",
        message: "Signature expired: 20150830T123700Z is now earlier than 20150830T123701Z",
      },
    });
    expect(at(604_801, NOW_MS)).toMatchObject({ error: { code: "IncompleteSignature" } });
  });

  it.each([["another service", { service: "sts" }, "Credential should be scoped to correct service: 'sts'. "]])(
    "refuses a credential for %s",
    (_what, change, message) => {
      expect(verify(signed, { ...options, ...change })).toMatchObject({
        error: { code: "InvalidSignatureException", message },
      });
    },
  );

  it("refuses a scope of another day than the date", () => {
    const headers = { ...signed.headers, "x-amz-date": "20150831T000000Z" };
    expect(verify({ ...signed, headers }, { ...options, nowMs: Date.UTC(2015, 7, 31) })).toMatchObject({
      error: {
        code: "InvalidSignatureException",
        message:
          "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '20150830' != '20150831', from '20150831T000000Z'.",
      },
    });
  });

  it("refuses a header that AWS acts on but nobody signed", () => {
    const headers = { ...signed.headers, "x-amz-security-token": "smuggled" };
    expect(verify({ ...signed, headers }, options)).toMatchObject({
      error: {
        code: "InvalidSignatureException",
        message: "'x-amz-security-token' must be a 'SignedHeader' in the AWS Authorization.",
      },
    });
  });

  it("refuses a request without any signature", () => {
    expect(verify(request, options)).toMatchObject({
      error: { code: "MissingAuthenticationTokenException", message: "Missing Authentication Token", status: 400 },
    });
  });

  it.each([
    ["AWS4-HMAC-SHA256", ["Credential", "Signature", "SignedHeaders"]],
    ["AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/eu-west-1/ecr/aws4_request", ["Signature", "SignedHeaders"]],
    ["AWS4-HMAC-SHA256 Credential=x, SignedHeaders=host, Signature=0", ["Credential must have exactly 5"]],
    [
      "AWS4-HMAC-SHA256 Credential=x,, SignedHeaders=host, Signature=0",
      ["Invalid key=value pair (missing equal-sign)"],
    ],
    ["Basic QVdTOnBhc3N3b3Jk", ["Unsupported AWS 'algorithm': 'Basic'."]],
  ])("refuses the incomplete %s, says what is missing and never shows the header", (authorization, parts) => {
    const refused = verify({ ...signed, headers: { ...signed.headers, authorization } }, options);
    expect(refused).toMatchObject({ ok: false, error: { code: "IncompleteSignature" } });
    if (refused.ok) return;
    for (const part of parts) expect(refused.error.message).toContain(part);
    expect(refused.error.message).not.toContain("QVdTOnBhc3N3b3Jk");
  });

  it.each(["20150830", "yesterday", "20151340T123600Z"])("refuses %s as a date", (date) => {
    const headers = { ...signed.headers, "x-amz-date": date };
    expect(verify({ ...signed, headers }, options)).toMatchObject({
      error: { code: "IncompleteSignature", message: expect.stringContaining(`Got '${date}'`) },
    });
  });

  it("never throws, whatever stands in the header or the query", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (junk) => {
        const authorization = `AWS4-HMAC-SHA256 ${junk}`;
        expect(verify({ ...signed, headers: { ...signed.headers, authorization } }, options).ok).toBe(false);
        expect(verify({ ...request, query: { "X-Amz-Signature": junk, "X-Amz-Credential": junk } }, options).ok).toBe(
          false,
        );
      }),
    );
  });
});

describe("reading a signature without verifying it", () => {
  const scope = { accessKeyId: "AKIDEXAMPLE", day: "20150830", region: "eu-west-1", service: "ecr" };

  it("tells key, day, region, service and signed headers of a header", () => {
    const header =
      "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/eu-west-1/ecr/aws4_request, SignedHeaders=host;x-amz-date, Signature=abc";
    const read = { ...scope, signedHeaders: ["host", "x-amz-date"], signature: "abc" };
    expect(parseAuthorization(header)).toEqual(read);
    expect(parseAuthorization(header.replaceAll(", ", ","))).toEqual(read);
  });

  it("tells the same of a presigned query", () => {
    const { query } = presign(request, { ...signing, expiresS: 60 });
    expect(parsePresignedQuery(query)).toMatchObject({ ...scope, signedHeaders: ["host"] });
  });

  it.each([
    "",
    "Basic abc",
    "Bearer abc",
    "AWS4-HMAC-SHA256",
    "AWS4-HMAC-SHA256 Credential=a/b/c, SignedHeaders=host, Signature=0",
  ])("has nothing to say of %j", (header) => {
    expect(parseAuthorization(header)).toBeUndefined();
  });
});
