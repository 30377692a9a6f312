import type { PipelineObserver } from "../../telemetry/pipeline-observer.js";
import type { Time } from "../../time.js";
import { type CallScope, withinScope } from "../call-scope.js";
import type { ConnectionParts } from "../connection.js";
import type { Opener } from "../opener.js";

/** What requests outside of AWS's API go by: those to a registry's own `/v2/`, and those to the URLs of layers. */
export interface Wire extends Omit<ConnectionParts, "credentials"> {
  readonly observer?: PipelineObserver | undefined;
  /** Refuses whatever writes. */
  readonly readOnly?: boolean | undefined;
}

/** Gives the wire once region and endpoints are known. Waits no longer than the scope. */
export type OpenWire = (scope: CallScope) => Promise<Wire>;

/** The wire of a line that may have to be opened first. `region` names it for people until then. */
export function wireOf(line: Opener<{ readonly wire: Wire }>, time: Time, region: () => string): OpenWire {
  const late = () => ({ operation: "Opening", subject: "the connection", region: region(), attempts: 0 });
  return async (scope) => (line.current() ?? (await withinScope(line.open(), scope, time, late))).wire;
}
