import { EcrError } from "../../errors.js";
import { formatPlatform, type Platform, parsePlatform } from "../../image/platform.js";
import { durationMs } from "../../time.js";

/** What to fill a local ECR with: registries, and in them whatever operations make, and images. Ages are durations such as `"30d"`. */
export interface Seed {
  readonly registries: readonly RegistrySeed[];
}

/** One registry. */
export interface RegistrySeed {
  /** 12 digits. */
  readonly account: string;
  /** A region; for ECR Public, `us-east-1`. */
  readonly region: string;
  /** Operations, done before everything else as the account's root: settings, policies, rules. */
  readonly calls?: readonly SeedCall[] | undefined;
  readonly repositories?: readonly RepositorySeed[] | undefined;
}

/** One operation, by its AWS name, one of ECR Public as `ecr-public:CreateRepository`. */
export interface SeedCall {
  readonly operation: string;
  readonly input?: Readonly<Record<string, unknown>> | undefined;
}

/** One repository. */
export interface RepositorySeed {
  readonly name: string;
  /** Whether it is one of ECR Public. @default false */
  readonly public?: boolean | undefined;
  /** What CreateRepository takes beside the name. */
  readonly settings?: Readonly<Record<string, unknown>> | undefined;
  /** Operations, done once it is there; `repositoryName` is filled in. */
  readonly calls?: readonly SeedCall[] | undefined;
  readonly images?: readonly ImageSeed[] | undefined;
}

/** One image that was pushed: real layers, a config, a manifest, and an index where there are several platforms. */
export interface ImageSeed {
  /** @default none: an image without a tag */
  readonly tags?: readonly string[] | undefined;
  /** @default one, `linux/amd64` */
  readonly platforms?: readonly string[] | undefined;
  /** How large its layers are, in bytes, each of its own. The first is the same in all images of its repository. @default 20,000 and 5,000 */
  readonly layerBytes?: readonly number[] | undefined;
  /** How long ago it was pushed. @default "0s" */
  readonly pushed?: number | string | undefined;
  /** How long ago it was pulled last; ECR Public does not keep that. @default never */
  readonly pulled?: number | string | undefined;
  /** Artifact types of what is attached to it, such as an SBOM's `application/spdx+json`: each a referrer. */
  readonly attachments?: readonly string[] | undefined;
}

/** Reads a seed out of JSON. @throws {EcrError} kind `InvalidParameter`, with the member that is wrong and its value */
export function parseSeed(value: unknown): Seed {
  members("the seed", value, { registries: listOf(registry) });
  return value as Seed;
}

type Check = (where: string, value: unknown) => void;

const registry: Check = (where, value) => {
  members(where, value, {
    account: matching(/^[0-9]{12}$/, "12 digits"),
    region: text,
    "calls?": listOf(call),
    "repositories?": listOf(repository),
  });
};

const call: Check = (where, value) => members(where, value, { operation: text, "input?": anObject });

const repository: Check = (where, value) => {
  members(where, value, {
    name: text,
    "public?": (at, one) => must(typeof one === "boolean", at, "true or false", one),
    "settings?": anObject,
    "calls?": listOf(call),
    "images?": listOf(image),
  });
};

const image: Check = (where, value) => {
  members(where, value, {
    "tags?": listOf(text),
    "platforms?": listOf((at, one) => must(platformOf(one) !== undefined, at, "a platform such as linux/arm64", one)),
    "layerBytes?": listOf((at, one) => must(Number.isInteger(one) && Number(one) > 0, at, "a number from 1 up", one)),
    "pushed?": age,
    "pulled?": age,
    "attachments?": listOf(text),
  });
};

/** The platform that a text names. */
export function platformOf(value: unknown): Platform | undefined {
  try {
    const platform = typeof value === "string" ? parsePlatform(value) : undefined;
    return platform && formatPlatform(platform) !== "" ? platform : undefined;
  } catch {
    return undefined;
  }
}

function age(where: string, value: unknown): void {
  try {
    durationMs(value as string);
  } catch {
    must(false, where, 'a duration such as "30d"', value);
  }
}

const anObject: Check = (where, value) =>
  must(typeof value === "object" && value !== null && !Array.isArray(value), where, "an object", value);

const text: Check = (where, value) => must(typeof value === "string" && value !== "", where, "a text", value);

const matching =
  (pattern: RegExp, what: string): Check =>
  (where, value) =>
    must(typeof value === "string" && pattern.test(value), where, what, value);

const listOf =
  (check: Check): Check =>
  (where, value) => {
    if (!Array.isArray(value)) return must(false, where, "a list", value);
    for (const [at, one] of value.entries()) check(`${where}[${at}]`, one);
  };

/** Refuses an object that lacks a member, has an unknown one, or one of another kind. A name that ends in `?` may be absent. */
function members(where: string, value: unknown, checks: Readonly<Record<string, Check>>): void {
  anObject(where, value);
  const given = value as Readonly<Record<string, unknown>>;
  const known = Object.keys(checks).map((name) => name.replace("?", ""));
  const unknown = Object.keys(given).find((name) => !known.includes(name));
  must(unknown === undefined, where, `an object of ${known.join(", ")}`, unknown);
  for (const [name, check] of Object.entries(checks)) {
    const member = name.replace("?", "");
    if (given[member] === undefined && name.endsWith("?")) continue;
    check(`${where}.${member}`, given[member]);
  }
}

function must(holds: boolean, where: string, what: string, value: unknown): void {
  if (!holds)
    throw new EcrError(`${where} must be ${what}, got ${JSON.stringify(value)}`, { kind: "InvalidParameter" });
}
