import type { Target } from "./registry.js";

/**
 * What stands in the place of a region for ECR Public, whose registries belong to an account and to no region. No region has a dot in its
 * name, so no request can be signed for this one, and all that is kept of layers, images, tags and policies serves both kinds of registry.
 */
export const PUBLIC_REGION: string = "public.ecr.aws";

/** Whether a registry is one of ECR Public. */
export const isPublic = ({ region }: Pick<Target, "region">): boolean => region === PUBLIC_REGION;
