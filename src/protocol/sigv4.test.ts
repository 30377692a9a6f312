import { createHash, createHmac } from "node:crypto";
import { SignatureV4 } from "@smithy/signature-v4";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hostOf, presign, type Signing, sign } from "./sigv4.js";
import type { SignableRequest } from "./sigv4-canonical.js";

/** The key, scope and time of AWS's published SigV4 test suite. */
const SUITE: Signing = {
  credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY" },
  service: "service",
  region: "us-east-1",
  nowMs: Date.UTC(2015, 7, 30, 12, 36, 0),
};
const SESSION_TOKEN =
  "AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeoIYRqTflfKD8YUuwthAx7mSEI/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVXAkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+scqKmlzm8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA==";
const UNRESERVED = "-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const FORM = { "content-type": "application/x-www-form-urlencoded" };

type Case = readonly [name: string, request: Partial<SignableRequest>, signedHeaders: string, signature: string];
const PLAIN = "host;x-amz-date";
const VANILLA = "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31";

const cases: readonly Case[] = [
  ["get-vanilla", {}, PLAIN, VANILLA],
  ["get-vanilla-query", { query: {} }, PLAIN, VANILLA],
  [
    "get-vanilla-empty-query-key",
    { query: { Param1: "value1" } },
    PLAIN,
    "a67d582fa61cc504c4bae71f336f98b97f1ea3c7a6bfe1b6e45aec72011b9aeb",
  ],
  [
    "get-vanilla-query-order-key-case",
    { query: { Param2: "value2", Param1: "value1" } },
    PLAIN,
    "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
  ],
  [
    "get-vanilla-query-order-key",
    { query: { Param1: ["value2", "Value1"] } },
    PLAIN,
    "eedbc4e291e521cf13422ffca22be7d2eb8146eecf653089df300a15b2382bd1",
  ],
  [
    "get-vanilla-query-order-value",
    { query: { Param1: ["value2", "value1"] } },
    PLAIN,
    "5772eed61e12b33fae39ee5e7012498b51d56abc0abb7c60486157bd471c4694",
  ],
  [
    "get-vanilla-query-unreserved",
    { query: { [UNRESERVED]: UNRESERVED } },
    PLAIN,
    "9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197",
  ],
  [
    "get-vanilla-utf8-query",
    { query: { ሴ: "bar" } },
    PLAIN,
    "2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04",
  ],
  [
    "get-unreserved",
    { path: `/${UNRESERVED}` },
    PLAIN,
    "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f",
  ],
  ["get-utf8", { path: "/ሴ" }, PLAIN, "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85"],
  ["get-space", { path: "/example space/" }, PLAIN, "652487583200325589f1fba4c7e578f72c47cb61beeca81406b39ddec1366741"],
  ["get-slash", { path: "//" }, PLAIN, VANILLA],
  ["get-slash-dot-slash", { path: "/./" }, PLAIN, VANILLA],
  ["get-slashes", { path: "//example//" }, PLAIN, "9a624bd73a37c9a373b5312afbebe7a714a789de108f0bdfe846570885f57e84"],
  [
    "get-slash-pointless-dot",
    { path: "/./example" },
    PLAIN,
    "ef75d96142cf21edca26f06005da7988e4f8dc83a165a80865db7089db637ec5",
  ],
  ["get-relative", { path: "/example/.." }, PLAIN, VANILLA],
  ["get-relative-relative", { path: "/example1/example2/../.." }, PLAIN, VANILLA],
  [
    "get-header-key-duplicate",
    { headers: { "My-Header1": "value2,value2,value1" } },
    "host;my-header1;x-amz-date",
    "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea",
  ],
  [
    "get-header-value-order",
    { headers: { "My-Header1": "value4,value1,value3,value2" } },
    "host;my-header1;x-amz-date",
    "08c7e5a9acfcfeb3ab6b2185e75ce8b1deb5e634ec47601a50643f830c755c01",
  ],
  [
    "get-header-value-trim",
    { headers: { "My-Header1": " value1", "My-Header2": ' "a   b   c"' } },
    "host;my-header1;my-header2;x-amz-date",
    "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736",
  ],
  ["post-vanilla", { method: "POST" }, PLAIN, "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"],
  [
    "post-vanilla-query",
    { method: "POST", query: { Param1: "value1" } },
    PLAIN,
    "28038455d6de14eafc1f9222cf5aa6f1a96197d7deb8263271d420d138af7f11",
  ],
  [
    "post-header-key-sort",
    { method: "POST", headers: { "My-Header1": "value1" } },
    "host;my-header1;x-amz-date",
    "c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c",
  ],
  [
    "post-header-value-case",
    { method: "POST", headers: { "My-Header1": "VALUE1" } },
    "host;my-header1;x-amz-date",
    "cdbc9802e29d2942e5e10b5bccfdd67c5f22c7c4e8ae67b53629efa58b974b7d",
  ],
  [
    "post-sts-header-before",
    { method: "POST", headers: { "X-Amz-Security-Token": SESSION_TOKEN } },
    "host;x-amz-date;x-amz-security-token",
    "85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead",
  ],
  [
    "post-x-www-form-urlencoded",
    { method: "POST", headers: FORM, body: "Param1=value1" },
    "content-type;host;x-amz-date",
    "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a",
  ],
  [
    "post-x-www-form-urlencoded-parameters",
    {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded; charset=utf8" },
      body: "Param1=value1",
    },
    "content-type;host;x-amz-date",
    "1a72ec8f64bd914b0e42e42607c7fbce7fb2c7465f63e3092b3b0d39fa77a6fe",
  ],
];

