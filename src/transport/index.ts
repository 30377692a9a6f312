export { type NetworkFailure, type NetworkOptions, network } from "./network.js";
export {
  type HandleOptions,
  type HttpRequest,
  type HttpResponse,
  type Layer,
  type RequestBody,
  stack,
  type Transport,
} from "./transport.js";
