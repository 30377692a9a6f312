import { Readable } from "node:stream";
import { isEcrError } from "../../errors.js";
import { ServiceError } from "../../protocol/service-error.js";
import { sampleEstate } from "../../registry/control/sample-estate.js";
import type { LifecycleScope, Registry } from "../../registry/registry.js";
import type { Faults } from "../../transport/fault.js";
import type { FaultPlan } from "../../transport/fault-plan.js";
import type { HttpRequest, HttpResponse } from "../../transport/transport.js";
import { version } from "../../version.js";
import { textAnswer } from "../answer.js";
import { bodyChunks, isCutOff, readBody } from "../body.js";
import type { OnFault } from "../failure.js";
import type { OperationLogBook } from "../operation-log.js";
import { hostOf, queryValue } from "../request.js";
import { isOwnHost } from "./own-host.js";

/** Where the local ECR's own routes live, apart from AWS's. */
export const ADMIN_PREFIX = "/_ecrkit/";

/** What the routes work on. */
export interface AdminParts {
  readonly registry: Registry;
  readonly faults: Faults;
  readonly log: OperationLogBook;
  /** The account of seeds that name none, and of lifecycle runs. */
  readonly account: string;
  readonly onFault: OnFault;
  /** The name that this server is given to others under, if it has one. */
  readonly publicHost?: string | undefined;
  /** When the registry's clock showed the start. */
  readonly startedMs: number;
}

type Handler = (parts: AdminParts, request: HttpRequest) => Promise<unknown> | unknown;

/** Every route with what each method does: answers with JSON, or with a stream as it is. */
const ROUTES: Readonly<Record<string, Readonly<Record<string, Handler>>>> = {
  health: {
    GET: ({ registry, startedMs }) => ({ status: "ok", version, uptimeMs: registry.time.now() - startedMs }),
  },
  clock: {
    GET: clockOf,
    POST: async (parts, request) => {
      const { advance } = members(await readJson(request));
      await parts.registry.time.advance(advance as string);
      return clockOf(parts);
    },
  },
  faults: {
    GET: ({ faults }) => ({ faults: faults.tally() }),
    PUT: async ({ faults }, request) => {
      faults.use((await readJson(request)) as FaultPlan);
      return { faults: faults.tally() };
    },
    DELETE: ({ faults }) => {
      faults.use({ faults: [] });
      return { faults: [] };
    },
  },
  log: {
    GET: ({ log }, request) => ({ entries: log.entries(rangeOf(request)) }),
    DELETE: ({ log }) => {
      log.clear();
      return { entries: [] };
    },
  },
  events: {
    GET: async ({ registry }, request) => {
      const { after = 0, limit = 1_000 } = rangeOf(request);
      return { events: await registry.control.events(after, limit) };
    },
  },
  reset: {
    POST: async (parts) => {
      await resetAll(parts);
      return {};
    },
  },
  snapshot: {
    GET: ({ registry }) => Readable.from(registry.control.snapshot(), { objectMode: false }),
    PUT: async ({ registry }, request) => {
      await registry.control.restore(bodyChunks(request));
      return {};
    },
  },
  seed: {
    POST: async ({ registry, account }, request) => {
      const seed = await readJson(request);
      return registry.control.seed(seed === "sample" ? sampleEstate(account) : seed);
    },
  },
  lifecycle: {
    POST: async ({ registry, account }, request) => {
      return { runs: await registry.runLifecycle(scopeOf(members(await readJson(request)), account)) };
    },
  },
  "scan-report": {
    POST: async ({ registry }, request) => ({
      digest: await registry.loadScanReport(await readJson(request), queryValue(request, "digest")),
    }),
  },
};

/** Empties the registries and the log, and ends all faults. The clock stays where it is. */
export async function resetAll({
  registry,
  faults,
  log,
}: Pick<AdminParts, "registry" | "faults" | "log">): Promise<void> {
  faults.use({ faults: [] });
  faults.release();
  await registry.control.reset();
  log.clear();
}