describe("signing AWS's test suite", () => {
  it.each(cases)("%s has the published signature", (_name, given, signedHeaders, signature) => {
    const request = {
      method: "GET",
      protocol: "https:",
      hostname: "example.amazonaws.com",
      path: "/",
      headers: {},
      ...given,
    };
    expect(sign(request, SUITE).headers).toMatchObject({
      host: "example.amazonaws.com",
      "x-amz-date": "20150830T123600Z",
      authorization: `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=${signedHeaders}, Signature=${signature}`,
    });
  });
});

const token = fc.string({
  unit: fc.constantFrom(..."abcdefghijklmnopqrstuvwxyzABCXYZ0123456789-"),
  minLength: 1,
  maxLength: 12,
});
const text = fc.string({ unit: "grapheme-composite", maxLength: 12 });
const arbitraryRequest = fc.record({
  method: fc.constantFrom("GET", "POST", "PUT", "HEAD"),
  protocol: fc.constant("https:"),
  hostname: fc.domain(),
  port: fc.option(fc.integer({ min: 1024, max: 65_535 }), { nil: undefined }),
  path: fc
    .array(fc.oneof(token, text.map(encodeURIComponent), fc.constantFrom(".", "..", "")), { maxLength: 4 })
    .map((parts) => `/${parts.join("/")}`),
  query: fc.dictionary(token, fc.oneof(text, fc.array(text, { minLength: 1, maxLength: 3 })), { maxKeys: 4 }),
  headers: fc.dictionary(
    fc.oneof(
      token.map((name) => `x-test-${name.toLowerCase()}`),
      fc.constantFrom(
        "Content-Type",
        "user-agent",
        "x-amz-target",
        "expect",
        "proxy-to",
        "sec-fetch-mode",
        "x-amzn-trace-id",
      ),
    ),
    fc.string({ unit: fc.constantFrom(..."ab \t=,;é"), maxLength: 12 }),
    { maxKeys: 5 },
  ),
  body: fc.option(fc.oneof(text, fc.uint8Array({ maxLength: 30 })), { nil: undefined }),
});
const arbitrarySigning: fc.Arbitrary<Signing> = fc.record({
  credentials: fc.record({
    accessKeyId: fc.stringMatching(/^A[A-Z0-9]{4,19}$/),
    secretAccessKey: fc.string({ minLength: 1, maxLength: 40 }),
    sessionToken: fc.option(fc.base64String({ minLength: 4 }), { nil: undefined }),
  }),
  service: fc.constantFrom("ecr", "ecr-public", "sts"),
  region: fc.constantFrom("us-east-1", "eu-central-1", "cn-north-1"),
  nowMs: fc.date({ noInvalidDate: true, min: new Date("2015-01-01"), max: new Date("2099-12-31") }).map(Number),
});

