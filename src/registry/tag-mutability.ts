import { wildcard } from "../policy/wildcard.js";
import type { ImageTagMutability } from "../protocol/ecr/enums.js";
import type { ImageTagMutabilityExclusionFilter } from "../protocol/ecr/repositories.js";
import type { RepositoryRecord } from "./records.js";
import { invalidParameter } from "./refusals.js";

const FILTERS = "imageTagMutabilityExclusionFilters";

/** documented: Terraform's provider and the API reference, wildcards in one filter. */
const MAX_WILDCARDS = 2;

/** @throws {ServiceError} InvalidParameterException when mutability and filters do not go together */
export function requireFittingFilters(
  mutability: ImageTagMutability,
  filters: readonly ImageTagMutabilityExclusionFilter[] | undefined,
): void {
  const wanted = mutability.endsWith("_WITH_EXCLUSION");
  // observed: the same words whether filters are missing or too many.
  if (wanted !== (filters !== undefined))
    throw invalidParameter(
      FILTERS,
      `ImageTagMutabilityExclusionFilters can't be null when imageTagMutability is set as ${mutability}`,
    );
  for (const { filter } of filters ?? []) {
    // assumed text
    if (filter.split("*").length - 1 > MAX_WILDCARDS)
      throw invalidParameter(FILTERS, `Filter '${filter}' must have at most ${MAX_WILDCARDS} wildcards`);
  }
}

/** What makes `tag` immutable in a repository: all of it, a filter for this tag, or nothing. */
export function immutabilityOf(
  { tagMutability, tagMutabilityFilters = [] }: RepositoryRecord,
  tag: string,
): "repository" | "tag" | undefined {
  const excluded = (): boolean => tagMutabilityFilters.some(({ filter }) => wildcard(filter)(tag));
  switch (tagMutability) {
    case "MUTABLE":
      return undefined;
    case "IMMUTABLE":
      return "repository";
    case "MUTABLE_WITH_EXCLUSION":
      return excluded() ? "tag" : undefined;
    case "IMMUTABLE_WITH_EXCLUSION":
      return excluded() ? undefined : "tag";
  }
}
