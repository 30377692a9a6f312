import type { EmitMetric } from "../telemetry/metrics.js";
import { bothObservers, type PipelineObserver } from "../telemetry/pipeline-observer.js";
import { isSdkRegistered } from "../telemetry/sdk.js";
import type { StartSpan } from "../telemetry/spans.js";
import type { Logger, LogStructured } from "../telemetry/structured-log.js";
import type { Time } from "../time.js";
import { hasMethods, isObject, requireThat } from "./config-check.js";
import { opener } from "./opener.js";
import { requireOptions } from "./options.js";

/** Where measurements and spans go in place of OpenTelemetry. */
export interface TelemetryOptions {
  /** Takes every measurement; false takes none. @default the OpenTelemetry SDK that is registered, if one is */
  readonly emitMetric?: EmitMetric | false | undefined;
  /** Starts every span; false starts none. @default the OpenTelemetry SDK that is registered, if one is */
  readonly startSpan?: StartSpan | false | undefined;
}

/** Who watches the calls: functions in place of OpenTelemetry's, whoever watches in its own way, or nobody. */
export type TelemetryConfig = TelemetryOptions | PipelineObserver | false;

/** Where lines go: a logger of the shape of pino's, a function in place of `logStructured`, or nowhere. */
export type LoggerConfig = Logger | LogStructured | false;

/** Gives whoever watches a client now: that may change when an OpenTelemetry SDK is registered. */
export interface ObserverSource {
  current(): PipelineObserver | undefined;
  /** Resolves when the SDK that is registered now, if one is, can watch. */
  ready(): Promise<void>;
}

/** Whoever watches a client; what does so is loaded when there is something to watch for. @throws {EcrError} kind `InvalidParameter` */
export function observerSource(telemetry: TelemetryConfig, logger: LoggerConfig, time: Time): ObserverSource {
  requireTelemetry(telemetry);
  requireLogger(logger);
  const outer = isObserver(telemetry) ? telemetry : undefined;
  const { emitMetric, startSpan }: TelemetryOptions =
    telemetry === false || isObserver(telemetry) ? NOTHING : telemetry;
  const usesSdk = emitMetric === undefined || startSpan === undefined;
  const hasOwn = Boolean(logger || emitMetric || startSpan);

  const create = async (sdk?: OpenTelemetry): Promise<PipelineObserver> => {
    const { watch } = await import("../telemetry/watch.js");
    const inner = watch({
      emitMetric: (emitMetric ?? sdk?.emitMetric) || undefined,
      startSpan: (startSpan ?? sdk?.startSpan) || undefined,
      logger: logger || undefined,
      time,
    });
    // The lines are written inside the spans, so that a logger that knows the trace can name it.
    return outer === undefined ? inner : bothObservers(outer, inner);
  };

  const own = opener(create);
  const withSdk = opener(async () => {
    const sdk = await loadOpenTelemetry();
    return sdk && create(sdk);
  });
  const isSdkWanted = (): boolean => usesSdk && isSdkRegistered();
  return {
    current() {
      if (!isSdkWanted()) return own.current() ?? outer;
      if (withSdk.current() === undefined) withSdk.open().catch(() => undefined);
      return withSdk.current() ?? own.current();
    },
    async ready() {
      if (hasOwn) await own.open();
      if (isSdkWanted()) await withSdk.open();
    },
  };
}

const NOTHING: TelemetryOptions = { emitMetric: false, startSpan: false };

const isFalseOr = (test: (value: unknown) => boolean) => (value: unknown) => value === false || test(value);
const isFunction = (value: unknown): boolean => typeof value === "function";

function requireTelemetry(telemetry: TelemetryConfig): void {
  requireThat("telemetry", telemetry, "an object of options, an observer, or false", isFalseOr(isObject));
  if (telemetry === false || isObserver(telemetry)) return;
  requireOptions("telemetry", telemetry, "telemetry", ["emitMetric", "startSpan"]);
  for (const [name, value] of Object.entries(telemetry))
    requireThat(`telemetry.${name}`, value, "a function or false", isFalseOr(isFunction));
}

function requireLogger(logger: LoggerConfig): void {
  const writes = hasMethods("debug", "info", "warn");
  const shape = "an object with the methods debug, info and warn, a function, or false";
  requireThat(
    "logger",
    logger,
    shape,
    isFalseOr((value) => isFunction(value) || writes(value)),
  );
}

const isObserver = (telemetry: TelemetryConfig): telemetry is PipelineObserver =>
  hasMethods("call", "token", "circuit")(telemetry);

type OpenTelemetry = typeof import("../telemetry/open-telemetry.js");

let loading: Promise<OpenTelemetry | undefined> | undefined;

/** Loaded once an SDK is registered, for most processes have none. Where its API is missing, that is told once. */
function loadOpenTelemetry(): Promise<OpenTelemetry | undefined> {
  loading ??= import("../telemetry/open-telemetry.js").catch(() => {
    process.emitWarning(
      "ecrkit: an OpenTelemetry SDK is registered, but the package @opentelemetry/api is not to be found from ecrkit, so no call is measured or traced: npm install @opentelemetry/api@1",
      { code: "ECRKIT_TELEMETRY_MISSING" },
    );
    return undefined;
  });
  return loading;
}
