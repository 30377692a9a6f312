import type { Caller, DataPlane, Registry, Target } from "../../registry/registry.js";
import type { HttpRequest } from "../../transport/transport.js";
import type { Quirks } from "./quirks.js";

/** One request on `/v2/` with what is already known of it. */
export interface Exchange {
  readonly request: HttpRequest;
  readonly registry: Registry;
  readonly data: DataPlane;
  readonly caller: Caller;
  readonly quirks: Quirks;
}

/** An exchange about one repository. */
export interface RepositoryExchange extends Exchange {
  readonly target: Target;
  /** The repository as the request's path names it: in ECR Public with its registry's alias. */
  readonly name: string;
}
