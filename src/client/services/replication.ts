import { EcrError } from "../../errors.js";
import type { ReplicationStatus } from "../../protocol/ecr/enums.js";
import type { ImageIdentifier } from "../../protocol/ecr/images.js";
import type { ReplicationConfiguration, ReplicationDestination } from "../../protocol/ecr/replication.js";
import { type CallOptions, startScope } from "../call-scope.js";
import { requireImageId, requireRepository } from "../identifiers.js";
import { listed, present } from "../listed.js";
import type { ServiceContext } from "../service-context.js";

/** Where the copy of an image to one destination stands. */
export interface ReplicatedCopy extends ReplicationDestination {
  readonly status: ReplicationStatus;
  /** Why it failed, such as `AccessDenied`. */
  readonly failureCode: string | undefined;
}

/** Where the copies of an image stand. */
export interface ImageReplication {
  readonly repositoryName: string;
  /** The image as ECR names it. */
  readonly imageId: ImageIdentifier;
  /** One for each destination; none when no rule covered the repository when the image was pushed. */
  readonly copies: readonly ReplicatedCopy[];
}

/** Copies of images in other regions and registries. */
export interface Replication {
  /** How far an image has been copied. @throws {EcrError} kind `ImageNotFound` when there is none */
  status(repository: string, id: ImageIdentifier, options?: CallOptions): Promise<ImageReplication>;
  /**
   * Every region and registry that a rule copies to, each once.
   * @throws {EcrError} kind `InvalidParameter` when the client's `registryId` is another account's, whose rules nobody else can read
   */
  destinations(options?: CallOptions): Promise<readonly ReplicationDestination[]>;
  /** The rules; an empty list when nothing is replicated. @throws {EcrError} kind `InvalidParameter` as of `destinations` */
  configuration(options?: CallOptions): Promise<ReplicationConfiguration>;
}

/** The service over a client's pipeline. */
export function createReplication(context: ServiceContext): Replication {
  const { send, time, registry } = context;
  return {
    async status(repositoryName, id, options) {
      requireRepository(repositoryName);
      requireImageId("id", id);
      const input = { ...registry, repositoryName, imageId: id };
      const { imageId, replicationStatuses } = await send(OPERATION, input, startScope(time, options));
      const copies = listed(OPERATION, replicationStatuses).map(
        ({ region, registryId, status, failureCode }): ReplicatedCopy => ({
          region: present(OPERATION, "region", region),
          registryId: present(OPERATION, "registryId", registryId),
          status: present(OPERATION, "status", status),
          failureCode,
        }),
      );
      return { repositoryName, imageId: imageId ?? id, copies };
    },
    async destinations(options) {
      const { rules } = await readConfiguration(context, options);
      const all = rules.flatMap(({ destinations }) => destinations);
      return [...new Map(all.map((to) => [`${to.registryId} ${to.region}`, to])).values()];
    },
    async configuration(options) {
      return readConfiguration(context, options);
    },
  };
}

const OPERATION = "DescribeImageReplicationStatus";

async function readConfiguration(
  { send, time, registry }: ServiceContext,
  options: CallOptions | undefined,
): Promise<ReplicationConfiguration> {
  const { registryId, replicationConfiguration } = await send("DescribeRegistry", {}, startScope(time, options));
  if (registry.registryId !== undefined && registry.registryId !== registryId)
    throw new EcrError(
      `DescribeRegistry tells of the account's own registry, ${registryId}, not of ${registry.registryId}: read its replication rules with credentials of that account`,
      { kind: "InvalidParameter", operation: "DescribeRegistry" },
    );
  return present("DescribeRegistry", "replicationConfiguration", replicationConfiguration);
}
