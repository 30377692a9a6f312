import { parseImageReference } from "../image/reference.js";
import { formatRegistryHost, parseRegistryHost } from "../image/registry-host.js";
import type { ImageIdentifier } from "../protocol/ecr/images.js";
import { UsageError } from "./exit-code.js";

/** Where a registry is, as far as the name of an image says so. */
export interface RegistryPlace {
  readonly region?: string;
  readonly registryId?: string;
  readonly endpoint?: string;
}

/** A repository as it was written on the command line: by name, or by its URI. */
export interface RepositoryArgument {
  readonly repositoryName: string;
  readonly place: RegistryPlace;
}

/** An image as it was written on the command line. */
export interface ImageArgument extends RepositoryArgument {
  readonly imageId: ImageIdentifier;
}

/** The image that `text` names. Without tag and digest it is `latest`, as in docker. @throws {UsageError} when it names none in ECR */
export function parseImageArgument(text: string): ImageArgument {
  const { host, repository, tag, digest } = parse(text, "an image is repository[:tag][@digest] or its whole URI");
  const imageId = {
    ...(digest === undefined ? {} : { imageDigest: digest }),
    ...(tag === undefined ? {} : { imageTag: tag }),
  };
  return {
    repositoryName: repository,
    place: placeOf(host, text),
    imageId: digest === undefined && tag === undefined ? { imageTag: "latest" } : imageId,
  };
}

/** The repository that `text` names. @throws {UsageError} when it names none in ECR */
export function parseRepositoryArgument(text: string): RepositoryArgument {
  const rule = "a repository is a name such as team/app or its whole URI, without tag and digest";
  const { host, repository, tag, digest } = parse(text, rule);
  if (tag !== undefined || digest !== undefined) throw new UsageError(`"${text}" is an image: ${rule}`);
  return { repositoryName: repository, place: placeOf(host, text) };
}

function parse(text: string, rule: string): NonNullable<ReturnType<typeof parseImageReference>> {
  const reference = parseImageReference(text);
  if (reference === undefined) throw new UsageError(`"${text}" is malformed: ${rule}`);
  return reference;
}

function placeOf(host: string | undefined, text: string): RegistryPlace {
  if (host === undefined) return {};
  const registry = parseRegistryHost(host);
  switch (registry?.kind) {
    case "private":
      return { region: registry.region, registryId: registry.account };
    case "local": {
      const { hostname, port } = registry;
      const endpoint = `http://${formatRegistryHost({ kind: "local", hostname, port })}`;
      if (registry.registry === undefined) return { endpoint };
      return { region: registry.registry.region, registryId: registry.registry.account, endpoint };
    }
    case "public":
      throw new UsageError(`"${text}" is on ECR Public: this command reads private registries only`);
    case undefined:
      throw new UsageError(
        `"${text}" is on ${host}, which is not an ECR registry: for a local ECR under another name, leave the host out and give --endpoint-url`,
      );
  }
}
