import type { HttpResponse } from "../../transport/transport.js";
import { textAnswer } from "../answer.js";
import { queryValue } from "../request.js";
import type { RepositoryExchange } from "./exchange.js";

const OCI_INDEX = "application/vnd.oci.image.index.v1+json";

/** The referrers of a manifest, which need not exist, as an OCI index. documented: OCI distribution specification 1.1, listing referrers. */
export async function listReferrers(exchange: RepositoryExchange, digest: string): Promise<HttpResponse> {
  const { request, data, caller, target } = exchange;
  const artifactType = queryValue(request, "artifactType");
  const manifests = await data.referrers(caller, target, digest, artifactType);
  return textAnswer(
    200,
    { "content-type": OCI_INDEX, ...(artifactType === undefined ? {} : { "oci-filters-applied": "artifactType" }) },
    JSON.stringify({ schemaVersion: 2, mediaType: OCI_INDEX, manifests }),
  );
}
