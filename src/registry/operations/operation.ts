import type { InputOf, OperationName, OutputOf } from "../../protocol/operations.js";
import type { Caller } from "../registry.js";
import type { State } from "../state.js";

/** What one operation does: its input has been validated; what it throws is a `ServiceError`. */
export type Operation<N extends OperationName> = (
  state: State,
  caller: Caller,
  input: InputOf<N>,
) => OutputOf<N> | Promise<OutputOf<N>>;
