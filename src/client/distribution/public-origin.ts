import { partitions } from "../../image/partition.js";
import type { Place } from "../environment.js";

/**
 * Where ECR Public's `/v2/` answers: under its own name, on IPv4 and IPv6 where the client asks for that, or under the endpoint that the
 * client was given instead of AWS's, such as a local ECR. documented: ECR Public user guide.
 */
export function publicOrigin(place: Place): URL {
  const endpoint = place.endpointOf("ecr-public");
  const { hostname } = endpoint;
  const endsWith = (suffix: string): boolean => hostname.endsWith(`.${suffix}`);
  if (partitions.some(({ dualStackDnsSuffix }) => endsWith(dualStackDnsSuffix)))
    return new URL("https://ecr-public.aws.com");
  if (partitions.some(({ dnsSuffix }) => endsWith(dnsSuffix))) return new URL("https://public.ecr.aws");
  return new URL(endpoint.origin);
}
