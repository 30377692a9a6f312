import { describe, expect, it } from "vitest";
import { createEcrClient, type EcrClientConfig } from "../index.js";
import { resolveConfig } from "./config.js";

describe("createEcrClient", () => {
  it.each<[unknown, string]>([
    [{ region: "US East" }, 'region must be the name of an AWS region such as us-east-1, got "US East"'],
    [{ region: 5 }, "region must be the name of an AWS region such as us-east-1, got 5"],
    [{ registryId: "12345" }, `registryId must be an account's 12 digits, got "12345"`],
    [{ requestTimeoutMs: 0 }, "requestTimeoutMs must be a number of milliseconds from above 0 to 2147483647, got 0"],
    [{ requestTimeoutMs: Number.POSITIVE_INFINITY }, "requestTimeoutMs must be a number of milliseconds"],
    [{ tokenRefreshBufferMs: -1 }, "tokenRefreshBufferMs must be a number of milliseconds from 0 up, got -1"],
    [{ useFips: "yes" }, 'useFips must be true or false, got "yes"'],
    [{ endpoint: "localhost:4580" }, "endpoint must be an absolute http or https URL"],
    [{ endpoint: "http://localhost", useFips: true }, "FIPS and custom endpoint are not supported"],
    [{ endpoint: "http://localhost", useDualstack: true }, "Dualstack and custom endpoint are not supported"],
    [{ retry: true }, "retry must be an object of options, or false, got true"],
    [{ retry: { attempts: { throttle: 0 } } }, "retry.attempts.throttle must be an integer from 1 up, got 0"],
    [{ transport: {} }, "transport must be an object with a method handle, got an object"],
    [{ time: Date }, "time must be an object with the methods now, sleep and random, got a function"],
    [{ tokenStore: { get: () => undefined } }, "tokenStore must be an object with the methods get, set and delete"],
    [
      { auth: { kind: "sso" } },
      'auth.kind must be one of default, static, assume-role, web-identity, provider, got "sso"',
    ],
    [{ auth: { kind: "static", accessKeyId: "AKIA" } }, "auth.secretAccessKey is missing"],
    [{ auth: { kind: "assume-role", roleArn: "ci" } }, 'auth.roleArn must be the ARN of an IAM role, got "ci"'],
    [{ maxRetries: 5 }, "maxRetries is not an option of createEcrClient; it knows region, registryId, auth"],
  ])("refuses %j, naming the option and its value", (config, message) => {
    expect(() => createEcrClient(config as EcrClientConfig)).toThrow(
      expect.objectContaining({ kind: "InvalidParameter", message: expect.stringContaining(message) }),
    );
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
