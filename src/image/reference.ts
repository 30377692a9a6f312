import { isDigest } from "./digest.js";
import { formatRegistryHost, parseRegistryHost, type RegistryHost } from "./registry-host.js";
import { isPublicRepositoryName, isRegistryAlias, isRepositoryName, isTag } from "./repository-name.js";

/** An image by name: `host/repository[:tag][@digest]`. */
export interface ImageReference {
  /** The registry's host as it was written, with its port; see `parseRegistryHost`. Absent in a short reference such as `app:v1`. */
  readonly host?: string | undefined;
  /** The path between host and tag. On ECR Public it starts with the registry's alias. */
  readonly repository: string;
  readonly tag?: string | undefined;
  readonly digest?: string | undefined;
}

const HOST =
  /^(?:[a-zA-Z0-9]+(?:-+[a-zA-Z0-9]+)*(?:\.[a-zA-Z0-9]+(?:-+[a-zA-Z0-9]+)*)*|\[[0-9a-fA-F:.]+\])(?::[0-9]{1,5})?$/;
/** Longer than any host, repository, tag and digest together. */
const MAX_REFERENCE_LENGTH = 1_024;

/**
 * The parts of an image reference, or undefined when it is malformed. The first component is a host when it has a dot, a colon or a
 * bracket or is `localhost`, as in docker. On an ECR host the repository must be a name that ECR accepts. No default tag is added.
 */
export function parseImageReference(text: string): ImageReference | undefined {
  if (text.length > MAX_REFERENCE_LENGTH) return undefined;
  const at = text.indexOf("@");
  const digest = at === -1 ? undefined : text.slice(at + 1);
  const named = at === -1 ? text : text.slice(0, at);
  const colon = named.lastIndexOf(":");
  const tagged = colon > named.lastIndexOf("/");
  const tag = tagged ? named.slice(colon + 1) : undefined;
  const path = tagged ? named.slice(0, colon) : named;
  if (digest !== undefined && !isDigest(digest)) return undefined;
  if (tag !== undefined && !isTag(tag)) return undefined;

  const slash = path.indexOf("/");
  const first = path.slice(0, Math.max(slash, 0));
  const host = isHostLike(first) ? first : undefined;
  const repository = host === undefined ? path : path.slice(slash + 1);
  if (host !== undefined && !HOST.test(host)) return undefined;
  if (!isRepositoryOn(host === undefined ? undefined : parseRegistryHost(host), repository)) return undefined;
  return {
    ...(host === undefined ? {} : { host }),
    repository,
    ...(tag === undefined ? {} : { tag }),
    ...(digest === undefined ? {} : { digest }),
  };
}

const isHostLike = (component: string): boolean => component === "localhost" || /[.:[]/.test(component);

/** Every registry is held to the grammar of private ECR, which is OCI's; ECR Public to its own. */
function isRepositoryOn(host: RegistryHost | undefined, repository: string): boolean {
  if (host?.kind !== "public") return isRepositoryName(repository);
  const slash = repository.indexOf("/");
  return (
    slash > 0 && isRegistryAlias(repository.slice(0, slash)) && isPublicRepositoryName(repository.slice(slash + 1))
  );
}

/** The reference as text: what {@link parseImageReference} reads. */
export const formatImageReference = ({ host, repository, tag, digest }: ImageReference): string =>
  `${host === undefined ? "" : `${host}/`}${repository}${tag === undefined ? "" : `:${tag}`}${digest === undefined ? "" : `@${digest}`}`;

/** The URI of a repository as ECR's `repositoryUri` spells it. On ECR Public `repository` is the alias and the name, `alias/name`. */
export const repositoryUri = (host: RegistryHost, repository: string): string =>
  `${formatRegistryHost(host)}/${repository}`;
