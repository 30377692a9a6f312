import type { ListImagesFilter } from "../protocol/ecr/images.js";
import type { ImageRecord, Tables } from "./records.js";
import type { Target } from "./registry.js";
import { keyOf } from "./state.js";
import { imageStatus } from "./storage-class.js";
import type { Key } from "./table.js";

/** Unset, a filter by status gives active images only. documented. */
function hasStatus({ imageStatus: wanted = "ACTIVE" }: ListImagesFilter, image: ImageRecord | undefined): boolean {
  return image !== undefined && (wanted === "ANY" || wanted === imageStatus(image));
}

/** Digest and tag of every tag, and the digest of every image without one, in order; `after` the one that it names. */
export function* listImageIds(
  tables: Tables,
  target: Target,
  filter: ListImagesFilter,
  after?: Key,
): Iterable<readonly [place: Key, entry: unknown]> {
  const key = keyOf(target);
  const shown = (digest = ""): boolean => hasStatus(filter, tables.image.get(...key, digest));
  if (filter.tagStatus === "UNTAGGED" || filter.tagStatus === "TAGGED") {
    const entries = filter.tagStatus === "TAGGED" ? tables.imageTag : tables.untagged;
    for (const [place] of entries.list(key, after)) if (shown(place[0])) yield [place, undefined];
    return;
  }
  const [digest, tag] = after ?? [];
  if (digest !== undefined && tag !== undefined && shown(digest)) yield* tagsWithin(tables, key, digest, [tag]);
  for (const [[next = ""], image] of tables.image.list(key, digest === undefined ? undefined : [digest])) {
    if (!hasStatus(filter, image)) continue;
    if (image.tagCount > 0) yield* tagsWithin(tables, key, next);
    else yield [[next], undefined];
  }
}

function* tagsWithin(
  tables: Tables,
  key: Key,
  digest: string,
  after?: Key,
): Iterable<readonly [place: Key, entry: unknown]> {
  for (const [[tag = ""]] of tables.imageTag.list([...key, digest], after)) yield [[digest, tag], undefined];
}

/** Every image once, in the order of the digests; `after` the one that it names. */
export function* listDigests(
  tables: Tables,
  target: Target,
  filter: ListImagesFilter,
  after?: Key,
): Iterable<readonly [place: Key, image: ImageRecord]> {
  for (const [place, image] of listByTags(tables, keyOf(target), filter, after))
    if (hasStatus(filter, image)) yield [place, image];
}

function* listByTags(
  tables: Tables,
  key: Key,
  { tagStatus }: ListImagesFilter,
  after?: Key,
): Iterable<readonly [place: Key, image: ImageRecord]> {
  if (tagStatus === "UNTAGGED") {
    for (const [place] of tables.untagged.list(key, after)) yield* imageAt(tables, key, place);
  } else if (tagStatus === "TAGGED") {
    for (const place of taggedDigests(tables, key, after)) yield* imageAt(tables, key, place);
  } else {
    yield* tables.image.list(key, after);
  }
}

/** Steps from digest to digest, whatever number of tags lies between. */
function* taggedDigests({ imageTag }: Tables, key: Key, after?: Key): Iterable<Key> {
  for (let place = after; ; ) {
    const [first] = imageTag.list(key, place);
    if (!first) return;
    place = first[0].slice(0, 1);
    yield place;
  }
}

function* imageAt(tables: Tables, key: Key, place: Key): Iterable<readonly [place: Key, image: ImageRecord]> {
  const image = tables.image.get(...key, ...place);
  if (image) yield [place, image];
}
