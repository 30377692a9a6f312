import type { Time } from "../time.js";
import type { Send } from "./operation-exchange.js";

/** What a service works with. */
export interface ServiceContext {
  readonly send: Send;
  readonly time: Time;
  /** What the client's configuration adds to the input of every operation that takes it. */
  readonly registry: { readonly registryId?: string };
  /** The region that calls go to; known once the first one has been sent. */
  readonly region: () => string;
}
