import { afterEach, describe, expect, it } from "vitest";
import { parseAccounts } from "../policy/accounts.js";
import { createRegistry } from "../registry/create-registry.js";
import type { Registry } from "../registry/registry.js";
import { createApp } from "./app.js";

const ACCOUNT = "111111111111";

let registry: Registry | undefined;
afterEach(async () => {
  await registry?.close();
});

/** Asks a local ECR in open mode who a caller is, as the ARN or the code of the error. */
function whoIs() {
  const ci = { accessKeys: [{ accessKeyId: "AKIACI", secretAccessKey: "s" }], policies: [] };
  const accounts = parseAccounts({ accounts: { [ACCOUNT]: { users: { ci } } } });
  registry = createRegistry({ accounts });
  const app = createApp(registry, { account: ACCOUNT });
  return async (accessKeyId: string, token?: string): Promise<string | undefined> => {
    const { response } = await app.handle({
      method: "POST",
      protocol: "http:",
      hostname: "localhost",
      path: "/",
      headers: {
        "content-type": "application/x-www-form-urlencoded",
        authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20260101/us-east-1/sts/aws4_request, SignedHeaders=host, Signature=0`,
        ...(token !== undefined && { "x-amz-security-token": token }),
      },
      body: "Action=GetCallerIdentity&Version=2011-06-15",
    });
    const text = Buffer.from(response.body as Uint8Array).toString();
    return /<(?:Arn|Code)>(.*)<\/(?:Arn|Code)>/.exec(text)?.[1];
  };
}

describe("an access key in open mode", () => {
  it("is its holder when it is known, and never the root for a session token that is not its own", async () => {
    const ask = whoIs();
    expect(await ask("AKIACI")).toBe(`arn:aws:iam::${ACCOUNT}:user/ci`);
    expect(await ask("AKIACI", "stale")).toBe("InvalidClientTokenId");
  });

  it("is the root of the default account when nobody knows it, with a session token or without", async () => {
    const ask = whoIs();
    expect(await ask("AKIAANY")).toBe(`arn:aws:iam::${ACCOUNT}:root`);
    expect(await ask("AKIAANY", "any")).toBe(`arn:aws:iam::${ACCOUNT}:root`);
    expect(await ask("ASIAOFAWS", "of AWS")).toBe(`arn:aws:iam::${ACCOUNT}:root`);
  });
});
