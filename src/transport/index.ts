export { type FaultOptions, type Faults, type FaultTally, fault, faults } from "./fault.js";
export type { Delay, Fault, FaultEffect, FaultPlan } from "./fault-plan.js";
export { type NetworkOptions, network } from "./network.js";
export type { NetworkFailure } from "./network-failure.js";
export {
  type HandleOptions,
  type HttpRequest,
  type HttpResponse,
  type Layer,
  type RequestBody,
  stack,
  type Transport,
} from "./transport.js";
