import { createHash } from "node:crypto";
import { Agent, type OutgoingHttpHeaders, request } from "node:http";

export interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: Buffer;
}

export interface Sent {
  readonly method?: string;
  readonly path: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: Uint8Array | string;
}

/** A plain client of a local ECR, as one account in us-east-1, with connections of its own. */
export interface Client {
  /** Rejects only when there is no answer. */
  send(sent: Sent): Promise<Answered>;
  /** A call of ECR's API. @throws when it is refused */
  call<Output>(operation: string, input: object): Promise<Output>;
  /** A request on `/v2/REPOSITORY/…` with a login. */
  data(method: string, path: string, body?: Uint8Array | string, type?: string): Promise<Answered>;
  close(): void;
}

export const digestOf = (bytes: Uint8Array | string): string =>
  `sha256:${createHash("sha256").update(bytes).digest("hex")}`;

/** Good for no more than to say which account calls: a local ECR is open to any key. */
export const signatureOf = (account: string, service = "ecr"): string =>
  `AWS4-HMAC-SHA256 Credential=${account}/20260101/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=00`;

export function createClient(port: number, account: string): Client {
  const agent = new Agent({ keepAlive: true });
  let login: string | undefined;
  const send = (sent: Sent): Promise<Answered> => exchange(port, agent, sent);
  const call = async <Output>(operation: string, input: object): Promise<Output> => {
    const headers = {
      "content-type": "application/x-amz-json-1.1",
      "x-amz-target": `AmazonEC2ContainerRegistry_V20150921.${operation}`,
      authorization: signatureOf(account),
    };
    const { status, body } = await send({ method: "POST", path: "/", headers, body: JSON.stringify(input) });
    if (status !== 200) throw new Refused(operation, status, body);
    return JSON.parse(body.toString()) as Output;
  };
  return {
    send,
    call,
    async data(method, path, body, type) {
      login ??= await call<{ authorizationData: [{ authorizationToken: string }] }>("GetAuthorizationToken", {}).then(
        ({ authorizationData }) => `Basic ${authorizationData[0].authorizationToken}`,
      );
      const headers = { authorization: login, ...(type === undefined ? {} : { "content-type": type }) };
      return send({ method, path: `/v2/${path}`, headers, ...(body === undefined ? {} : { body }) });
    },
    close: () => agent.destroy(),
  };
}

/** An answer that is no success. */
export class Refused extends Error {
  readonly status: number;

  constructor(what: string, status: number, body: Uint8Array) {
    super(`${what} was answered ${status}: ${Buffer.from(body).toString("latin1", 0, 300)}`);
    this.status = status;
  }
}

/** Fails unless the answer has the status. */
export function expectStatus(what: string, answered: Answered, ...statuses: readonly number[]): Answered {
  if (!statuses.includes(answered.status)) throw new Refused(what, answered.status, answered.body);
  return answered;
}

function exchange(port: number, agent: Agent, { method = "GET", path, headers, body }: Sent): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const length = body === undefined ? 0 : Buffer.byteLength(body);
    const outgoing = request({
      host: "127.0.0.1",
      port,
      agent,
      method,
      path,
      headers: { host: `localhost:${port}`, "content-length": length, ...headers },
    });
    outgoing.on("error", reject);
    outgoing.on("response", (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
      incoming.on("error", reject);
      incoming.on("end", () => {
        const { statusCode: status = 0, headers: answered } = incoming;
        resolve({ status, headers: answered, body: Buffer.concat(chunks) });
      });
    });
    outgoing.end(body);
  });
}
