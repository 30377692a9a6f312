import { EcrError } from "../errors.js";
import { type EndpointOptions, resolveEndpoint } from "../protocol/endpoints.js";

/**
 * Where a client calls a service. An own endpoint may hold no more than what a call keeps of it: scheme, host, port and path.
 *
 * @throws {EcrError} kind `InvalidParameter`, never with the URL in it: there may be a password in that
 */
export function endpointOf(options: EndpointOptions): URL {
  const url = resolveEndpoint(options);
  const surplus =
    url.username || url.password ? "a user or password" : url.search ? "a query" : url.hash ? "a fragment" : undefined;
  if (surplus === undefined) return url;
  throw new EcrError(`endpoint must be a URL such as http://localhost:4580: it holds ${surplus}, which is not sent`, {
    kind: "InvalidParameter",
  });
}
