import { hasAccess } from "../access.js";
import { findImage } from "../images.js";
import { linkLayer } from "../layers.js";
import { manifestText } from "../pull.js";
import type { Caller, Target } from "../registry.js";
import { keyOf, type State } from "../state.js";
import { type Upstream, UpstreamError } from "./upstream.js";

/**
 * A registry of this local ECR as an upstream; `place` says which repository has a name there, if any, and `reader` who must be let in to it,
 * nobody where its owner or everyone reads. What it gives does not count as a pull.
 */
export function localUpstream(
  state: State,
  place: (repositoryName: string) => Target | undefined,
  reader: () => Caller | undefined = () => undefined,
): Upstream {
  const { tables } = state;
  const placeOf = (repositoryName: string, action: PullAction): Target => {
    const source = place(repositoryName);
    const by = reader();
    // Before it is looked for: what is not there is denied like what is.
    if (by && source && !hasAccess(state, by, action, source))
      throw new UpstreamError("access-denied", `${by.arn} is not authorized to perform: ${action}`);
    if (!source || !tables.repository.has(...keyOf(source))) throw notFound(`no repository ${repositoryName}`);
    return source;
  };
  return {
    async manifest(repositoryName, reference) {
      const source = placeOf(repositoryName, "ecr:BatchGetImage");
      const imageId = reference.includes(":") ? { imageDigest: reference } : { imageTag: reference };
      const found = findImage(tables, source, imageId);
      if (typeof found === "string" || found.image.status !== undefined) throw notFound(`no image ${reference}`);
      const { digest, image } = found;
      return { digest, mediaType: image.mediaType, bytes: Buffer.from(manifestText(state, source, digest)) };
    },
    async copyBlob(repositoryName, digest, target) {
      const source = placeOf(repositoryName, "ecr:GetDownloadUrlForLayer");
      if (!tables.layer.has(...keyOf(source), digest) || !(await linkLayer(state, target, digest)))
        throw notFound(`no blob ${digest}`);
    },
    async referrers(repositoryName, digest) {
      const source = placeOf(repositoryName, "ecr:BatchGetImage");
      return Array.from(tables.referrer.list([...keyOf(source), digest]), ([, referrer]) => referrer);
    },
    async check() {
      reader();
    },
  };
}

type PullAction = "ecr:BatchGetImage" | "ecr:GetDownloadUrlForLayer";

const notFound = (message: string): UpstreamError => new UpstreamError("not-found", message);