/** Answers the local ECR's own routes. */
export async function answerAdmin(parts: AdminParts, request: HttpRequest): Promise<HttpResponse> {
  // A page in a browser could reach a loopback server: whatever carries an Origin is not a tool of this machine's user.
  if (request.headers["origin"] !== undefined)
    return refuse(403, "requests of browsers, which send an Origin header, are refused here");
  const host = hostOf(request);
  if (!isOwnHost(host, parts.publicHost))
    return refuse(403, `requests to ${host} are refused here: use an IP address, localhost or the public host`);
  const name = request.path.slice(ADMIN_PREFIX.length);
  const route = Object.hasOwn(ROUTES, name) ? ROUTES[name] : undefined;
  if (route === undefined)
    return refuse(404, `there is no ${request.path} here; there are ${Object.keys(ROUTES).join(", ")}`);
  const method = request.method === "HEAD" ? "GET" : request.method;
  const handler = Object.hasOwn(route, method) ? route[method] : undefined;
  if (handler === undefined) {
    const allowed = Object.keys(route).flatMap((one) => (one === "GET" ? ["GET", "HEAD"] : [one]));
    return refuse(405, `${request.method} is not ${allowed.join(" or ")}`, { allow: allowed.join(", ") });
  }
  try {
    return rendered(await handler(parts, request));
  } catch (error) {
    // What the request asks for cannot be; anything else is a fault of the local ECR itself.
    if (isEcrError(error, "InvalidParameter") || error instanceof ServiceError || error instanceof RangeError)
      return refuse(400, error.message);
    if (!isCutOff(request)) parts.onFault(error);
    return refuse(500, "the local ECR failed to answer this request");
  }
}

const JSON_TYPE = { "content-type": "application/json" };

const rendered = (value: unknown): HttpResponse =>
  value instanceof Readable
    ? { statusCode: 200, headers: { "content-type": "application/x-ndjson" }, body: value }
    : textAnswer(200, JSON_TYPE, JSON.stringify(value));

const refuse = (statusCode: number, message: string, headers: Readonly<Record<string, string>> = {}): HttpResponse =>
  textAnswer(statusCode, { ...JSON_TYPE, ...headers }, JSON.stringify({ error: message }));

function clockOf({ registry }: AdminParts): { readonly now: string } {
  return { now: new Date(registry.time.now()).toISOString() };
}

/** Largest body of a request that is read whole, in bytes: a scan report can be large. */
const MAX_BODY_BYTES = 64 * 1024 * 1024;

async function readJson(request: HttpRequest): Promise<unknown> {
  const bytes = await readBody(request, MAX_BODY_BYTES);
  if (bytes === undefined) throw new RangeError(`the body is larger than ${MAX_BODY_BYTES} bytes`);
  try {
    return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString());
  } catch {
    throw new RangeError("the body is not JSON");
  }
}

function members(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value === "object" && value !== null) return value as Readonly<Record<string, unknown>>;
  throw new RangeError(`the body must be an object, got ${JSON.stringify(value)}`);
}

function scopeOf({ account, region, repositoryName }: Readonly<Record<string, unknown>>, own: string): LifecycleScope {
  if (typeof region !== "string") throw new RangeError("the body must name a region");
  return {
    account: textOf("account", account) ?? own,
    region,
    repositoryName: textOf("repositoryName", repositoryName),
  };
}

function textOf(name: string, value: unknown): string | undefined {
  if (value === undefined || typeof value === "string") return value;
  throw new RangeError(`${name} must be text, got ${JSON.stringify(value)}`);
}

function rangeOf(request: HttpRequest): { readonly after?: number; readonly limit?: number } {
  const read = (name: string): number | undefined => {
    const text = queryValue(request, name);
    if (text === undefined) return undefined;
    if (/^\d{1,15}$/.test(text)) return Number(text);
    throw new RangeError(`${name} must be a whole number from 0 up, got ${JSON.stringify(text)}`);
  };
  const [after, limit] = [read("after"), read("limit")];
  return { ...(after !== undefined && { after }), ...(limit !== undefined && { limit }) };
}