describe("the signer of the AWS SDKs", () => {
  it("signs every request with the same headers", async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryRequest, arbitrarySigning, async (request, signing) => {
        const theirs = await referee(signing).sign(withHost(request), { signingDate: new Date(signing.nowMs) });
        expect(sign(request, signing).headers).toEqual(theirs.headers);
      }),
      { numRuns: 300 },
    );
  });

  it("presigns every request with the same query", async () => {
    await fc.assert(
      fc.asyncProperty(
        arbitraryRequest,
        arbitrarySigning,
        fc.integer({ min: 1, max: 604_800 }),
        async (request, signing, expiresS) => {
          const theirs = await referee(signing).presign(withHost(request), {
            signingDate: new Date(signing.nowMs),
            expiresIn: expiresS,
          });
          const ours = presign(request, { ...signing, expiresS });
          expect({ query: ours.query, headers: ours.headers }).toEqual({
            query: theirs.query,
            headers: theirs.headers,
          });
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe("signing", () => {
  const request = {
    method: "POST",
    protocol: "http:",
    hostname: "localhost",
    port: 4580,
    path: "/",
    headers: {},
    body: "{}",
  };

  it("leaves the request it was given as it was", () => {
    const given = Object.freeze({ ...request, headers: Object.freeze({ "x-amz-target": "t" }) });
    expect(sign(given, SUITE).headers).not.toBe(given.headers);
    expect(given.headers).toEqual({ "x-amz-target": "t" });
  });

  it("a second time replaces the first signature and its date", () => {
    const later = { ...SUITE, nowMs: SUITE.nowMs + 60_000 };
    const first = sign({ ...request, headers: { Date: "Sun, 30 Aug 2015 12:36:00 GMT" } }, SUITE);
    expect(sign(first, later).headers).toEqual(sign(request, later).headers);
  });

  it("takes the hash of a body from the header that declares it", () => {
    const declared = {
      ...request,
      headers: { "X-Amz-Content-Sha256": createHash("sha256").update("{}").digest("hex") },
    };
    const streamed = { ...declared, body: (async function* () {})() };
    expect(sign(streamed, SUITE).headers).toEqual(sign(declared, SUITE).headers);
  });

  it("uses a key of its own for every secret, day, region and service", () => {
    const variants: readonly Signing[] = [
      SUITE,
      { ...SUITE, region: "eu-west-1" },
      { ...SUITE, service: "ecr" },
      { ...SUITE, nowMs: SUITE.nowMs + 86_400_000 },
      { ...SUITE, credentials: { ...SUITE.credentials, secretAccessKey: "another" } },
    ];
    for (const signing of [...variants, ...variants]) {
      const { authorization = "" } = sign(request, signing).headers as Readonly<Record<string, string>>;
      expect(authorization.slice(-64)).toBe(signedByHand(authorization, signing));
    }
  });

  it.each([
    [{ protocol: "https:", hostname: "h", port: 443 }, "h"],
    [{ protocol: "http:", hostname: "h", port: 80 }, "h"],
    [{ protocol: "http:", hostname: "h", port: 443 }, "h:443"],
    [{ protocol: "https:", hostname: "h" }, "h"],
    [{ protocol: "http:", hostname: "127.0.0.1", port: 4580 }, "127.0.0.1:4580"],
  ])("sends %j to host %s", (url, host) => {
    expect(hostOf(url)).toBe(host);
  });

  /** The signature over the canonical request of `request`, spelt out step by step. */
  function signedByHand(authorization: string, { credentials, region, service, nowMs }: Signing): string {
    const date = new Date(nowMs).toISOString().replace(/[-:]|\.\d{3}/g, "");
    const day = date.slice(0, 8);
    const hash = (content: string): string => createHash("sha256").update(content).digest("hex");
    const canonical = `POST\n/\n\nhost:localhost:4580\nx-amz-date:${date}\n\nhost;x-amz-date\n${hash("{}")}`;
    expect(authorization).toContain(`${day}/${region}/${service}/aws4_request`);
    let key: string | Buffer = `AWS4${credentials.secretAccessKey}`;
    for (const part of [day, region, service, "aws4_request"]) key = createHmac("sha256", key).update(part).digest();
    const toSign = `AWS4-HMAC-SHA256\n${date}\n${day}/${region}/${service}/aws4_request\n${hash(canonical)}`;
    return createHmac("sha256", key).update(toSign).digest("hex");
  }
});

/** AWS's signer, told to add nothing that SigV4 does not ask for. */
const referee = ({ credentials: { accessKeyId, secretAccessKey, sessionToken }, region, service }: Signing): Referee =>
  new SignatureV4({
    credentials: { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) },
    region,
    service,
    sha256: Sha256,
    applyChecksum: false,
  }) as unknown as Referee;

/** What of AWS's signer is used here. */
interface Referee {
  sign(request: SignableRequest, options: { readonly signingDate: Date }): Promise<SignableRequest>;
  presign(
    request: SignableRequest,
    options: { readonly signingDate: Date; readonly expiresIn: number },
  ): Promise<SignableRequest>;
}

const withHost = (request: SignableRequest): SignableRequest => ({
  ...request,
  headers: { host: hostOf(request), ...request.headers },
});

/** `node:crypto` behind the interface that AWS's signer asks for. */
class Sha256 {
  readonly #hash: { update(content: Uint8Array): unknown; digest(): Buffer };
  constructor(secret?: unknown) {
    this.#hash = secret === undefined ? createHash("sha256") : createHmac("sha256", secret as string | Uint8Array);
  }
  update(content: Uint8Array): void {
    this.#hash.update(content);
  }
  reset(): void {}
  digest(): Promise<Uint8Array> {
    return Promise.resolve(this.#hash.digest());
  }
}
