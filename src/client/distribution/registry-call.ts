import type { EcrError } from "../../errors.js";
import type { Secret } from "../../secret.js";
import type { Step } from "../../telemetry/pipeline-observer.js";
import type { CallScope } from "../call-scope.js";
import { type FailedCall, failure } from "../error-mapper.js";
import type { Content, UrlRequest } from "./http-request.js";
import type { Entry } from "./login.js";
import type { About } from "./registry-error.js";

/** One request to a registry's `/v2/`, ready to be sent as often as need be. */
export interface RegistryCall {
  /** What ECR turns the request into, by its AWS name: errors, rates and spans go by it. observed: CloudTrail shows them so. */
  readonly operation: string;
  readonly access: "read" | "write";
  /** It gives an image a tag. */
  readonly tags?: boolean;
  /** What it is about, for people. */
  readonly subject: string;
  /** What it is about, for the meaning of an error. */
  readonly about: About;
  readonly method: UrlRequest["method"];
  /** Path and query in the registry, or a whole URL that it named. */
  readonly target: string | URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly content?: Content;
}

/** A task on its way through the pipeline. */
export interface RegistryRun {
  readonly service: "ecr" | "ecr-public";
  readonly scope: CallScope;
  readonly region: string;
  /** Whoever watches, if anybody does. */
  readonly step: Step | undefined;
  /** The request that was sent last, or is to be sent first. */
  call: RegistryCall;
  /** How often the task was begun. */
  attempts: number;
  /** A request that writes may have been carried out although its answer did not come. */
  answerLost: boolean;
  entry: Entry;
  lastError: unknown;
}

/** What an error says of a task. */
export const failedCallOf = ({
  call,
  region,
  attempts,
  answerLost,
}: Pick<RegistryRun, "call" | "region" | "attempts" | "answerLost">): FailedCall => ({
  operation: call.operation,
  subject: call.subject,
  region,
  attempts,
  ambiguous: answerLost && call.access === "write",
});

/** The refusal of a policy, which does not know what it refused. */
export const refusedBy = (error: EcrError, run: RegistryRun): EcrError =>
  failure(error.kind, error.message, failedCallOf(run), {
    category: error.category,
    retryAfterMs: error.retryAfterMs,
    cause: run.lastError,
  });

/** A path of a repository. Names, tags and digests need no escape: they have been looked at. */
export const repositoryPath = (repository: string, rest: string): string => `/v2/${repository}/${rest}`;

/** Whether a login may be sent to a URL: only to the registry itself, and not to what it merely serves. */
export const isOfRegistry =
  ({ origin }: Entry) =>
  (url: URL): boolean =>
    url.origin === origin.origin && url.pathname.startsWith("/v2/");

/** The login for a URL, where it may be sent there. */
export const authorizationFor = (entry: Entry, url: URL): Secret | undefined =>
  isOfRegistry(entry)(url) ? entry.authorization : undefined;
