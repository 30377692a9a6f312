import { describe, expect, it } from "vitest";
import { createEcrClient, type EcrClientConfig, Secret } from "../index.js";
import { resolveConfig } from "./config.js";

describe("createEcrClient", () => {
  it.each<[unknown, string]>([
    [{ region: "US East" }, 'region must be the name of an AWS region such as us-east-1, got "US East"'],
    [{ region: 5 }, "region must be the name of an AWS region such as us-east-1, got 5"],
    [{ registryId: "12345" }, `registryId must be an account's 12 digits, got "12345"`],
    [{ requestTimeoutMs: 0 }, "requestTimeoutMs must be a number of milliseconds from above 0 to 2147483647, got 0"],
    [{ requestTimeoutMs: Number.POSITIVE_INFINITY }, "requestTimeoutMs must be a number of milliseconds"],
    [
      { tokenRefreshBufferMs: -1 },
      "tokenRefreshBufferMs must be a number of milliseconds from 0 to below 12 hours, a token's life, got -1",
    ],
    [{ useFips: "yes" }, 'useFips must be true or false, got "yes"'],
    [{ endpoint: "localhost:4580" }, "endpoint must be an absolute http or https URL"],
    [{ endpoint: "http://localhost", useFips: true }, "FIPS and custom endpoint are not supported"],
    [{ endpoint: "http://localhost", useDualstack: true }, "Dualstack and custom endpoint are not supported"],
    [{ retry: true }, "retry must be an object of options, a function, or false, got true"],
    [{ retry: { attempts: { throttle: 0 } } }, "retry.attempts.throttle must be an integer from 1 up, got 0"],
    [{ transport: {} }, "transport must be an object with a method handle, got an object"],
    [{ time: Date }, "time must be an object with the methods now, sleep and random, got a function"],
    [
      { cache: { tokens: { get: () => undefined } } },
      "cache.tokens must be an object with the methods get, set and delete, or false, got an object",
    ],
    [{ cache: { token: false } }, "token is not an option of cache; it knows tokens, reads"],
    [
      { cache: { reads: 5 } },
      "cache.reads must be true, options, an object with the methods through and close, or false, got 5",
    ],
    [{ cache: true }, "cache must be an object of options, or false, got true"],
    [{ breaker: true }, "breaker must be an object of options, a function, or false, got true"],
    [{ breaker: { failures: 0 } }, "breaker.failures must be an integer from 1 up, got 0"],
    [{ breaker: { treshold: 5 } }, "treshold is not an option of breaker; it knows failures, windowMs, openMs"],
    [
      { limiter: true },
      "limiter must be an object of options, one with the methods of a RateLimiter, or false, got true",
    ],
    [{ limiter: { perSecond: { PutImage: 0 } } }, "limiter.perSecond.PutImage must be a number above 0, got 0"],
    [{ readOnly: 1 }, "readOnly must be true or false, got 1"],
    [{ telemetry: true }, "telemetry must be an object of options, an observer, or false, got true"],
    [
      { logger: "pino" },
      'logger must be an object with the methods debug, info and warn, a function, or false, got "pino"',
    ],
    [{ telemetry: { spans: true } }, "spans is not an option of telemetry; it knows emitMetric, startSpan"],
    [{ telemetry: { startSpan: "yes" } }, 'telemetry.startSpan must be a function or false, got "yes"'],
    [
      { auth: { kind: "sso" } },
      'auth.kind must be one of default, static, assume-role, web-identity, provider, got "sso"',
    ],
    [{ tokenRefreshBufferMs: Number.POSITIVE_INFINITY }, "a token's life, got Infinity"],
    [{ tokenRefreshBufferMs: 43_200_000 }, "a token's life, got 43200000"],
    [{ endpoint: "http://localhost/?x=1" }, "it holds a query, which is not sent"],
    [{ endpoint: new URL("http://localhost/#x") }, "it holds a fragment, which is not sent"],
    [{ retry: { attempt: 1 } }, "attempt is not an option of retry; it knows attempts, baseDelayMs"],
    [{ retry: null }, "retry must be an object of options, a function, or false, got null"],
    [{ auth: null }, "auth must be an object with a kind, got null"],
    [{ auth: { kind: "static", accessKeyId: "AKIA" } }, "auth.secretAccessKey is missing"],
    [
      { auth: { kind: "static", accessKeyId: "AKIA", secretAccessKey: "s", sesionToken: "t" } },
      "sesionToken is not an option of auth of kind static; it knows kind, accessKeyId, secretAccessKey, sessionToken",
    ],
    [{ auth: { kind: "provider", provide: "keys" } }, "auth.provide must be a function"],
    [
      { auth: { kind: "assume-role", roleArn: "arn:aws:iam::123456789012:role/ci", durationSeconds: 1 } },
      "auth.durationSeconds must be an integer from 900 to 43200, got 1",
    ],
    [null, "config must be an object, got null"],
    [{ auth: { kind: "assume-role", roleArn: "ci" } }, 'auth.roleArn must be the ARN of an IAM role, got "ci"'],
    [{ maxRetries: 5 }, "maxRetries is not an option of createEcrClient; it knows region, registryId, auth"],
  ])("refuses %j, naming the option and its value", (config, message) => {
    expect(() => createEcrClient(config as EcrClientConfig)).toThrow(
      expect.objectContaining({ kind: "InvalidParameter", message: expect.stringContaining(message) }),
    );
  });

  it.each([
    [{ accessKeyId: 5, secretAccessKey: "hunter2" }, "accessKeyId"],
    [{ accessKeyId: "AKIA", secretAccessKey: { hunter2: true } }, "secretAccessKey"],
    [{ accessKeyId: "AKIA\n", secretAccessKey: "hunter2" }, "accessKeyId"],
    [{ accessKeyId: "AKIA", secretAccessKey: new Secret("hunter2\n") }, "secretAccessKey"],
    [{ accessKeyId: "AKIA", secretAccessKey: "s", sessionToken: "hunter2\r\n" }, "sessionToken"],
  ])("refuses keys that no request could be signed with, without showing them: %#", (keys, name) => {
    const create = () => createEcrClient({ auth: { kind: "static", ...keys } as never });
    const message = `auth.${name} must be text of visible ASCII characters, without a space or a line break`;
    expect(create).toThrow(expect.objectContaining({ kind: "InvalidParameter", message }));
  });

  it("takes keys as AWS's own providers give them", () => {
    const given = { accessKeyId: "AKIA", secretAccessKey: "s", expiration: new Date(), accountId: "123456789012" };
    const auth = { kind: "static" as const, ...given, $source: { CREDENTIALS_CODE: "e" } };
    expect(resolveConfig({ auth }).auth).toEqual(auth);
  });

  it("names a value that JSON does not know", () => {
    expect(() => createEcrClient({ registryId: 10n as never })).toThrow("an account's 12 digits, got 10n");
  });

  it("refuses an endpoint with a password without showing it", () => {
    const create = () => createEcrClient({ endpoint: "http://me:hunter2@localhost:4580" });
    const message =
      "endpoint must be a URL such as http://localhost:4580: it holds a user or password, which is not sent";
    expect(create).toThrow(expect.objectContaining({ kind: "InvalidParameter", message }));
  });

  it("takes an explicit undefined for the default", () => {
    expect(resolveConfig({ requestTimeoutMs: undefined, retry: undefined, auth: undefined })).toMatchObject({
      requestTimeoutMs: 30_000,
      tokenRefreshBufferMs: 300_000,
      auth: { kind: "default" },
      ownsTransport: true,
    });
  });

  it("neither writes to the caller's object nor follows its later changes", () => {
    const auth = { kind: "static" as const, accessKeyId: "AKIA", secretAccessKey: "s" };
    const config = Object.freeze({ region: "us-east-1", auth });
    const resolved = resolveConfig(config);
    auth.accessKeyId = "other";
    expect(resolved.auth).toMatchObject({ accessKeyId: "AKIA" });
  });

  it("leaves a transport that it was given to whoever gave it", () => {
    let destroyed = 0;
    const transport = {
      handle: async () => ({ response: { statusCode: 200, headers: {} } }),
      destroy: () => destroyed++,
    };
    createEcrClient({ transport }).close();
    expect(destroyed).toBe(0);
  });
});
