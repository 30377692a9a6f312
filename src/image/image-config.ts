import { type Annotations, isGiven, readArray, readObject, readString } from "./descriptor.js";
import { ManifestError } from "./manifest-error.js";
import { normalisePlatform, type Platform } from "./platform.js";
import { utf8Text } from "./utf8.js";

/** What an image runs on and how it is started: the configuration of an OCI or Docker image, in the words of OCI's specification. */
export interface ImageConfig {
  /** Normalised: `linux/arm64`, not `linux/aarch64/v8`. */
  readonly platform: Platform;
  readonly created?: Date | undefined;
  readonly author?: string | undefined;
  readonly user?: string | undefined;
  /** As the image has them, such as `PATH=/usr/bin`. */
  readonly environment: readonly string[];
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
  readonly workingDirectory?: string | undefined;
  /** Such as `8080/tcp`. */
  readonly exposedPorts: readonly string[];
  readonly volumes: readonly string[];
  readonly labels: Annotations;
  readonly stopSignal?: string | undefined;
  /** The digests of the layers before they are compressed, the lowest first. */
  readonly diffIds: readonly string[];
  /** The document itself, with whatever else it holds. */
  readonly document: Readonly<Record<string, unknown>>;
}

/**
 * What the configuration of an image says. documented: OCI image specification, image configuration; Docker's has the same members.
 *
 * @throws {ManifestError} when it is not JSON, or not built as the specification demands
 */
export function parseImageConfig(source: string | Uint8Array): ImageConfig {
  const document = readObject<string>(parseJson(source), "the configuration");
  const { os, architecture, variant, created, author, config, rootfs } = document as Record<string, unknown>;
  const { "os.version": osVersion, "os.features": osFeatures } = document;
  const run = readObject<string>(config ?? {}, "config");
  const { User, Env, Entrypoint, Cmd, WorkingDir, ExposedPorts, Volumes, Labels, StopSignal } = run as Record<
    string,
    unknown
  >;
  return {
    platform: normalisePlatform({
      os: readString(os, "os"),
      architecture: readString(architecture, "architecture"),
      variant: text(variant, "variant"),
      osVersion: text(osVersion, "os.version"),
      ...(isGiven(osFeatures) && { osFeatures: texts(osFeatures, "os.features") }),
    }),
    created: date(created),
    author: text(author, "author"),
    user: text(User, "config.User"),
    environment: texts(Env, "config.Env"),
    entrypoint: texts(Entrypoint, "config.Entrypoint"),
    command: texts(Cmd, "config.Cmd"),
    workingDirectory: text(WorkingDir, "config.WorkingDir"),
    exposedPorts: names(ExposedPorts, "config.ExposedPorts"),
    volumes: names(Volumes, "config.Volumes"),
    labels: labels(Labels),
    stopSignal: text(StopSignal, "config.StopSignal"),
    diffIds: texts(readObject<"diff_ids">(rootfs ?? {}, "rootfs").diff_ids, "rootfs.diff_ids"),
    document: document as Readonly<Record<string, unknown>>,
  };
}

function parseJson(source: string | Uint8Array): unknown {
  try {
    return JSON.parse(typeof source === "string" ? source : (utf8Text(source) ?? ""));
  } catch {
    // The parser's own message quotes the document.
    throw new ManifestError("json", "it is not JSON in UTF-8");
  }
}

/** Absent and empty are the same: that is how Go writes what is not set. */
const text = (value: unknown, where: string): string | undefined =>
  isGiven(value) && value !== "" ? readString(value, where) : undefined;

const texts = (value: unknown, where: string): readonly string[] =>
  isGiven(value) ? readArray(value, where).map((item, index) => readString(item, `${where}[${index}]`)) : [];

const names = (value: unknown, where: string): readonly string[] =>
  isGiven(value) ? Object.keys(readObject(value, where)) : [];

function labels(value: unknown): Annotations {
  if (!isGiven(value)) return {};
  const found = readObject<string>(value, "config.Labels");
  return Object.fromEntries(
    Object.entries(found).map(([name, label]) => [name, readString(label, `config.Labels[${JSON.stringify(name)}]`)]),
  );
}

/** A time that is none is left out, as when a tool writes zeros. */
function date(value: unknown): Date | undefined {
  const at = Date.parse(text(value, "created") ?? "");
  return Number.isNaN(at) ? undefined : new Date(at);
}
