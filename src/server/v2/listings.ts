import { ServiceError } from "../../protocol/service-error.js";
import type { DataPage, PageRequest } from "../../registry/registry.js";
import type { HttpRequest, HttpResponse } from "../../transport/transport.js";
import { textAnswer } from "../answer.js";
import { originOf, queryValue } from "../request.js";
import type { Exchange, RepositoryExchange } from "./exchange.js";

export async function listTags(exchange: RepositoryExchange): Promise<HttpResponse> {
  const { request, data, caller, target, name, quirks } = exchange;
  const page = await data.tags(caller, target, pageOf(request));
  const body = { name, tags: page.items };
  return textAnswer(200, { "content-type": quirks.tagsContentType, ...nextLink(request, page) }, JSON.stringify(body));
}

/** The catalog of one registry. Its content type is assumed: field reports speak of `tags/list` only. */
export async function listCatalog(
  { request, data, caller }: Exchange,
  registry: { readonly account: string; readonly region: string },
): Promise<HttpResponse> {
  const page = await data.catalog(caller, registry, pageOf(request));
  const body = JSON.stringify({ repositories: page.items });
  return textAnswer(200, { "content-type": "application/json", ...nextLink(request, page) }, body);
}

function pageOf(request: HttpRequest): PageRequest {
  const n = queryValue(request, "n");
  if (n !== undefined && !/^\d{1,15}$/.test(n))
    throw new ServiceError(
      "InvalidParameterException",
      "Invalid parameter at 'maxResults' failed to satisfy constraint: 'Member must be an integer'",
    );
  return { n: n === undefined ? undefined : Number(n), last: queryValue(request, "last") };
}

/** The link to the next page, absolute as ECR's. observed: field reports. */
function nextLink(request: HttpRequest, { last }: DataPage): Readonly<Record<string, string>> {
  if (last === undefined) return {};
  const n = queryValue(request, "n");
  const query = `${n === undefined ? "" : `n=${n}&`}last=${encodeURIComponent(last)}`;
  return { link: `<${originOf(request)}${request.path}?${query}>; rel="next"` };
}
