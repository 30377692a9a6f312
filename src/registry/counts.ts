import { PRIVATE_QUOTAS, PUBLIC_QUOTAS } from "../policy/quotas.js";
import { isPublic } from "./public-region.js";
import type { Tables } from "./records.js";
import { limitExceeded } from "./refusals.js";
import type { Target } from "./registry.js";
import { keyOf, type RegistryOf, type State } from "./state.js";
import type { Key } from "./table.js";

/** Notes that a registry has one repository more or fewer. Only inside a transaction. */
export const countRepository = ({ counter }: Tables, { account, region }: RegistryOf, by: 1 | -1): void =>
  add(counter, ["repositories", account, region], by);

/** Notes that a repository has one image more or fewer of those that count. documented: archived ones do not; assumed: nor while they are restored. Only inside a transaction. */
export const countImage = ({ counter }: Tables, target: Target, by: 1 | -1): void =>
  add(counter, ["images", ...keyOf(target)], by);

/** Forgets the images of a repository. Only inside a transaction. */
export const forgetImages = ({ counter }: Tables, target: Target): void => counter.remove("images", ...keyOf(target));

const add = (counter: Tables["counter"], key: Key, by: 1 | -1): void =>
  counter.put(key, (counter.get(...key) ?? 0) + by);

/** @throws {ServiceError} LimitExceededException when quotas are on and the registry can have no further repository */
export function requireRoomForRepository({ settings, tables }: State, { account, region }: RegistryOf): void {
  if (!settings.quotas) return;
  const limit = settings.quotas.counts?.repositories ?? defaultsOf({ region }).repositories;
  const count = tables.counter.get("repositories", account, region) ?? 0;
  if (count >= limit) throw limitExceeded("repositories per registry", limit);
}

/** @throws {ServiceError} LimitExceededException when quotas are on and the repository can have no further image */
export function requireRoomForImage({ settings, tables }: State, target: Target): void {
  if (!settings.quotas) return;
  const limit = settings.quotas.counts?.imagesPerRepository ?? defaultsOf(target).imagesPerRepository;
  const count = tables.counter.get("images", ...keyOf(target)) ?? 0;
  if (count >= limit) throw limitExceeded("images per repository", limit);
}

/** Tags that an image may have; AWS does not change this one, so it holds without quotas too. */
export const maxTagsPerImage = ({ settings }: Pick<State, "settings">): number =>
  settings.quotas?.counts?.tagsPerImage ?? PRIVATE_QUOTAS.counts.tagsPerImage;

const defaultsOf = (registry: Pick<Target, "region">): typeof PRIVATE_QUOTAS.counts =>
  (isPublic(registry) ? PUBLIC_QUOTAS : PRIVATE_QUOTAS).counts;
