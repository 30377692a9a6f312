import { partitionOf, partitions } from "../../image/partition.js";
import type { ReplicationConfiguration, ReplicationDestination } from "../../protocol/ecr/replication.js";
import { ServiceError } from "../../protocol/service-error.js";
import { invalidParameter } from "../refusals.js";
import type { RegistryOf, State } from "../state.js";
import { destinationKey } from "./replication-records.js";

/** documented: service quotas, over all rules. */
const MAX_DESTINATIONS = 25;

const NONE: ReplicationConfiguration = { rules: [] };

/** The replication rules of a registry. */
export const replicationConfigurationOf = (
  { tables }: Pick<State, "tables">,
  { account, region }: RegistryOf,
): ReplicationConfiguration => tables.replicationConfiguration.get(account, region) ?? NONE;

/** The destinations that a configuration names, each once. */
export const destinationsOf = ({ rules }: ReplicationConfiguration): readonly ReplicationDestination[] => [
  ...new Map(
    rules
      .flatMap(({ destinations }) => destinations)
      .map((destination) => [destinationKey(destination).join(" "), destination]),
  ).values(),
];

/** The destinations of a repository's images, each once: those of every rule that covers it. A rule without filters covers all. */
export const destinationsFor = (
  { rules }: ReplicationConfiguration,
  repositoryName: string,
): readonly ReplicationDestination[] =>
  destinationsOf({
    rules: rules.filter(
      ({ repositoryFilters }) =>
        repositoryFilters === undefined || repositoryFilters.some(({ filter }) => repositoryName.startsWith(filter)),
    ),
  });

/** documented: what is refused. The text of the first is observed (moto's tests), the others and their codes are assumed. */
export function requireReplicationConfiguration(
  { account, region }: RegistryOf,
  configuration: ReplicationConfiguration,
): void {
  const destinations = destinationsOf(configuration);
  for (const destination of destinations) {
    if (destination.region === region && destination.registryId === account)
      throw invalidParameter(
        "replicationConfiguration",
        "Replication destination cannot be the same as the source registry",
      );
    if (!isRegionBeside(region, destination.region))
      throw new ServiceError(
        "ValidationException",
        `'${destination.region}' is not a region of the partition '${partitionOf(region).name}'`,
      );
  }
  if (destinations.length > MAX_DESTINATIONS)
    throw invalidParameter(
      "replicationConfiguration",
      `Replication configuration must have at most ${MAX_DESTINATIONS} unique destinations`,
    );
}

/** Whether a region lies in the same partition; one that is not known yet counts when it looks like one. */
function isRegionBeside(region: string, other: string): boolean {
  const partition = partitionOf(region);
  return partitions.some(({ regionPattern }) => regionPattern.test(other)) && partitionOf(other) === partition;
}
