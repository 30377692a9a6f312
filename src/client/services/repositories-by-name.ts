import type { EcrError } from "../../errors.js";
import type { Repository } from "../../protocol/ecr/repositories.js";
import { openGate } from "../batch.js";
import type { CallScope } from "../call-scope.js";
import { listed } from "../listed.js";
import type { ServiceContext } from "../service-context.js";
import { askForKnown, type WholeOrNothing } from "../unknown-items.js";

/** A repository of a batch that could not be given. */
export interface RepositoryFailure {
  readonly repositoryName: string;
  readonly failureCode: "RepositoryNotFound";
  readonly failureReason: string;
}

/** What came of a batch: the repositories that were found, in the order of their names, and for each of the others why not. */
export interface RepositoryBatch {
  readonly repositories: readonly Repository[];
  readonly failures: readonly RepositoryFailure[];
}

/** Most names in one request. documented: service model, `repositoryNames`. */
const MAX_NAMES = 100;

/**
 * Given repositories, each once. DescribeRepositories fails whole when one name is unknown, so the unknown ones are found out by the
 * error's text, or by cutting the names in half where it names none of them.
 */
export async function repositoriesByName(
  { send, registry }: ServiceContext,
  names: readonly string[],
  scope: CallScope,
): Promise<RepositoryBatch> {
  const operation: WholeOrNothing<string, Repository> = {
    async ask(repositoryNames) {
      const { repositories } = await send("DescribeRepositories", { ...registry, repositoryNames }, scope);
      return listed("DescribeRepositories", repositories);
    },
    unknown: "RepositoryNotFound",
    isNamedBy,
  };
  const wanted = [...new Set(names)];
  const gate = openGate();
  const parts = Array.from({ length: Math.ceil(wanted.length / MAX_NAMES) }, (_, index) =>
    wanted.slice(index * MAX_NAMES, (index + 1) * MAX_NAMES),
  );
  const answered = await Promise.all(parts.map((part) => askForKnown(part, gate, operation)));
  const found = new Map(answered.flatMap(({ answers }) => answers.map((one) => [one.repositoryName, one] as const)));
  const reasons = new Map(
    answered.flatMap(({ unknown }) => unknown.map(({ item, reason }) => [item, reason] as const)),
  );
  return {
    repositories: wanted.flatMap((name) => found.get(name) ?? []),
    failures: wanted.filter((name) => !found.has(name)).map((name) => failureOf(name, reasons.get(name))),
  };
}

/** Whether the error's text is about this name: `The repository with name 'app' does not exist …`. observed: field reports. */
const isNamedBy = ({ service }: EcrError, name: string): boolean => service?.message.includes(`'${name}'`) ?? false;

const failureOf = (
  repositoryName: string,
  failureReason = "ECR answered without this repository and without an error",
): RepositoryFailure => ({ repositoryName, failureCode: "RepositoryNotFound", failureReason });
