import { controlsOf, type LocalControls } from "./local/controls.js";
import { hostsOf } from "./local/hosts.js";
import { type LocalEcrOptions, refuse, resolveOptions } from "./local/options.js";
import { createRegistry } from "./registry/create-registry.js";
import { type Data, openData } from "./registry/disk/open-data.js";
import { createApp } from "./server/app.js";
import { createMetrics } from "./server/metrics.js";
import type { CloseOptions, Listening, ListenOptions } from "./server/node.js";
import { createOperationLog } from "./server/operation-log.js";
import { upstreamFetch } from "./server/upstream-fetch.js";
import { loginRegion } from "./server/v2/login.js";
import { faults as createFaults } from "./transport/fault.js";
import { network } from "./transport/network.js";
import type { Transport } from "./transport/transport.js";

export type { LocalControls } from "./local/controls.js";
export type { LocalEcrOptions } from "./local/options.js";
export type { Planted } from "./registry/control/seed.js";
export type { ImageSeed, RegistrySeed, RepositorySeed, Seed, SeedCall } from "./registry/control/seed-document.js";
export type { RegistryEvent, SequencedEvent } from "./registry/events.js";
export type { AccessOptions, AccountsFile, QuotaOptions } from "./registry/identity/access-options.js";
export type { LifecycleRun, LifecycleRunAction, LifecycleScope } from "./registry/registry.js";
export type { Finding } from "./registry/scanning/finding.js";
export type { ScanProgression, ScanStep } from "./registry/scanning/progression.js";
export { loadReport, type ScanReport } from "./registry/scanning/report.js";
export type { ScannedImage, Scanner, ScanningOptions } from "./registry/scanning/scanner.js";
export { type SyntheticScannerOptions, syntheticScanner } from "./registry/scanning/synthetic-scanner.js";
export type { AccessLogLine, LogSink } from "./server/access-log.js";
export type { CloseOptions, Listening, ListenOptions, TlsOptions } from "./server/node.js";
export type { LogEntry, OperationLog } from "./server/operation-log.js";

/** A local ECR: every account and every region, empty, or as its data folder has it. */
export interface LocalEcr extends LocalControls {
  /** Answers any request to ECR, STS or a registry host, whatever host it names. */
  readonly app: Transport;
  /**
   * Serves it on a port as well.
   *
   * @throws {EcrError} kind `InvalidParameter` when it already listens, or cannot serve with `tls`. A port that is taken is Node's own error, `EADDRINUSE`.
   */
  listen(options?: ListenOptions): Promise<Listening>;
  /** Stops serving and frees what is stored, but for a data folder, which others may have then. Requests that are running may end first, within a grace. */
  close(options?: CloseOptions): Promise<void>;
}

/**
 * A local ECR in this process, ready at once: reach it through {@link simulate} without a socket, or through `listen` with any client.
 * Close it to free its layers at once; they go with the process in any case, unless `dataDir` names a folder to keep everything in.
 *
 * @throws {EcrError} kind `InvalidParameter` when an option has a value that it cannot have, or its data folder cannot be had: another
 * process has it, a newer ecrkit has written it, or it holds other things.
 */
export function createLocalEcr(options: LocalEcrOptions = {}): LocalEcr {
  const resolved = resolveOptions(options);
  const data = resolved.dataDir === undefined ? undefined : openData(resolved.dataDir, resolved.time);
  try {
    return assemble(resolved, data);
  } catch (error) {
    void data?.store.close();
    throw error;
  }
}

function assemble(
  { account, publicHost, dataDir: _, faults: plan, ...resolved }: ReturnType<typeof resolveOptions>,
  data: Data | undefined,
): LocalEcr {
  const { auth, profile } = resolved;
  let listening: Promise<Listening> | undefined;
  let served: Listening | undefined;
  const outside = network();
  const registry = createRegistry({
    ...resolved,
    ...data,
    ...hostsOf(publicHost, () => served),
    fetchUpstream: upstreamFetch(outside),
  });
  const faults = createFaults(plan, {
    time: registry.time,
    regionOf: (request) => loginRegion(registry, request),
    isPublicPath: registry.publicRegistries.has,
  });
  const log = createOperationLog(registry.time);
  const metrics = createMetrics(registry.control.usage);
  const app = createApp(registry, { account, auth, profile, publicHost, faults, log, metrics: metrics.text });

  return {
    app,
    ...controlsOf({ registry, faults, log, account }),
    async listen(where) {
      if (listening) throw refuse("listen", "a second call", "called once");
      // Loaded here, for in-process use needs no HTTP server.
      listening = import("./server/node.js").then(({ listen }) => listen(app, where, metrics));
      try {
        served = await listening;
        return served;
      } catch (error) {
        listening = undefined;
        throw error;
      }
    },
    async close(options) {
      faults.release();
      await (await listening)?.close(options);
      await registry.close();
      outside.destroy?.();
    },
  };
}

/**
 * A transport that a local ECR answers, without a socket: for `createEcrClient({ transport })`, and as the `requestHandler` of a bare AWS SDK
 * client. It waits only where a fault plan says so, by the local ECR's clock, and then `requestTimeout` holds by that clock; an abort rejects
 * with the signal's reason. `destroy` leaves the local ECR as it is.
 */
export const simulate = ({ app }: LocalEcr): Transport => ({
  handle: (request, options) => app.handle(request, options),
  destroy() {},
  isLocal: true,
});
