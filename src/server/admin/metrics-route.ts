import type { HttpRequest, HttpResponse } from "../../transport/transport.js";
import { textAnswer } from "../answer.js";

/** Where Prometheus looks unless it is told otherwise. Nothing of AWS's lies there: a repository's paths begin with `/v2/`. */
export const METRICS_PATH = "/metrics";

const PLAIN = { "content-type": "text/plain; charset=utf-8" };

/**
 * Answers a scrape. Any Host will do, for a scraper names this server as it finds it; what is told names nobody and nothing that is stored.
 */
export function answerMetrics(text: () => string, { method, headers }: HttpRequest): HttpResponse {
  if (headers["origin"] !== undefined)
    return textAnswer(403, PLAIN, "requests of browsers, which send an Origin header, are refused here\n");
  if (method !== "GET" && method !== "HEAD")
    return textAnswer(405, { ...PLAIN, allow: "GET, HEAD" }, `${method} is not GET or HEAD\n`);
  return textAnswer(200, { "content-type": "text/plain; version=0.0.4; charset=utf-8" }, text());
}
