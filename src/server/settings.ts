import type { Time } from "../time.js";
import type { OnFault } from "./failure.js";
import type { Quirks } from "./v2/quirks.js";

/** What all front ends are told. */
export interface ServerSettings {
  /** The account of access keys that are not 12 digits. */
  readonly account: string;
  readonly auth: "open" | "strict";
  /** The clock that clients sign by. */
  readonly realTime: Pick<Time, "now">;
  readonly quirks: Quirks;
  readonly onFault: OnFault;
  /** When the registry's clock showed the start. */
  readonly startedMs: number;
}
