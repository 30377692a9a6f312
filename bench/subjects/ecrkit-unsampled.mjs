import { createSubject as createSampled } from "./ecrkit-telemetry.mjs";

/** The same client with an OpenTelemetry SDK registered that records no trace. */
export const createSubject = (endpoint) => createSampled(endpoint, 0);
