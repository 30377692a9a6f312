import type { Target } from "../../../src/registry/registry.js";
import { caller, type TestRegistry } from "../../fixtures/local-registry.js";
import { callNamed, type Json } from "../errors/world.js";
import type { Model, ModelId, ModelImage } from "./model.js";
import { MANIFESTS, TAGS } from "./pool.js";

/** Chance, the same in every run with the same seed. */
export interface Draw {
  of<T>(values: readonly T[]): T;
  chance(share: number): boolean;
  number(below: number): number;
}

/** One operation, done to the registry and to the model: both must answer the same, or refuse with the same error. */
export interface Step {
  readonly name: string;
  real(local: TestRegistry): Promise<unknown>;
  model(model: Model): unknown;
}

export const api = (local: TestRegistry, name: string, input: object): Promise<Json> => callNamed(local, name, input);

export const targetOf = (repositoryName: string): Target => ({
  account: caller.account,
  region: caller.region,
  repositoryName,
});

/** An identifier of every kind: by digest, by tag, by both, and by neither. */
export function drawId({ of, chance }: Draw): ModelId {
  const imageDigest = of(MANIFESTS).digest;
  const imageTag = of(TAGS);
  if (chance(0.05)) return {};
  if (chance(0.15)) return { imageDigest, imageTag };
  return chance(0.5) ? { imageDigest } : { imageTag };
}

export const drawIds = (draw: Draw): readonly ModelId[] =>
  Array.from({ length: 1 + draw.number(3) }, () => drawId(draw));

const STATUSES = [undefined, "ACTIVE", "ARCHIVED", "ACTIVATING", "ANY"] as const;
const TAG_STATUSES = [undefined, "TAGGED", "UNTAGGED", "ANY"] as const;

/** A filter of a listing, and whether an image passes it. */
interface DrawnFilter {
  readonly filter: object;
  readonly shows: (image: ModelImage) => boolean;
}

export function drawFilter({ of }: Draw): DrawnFilter {
  const [imageStatus, tagStatus] = [of(STATUSES), of(TAG_STATUSES)];
  const shows = ({ status, tags }: ModelImage): boolean =>
    (imageStatus === "ANY" || status === (imageStatus ?? "ACTIVE")) &&
    (tagStatus === undefined || tagStatus === "ANY" || tags.size > 0 === (tagStatus === "TAGGED"));
  return { filter: { imageStatus, tagStatus }, shows };
}

/** All of a listing, page by page. */
export async function allPages(local: TestRegistry, name: string, input: object, items: string): Promise<Json[]> {
  const all: Json[] = [];
  let nextToken: string | undefined;
  for (let page = 0; page === 0 || nextToken !== undefined; page++) {
    const answer = await api(local, name, { ...input, maxResults: 1 + (page % 3), nextToken });
    all.push(...answer[items]);
    nextToken = answer.nextToken;
  }
  return all;
}
