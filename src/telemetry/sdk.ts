/** Where `@opentelemetry/api` keeps what an SDK registers, whichever copy of it. documented: OpenTelemetry for JavaScript, `registerGlobal`. */
const REGISTERED = Symbol.for("opentelemetry.js.api.1");

/** Whether an OpenTelemetry SDK takes spans or measurements in this process. Loads nothing. */
export function isSdkRegistered(): boolean {
  const api = (globalThis as { readonly [REGISTERED]?: Readonly<Record<string, unknown>> })[REGISTERED];
  return api !== undefined && (api["trace"] !== undefined || api["metrics"] !== undefined);
}
