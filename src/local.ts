import { EcrError } from "./errors.js";
import { formatRegistryHost } from "./image/registry-host.js";
import { createRegistry } from "./registry/create-registry.js";
import { createApp } from "./server/app.js";
import type { Listening, ListenOptions } from "./server/node.js";
import { systemTime, type Time } from "./time.js";
import type { Transport } from "./transport/transport.js";

export type { Listening, ListenOptions } from "./server/node.js";

/** Options of {@link createLocalEcr}. */
export interface LocalEcrOptions {
  /** The account of callers whose access key is not itself one of 12 digits. @default "000000000000" */
  readonly account?: string | undefined;
  /** `unchecked` lets PutImage take manifests whose layers were never uploaded, for tests of metadata alone. @default "checked" */
  readonly layers?: "checked" | "unchecked" | undefined;
  /** `ecr` is odd where ECR is odd, `oci` follows the OCI distribution specification on `/v2/`. @default "ecr" */
  readonly profile?: "ecr" | "oci" | undefined;
  /** The clock by which tokens, layer URLs and uploads expire, such as a `manualTime()`. @default the machine's own */
  readonly time?: Time | undefined;
  /**
   * The host that `repositoryUri`, `proxyEndpoint` and layer URLs name; `{account}`, `{region}` and `{port}` stand for the registry's.
   * @default `localhost:{port}` once it listens, before that ECR's own names
   */
  readonly publicHost?: string | undefined;
}

/** A local ECR: every account and every region, empty. */
export interface LocalEcr {
  /** Answers any request to ECR, STS or a registry host, whatever host it names. */
  readonly app: Transport;
  /**
   * Serves it on a port as well.
   *
   * @throws {EcrError} kind `InvalidParameter` when it already listens. A port that is taken is Node's own error, `EADDRINUSE`.
   */
  listen(options?: ListenOptions): Promise<Listening>;
  /** Stops serving and frees what is stored. Requests that are running may end first. */
  close(): Promise<void>;
}

/**
 * A local ECR in this process, ready at once: reach it through {@link simulate} without a socket, or through `listen` with any client.
 * Close it to free its layers at once; they go with the process in any case.
 *
 * @throws {EcrError} kind `InvalidParameter` when an option has a value that it cannot have.
 */
export function createLocalEcr(options: LocalEcrOptions = {}): LocalEcr {
  const { account = "000000000000", layers = "checked", profile = "ecr", time = systemTime, publicHost } = options;
  if (!/^[0-9]{12}$/.test(account)) throw refuse("account", account, "12 digits");
  if (layers !== "checked" && layers !== "unchecked") throw refuse("layers", layers, "checked or unchecked");
  if (profile !== "ecr" && profile !== "oci") throw refuse("profile", profile, "ecr or oci");
  if (publicHost !== undefined && !PUBLIC_HOST.test(publicHost))
    throw refuse("publicHost", publicHost, "a host name, with {account}, {region} and {port} where they belong");

  let listening: Promise<Listening> | undefined;
  let served: Listening | undefined;
  const registryHost = (registryAccount: string, region: string): string => {
    const template = publicHost ?? (served && new URL(served.url).host);
    if (template === undefined)
      return formatRegistryHost({ kind: "private", account: registryAccount, region, fips: false, dualStack: false });
    return template
      .replaceAll("{account}", registryAccount)
      .replaceAll("{region}", region)
      .replaceAll("{port}", String(served?.port ?? 80));
  };
  const origin = (registryAccount: string, region: string): string =>
    `${publicHost === undefined && served === undefined ? "https" : "http"}://${registryHost(registryAccount, region)}`;
  const registry = createRegistry({ time, layers, profile, registryHost, origin });
  const app = createApp(registry, { account, profile });

  return {
    app,
    async listen(where) {
      if (listening) throw refuse("listen", "a second call", "called once");
      // Loaded here, for in-process use needs no HTTP server.
      listening = import("./server/node.js").then(({ listen }) => listen(app, where));
      try {
        served = await listening;
        return served;
      } catch (error) {
        listening = undefined;
        throw error;
      }
    },
    async close() {
      await (await listening)?.close();
      await registry.close();
    },
  };
}

/**
 * A transport that a local ECR answers, without a socket: for `createEcrClient({ transport })`, and as the `requestHandler` of a bare AWS SDK
 * client. It never waits, so `requestTimeout` cannot pass; an abort rejects with the signal's reason. `destroy` leaves the local ECR as it is.
 */
export const simulate = ({ app }: LocalEcr): Transport => ({
  handle: (request, options) => app.handle(request, options),
  destroy() {},
});

const PUBLIC_HOST = /^(?:[a-zA-Z0-9.-]|\{account\}|\{region\})+(?::(?:\d{1,5}|\{port\}))?$/;

const refuse = (option: string, value: unknown, expected: string): EcrError =>
  new EcrError(`createLocalEcr: \`${option}\` must be ${expected}, got ${JSON.stringify(value)}`, {
    kind: "InvalidParameter",
  });
