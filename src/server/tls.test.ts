import { randomBytes } from "node:crypto";
import { request } from "node:https";
import { afterEach, describe, expect, it } from "vitest";
import { cert, key, lockedKey, otherKey } from "../../test/fixtures/tls.js";
import { digestOf } from "../image/digest.js";
import { createLocalEcr, type LocalEcr, type TlsOptions } from "../local.js";
import { requireTls } from "./tls.js";

const open: LocalEcr[] = [];
afterEach(async () => {
  for (const local of open.splice(0)) await local.close({ graceMs: 0 });
});

const tls: TlsOptions = { cert, key };

describe("a certificate and its key", () => {
  it("are taken as texts and as bytes", () => {
    expect(() => requireTls(tls)).not.toThrow();
    expect(() => requireTls({ cert: Buffer.from(cert), key: Buffer.from(key) })).not.toThrow();
  });

  it.each<[string, TlsOptions, string]>([
    ["no certificate", { cert: key, key }, "`tls.cert` must be a certificate in PEM: it holds none"],
    ["nothing", { cert: "", key }, "`tls.cert` must be a certificate in PEM: it holds none"],
    ["half a certificate", { cert: cert.slice(0, 200), key }, "`tls.cert` must be a certificate in PEM: "],
    ["no key", { cert, key: cert }, "`tls.key` must be a private key in PEM, without a passphrase: "],
    [
      "a key with a passphrase",
      { cert, key: lockedKey },
      "`tls.key` must be a private key in PEM, without a passphrase: ",
    ],
    [
      "another one's key",
      { cert, key: otherKey },
      "`tls.key` must be that of the certificate for DNS:localhost, DNS:*.localhost, IP Address:127.0.0.1, it is another one",
    ],
  ])("are refused with what is wrong: %s", (_, bad, says) => {
    expect(() => requireTls(bad)).toThrow(
      expect.objectContaining({ kind: "InvalidParameter", message: expect.stringContaining(says) }),
    );
  });

  it("are refused before anybody listens, and the port is free for better ones", async () => {
    const local = createLocalEcr();
    open.push(local);
    await expect(local.listen({ port: 0, tls: { cert, key: otherKey } })).rejects.toMatchObject({
      kind: "InvalidParameter",
    });
    expect((await local.listen({ port: 0, tls })).url).toMatch(/^https:/);
  });
});

/** A local ECR over TLS, and a client that trusts it and nobody else. */
async function served(publicHost?: string) {
  const local = createLocalEcr({ publicHost });
  open.push(local);
  const { url, port } = await local.listen({ port: 0, tls });
  const ask = (method: string, target: string, headers: Record<string, string> = {}, body?: Uint8Array | string) =>
    new Promise<{ status: number; headers: Record<string, string>; body: Buffer }>((resolve, reject) => {
      const { pathname, search } = new URL(target, url);
      const options = {
        host: "127.0.0.1",
        servername: "localhost",
        port,
        ca: cert,
        agent: false,
        method,
        path: pathname + search,
        headers,
      };
      const outgoing = request(options, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.once("end", () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers as Record<string, string>,
            body: Buffer.concat(chunks),
          }),
        );
      });
      outgoing.once("error", reject);
      outgoing.end(body);
    });
  const call = async (operation: string, input: object): Promise<Record<string, never>> => {
    const headers = {
      "x-amz-target": `AmazonEC2ContainerRegistry_V20150921.${operation}`,
      authorization:
        "AWS4-HMAC-SHA256 Credential=AKID/20260101/us-east-1/ecr/aws4_request, SignedHeaders=host, Signature=0",
    };
    return JSON.parse((await ask("POST", "/", headers, JSON.stringify(input))).body.toString());
  };
  return { url, port, ask, call };
}

describe("a local ECR over TLS", () => {
  it("takes a push and gives it back", async () => {
    const { url, port, ask, call } = await served();
    expect(url).toBe(`https://localhost:${port}`);
    await call("CreateRepository", { repositoryName: "app" });
    const { authorizationData } = await call("GetAuthorizationToken", {});
    const [{ authorizationToken }] = authorizationData as unknown as [{ authorizationToken: string }];
    const login = { authorization: `Basic ${authorizationToken}` };
    const layer = randomBytes(1024 * 1024);
    const digest = digestOf(layer);
    const begun = await ask("POST", "/v2/app/blobs/uploads/", login);
    expect((await ask("PUT", `${begun.headers["location"]}?digest=${digest}`, login, layer)).status).toBe(201);
    const pulled = await ask("GET", `/v2/app/blobs/${digest}`, login);
    expect(pulled.status).toBe(307);
    expect(pulled.headers["location"]).toMatch(/^https:\/\//);
    expect((await ask("GET", pulled.headers["location"] ?? "")).body.equals(layer)).toBe(true);
  });

  it.each([
    [undefined, "localhost:{port}"],
    ["ecr.test:{port}", "ecr.test:{port}"],
  ])("says https wherever it names itself: public host %s", async (publicHost, host) => {
    const { port, ask, call } = await served(publicHost);
    const named = host.replace("{port}", String(port));
    const created = await call("CreateRepository", { repositoryName: "app" });
    expect(created).toMatchObject({ repository: { repositoryUri: `${named}/app` } });
    expect(await call("GetAuthorizationToken", {})).toMatchObject({
      authorizationData: [{ proxyEndpoint: `https://${named}` }],
    });
    const { headers } = await ask("GET", "/v2/", { host: named });
    expect(headers["www-authenticate"]).toContain(`realm="https://${named}/"`);
  });

  it("does not speak to a client that does not encrypt, and goes on for the others", async () => {
    const { port, ask } = await served();
    await expect(fetch(`http://127.0.0.1:${port}/_ecrkit/health`)).rejects.toThrow();
    expect((await ask("GET", "/_ecrkit/health")).status).toBe(200);
  });
});
