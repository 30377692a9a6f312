/** What an image runs on. */
export interface Platform {
  /** As in Go: `linux`, `windows`, `darwin`. */
  readonly os: string;
  /** As in Go: `amd64`, `arm64`, `arm`, `386`. */
  readonly architecture: string;
  /** The version of the architecture, such as `v7` of `arm`. */
  readonly variant?: string | undefined;
  /** Such as `10.0.17763.6293` of `windows`. */
  readonly osVersion?: string | undefined;
  /** What the image needs of the system, such as `win32k`. */
  readonly osFeatures?: readonly string[] | undefined;
}

const OS = /^([A-Za-z0-9_-]+)(?:\(([A-Za-z0-9_.-]*)((?:\+[A-Za-z0-9_.-]+)*)\))?$/;
const COMPONENT = /^[A-Za-z0-9_.-]+$/;
/** Longer than any platform that has been built. */
const MAX_PLATFORM_LENGTH = 1_024;

/**
 * The platform that `os/architecture[/variant]` names, normalised, or undefined when it is malformed. The system's version and features
 * may follow it in brackets: `windows(10.0.17763+win32k)/amd64`.
 */
export function parsePlatform(text: string): Platform | undefined {
  if (text.length > MAX_PLATFORM_LENGTH) return undefined;
  const [system = "", architecture = "", variant, ...rest] = text.split("/");
  const [, os, osVersion = "", features = ""] = OS.exec(system) ?? [];
  if (os === undefined || !COMPONENT.test(architecture) || rest.length > 0) return undefined;
  if (variant !== undefined && !COMPONENT.test(variant)) return undefined;
  return normalisePlatform({
    os,
    architecture,
    variant,
    osVersion: osVersion === "" ? undefined : osVersion,
    osFeatures: features === "" ? undefined : features.slice(1).split("+"),
  });
}

/** The platform as text: what {@link parsePlatform} reads. */
export function formatPlatform({ os, architecture, variant, osVersion = "", osFeatures = [] }: Platform): string {
  const details = [osVersion, ...osFeatures].join("+");
  return `${os}${details === "" ? "" : `(${details})`}/${architecture}${variant === undefined ? "" : `/${variant}`}`;
}

/** The same platform by its usual names: `linux/aarch64/v8` is `linux/arm64`, `macos/x86_64` is `darwin/amd64`. */
export function normalisePlatform(platform: Platform): Platform {
  const os = platform.os.toLowerCase();
  const { architecture, variant } = normaliseArchitecture(
    platform.architecture.toLowerCase(),
    platform.variant?.toLowerCase() ?? "",
  );
  return {
    os: os === "macos" ? "darwin" : os,
    architecture,
    ...(variant === "" ? {} : { variant }),
    ...(platform.osVersion === undefined ? {} : { osVersion: platform.osVersion }),
    ...(platform.osFeatures === undefined ? {} : { osFeatures: platform.osFeatures }),
  };
}

interface Architecture {
  readonly architecture: string;
  /** Empty for the architecture's first version, which is written without one. */
  readonly variant: string;
}

/** documented: containerd's `platforms`, which docker and the kubelet decide by. */
function normaliseArchitecture(architecture: string, variant: string): Architecture {
  const version = /^\d/.test(variant) ? `v${variant}` : variant;
  switch (architecture) {
    case "i386":
      return { architecture: "386", variant: "" };
    case "x86_64":
    case "x86-64":
    case "amd64":
      return { architecture: "amd64", variant: version === "v1" ? "" : version };
    case "aarch64":
    case "arm64": {
      const major = version.replace(/^(v\d+)\.0$/, "$1");
      return { architecture: "arm64", variant: major === "v8" ? "" : major };
    }
    case "armhf":
      return { architecture: "arm", variant: "v7" };
    case "armel":
      return { architecture: "arm", variant: "v6" };
    case "arm":
      return { architecture: "arm", variant: version === "" ? "v7" : version };
    default:
      return { architecture, variant };
  }
}

/**
 * The platform of `available` that suits `wanted` best, the very object, or undefined when none does. System and architecture are equal;
 * the variant is the newest that is not newer than the wanted one, so `arm/v7` takes `v6` when there is no `v7`, and `amd64` never takes
 * `386`. A wanted system version must agree (on Windows as far as the build; the exact revision is preferred), and nothing may need a
 * feature that is not among the wanted ones; a platform wanted without them takes any. The first of equals wins.
 */
export function matchPlatform<P extends Platform>(wanted: Platform, available: readonly P[]): P | undefined {
  const host = normalisePlatform(wanted);
  let best: P | undefined;
  let bestRank = UNFIT;
  for (const platform of available) {
    const offered = normalisePlatform(platform);
    const rank = isSameSystem(host, offered) ? variantRank(host, offered) + versionRank(host, offered) : UNFIT;
    if (rank > bestRank) {
      best = platform;
      bestRank = rank;
    }
  }
  return best;
}

const UNFIT = Number.NEGATIVE_INFINITY;

function isSameSystem(host: Platform, offered: Platform): boolean {
  if (host.os !== offered.os || host.architecture !== offered.architecture) return false;
  if (host.osVersion !== undefined && offered.osVersion !== undefined) {
    if (buildOf(host.os, host.osVersion) !== buildOf(offered.os, offered.osVersion)) return false;
  }
  const features = host.osFeatures;
  return features === undefined || (offered.osFeatures ?? []).every((feature) => features.includes(feature));
}

/** A Windows image runs on every revision of its build. documented: Windows container version compatibility. */
const buildOf = (os: string, version: string): string => (os === "windows" ? version.split(".", 3).join(".") : version);

/** Less than any difference between two variants. */
const versionRank = (host: Platform, offered: Platform): number => (host.osVersion === offered.osVersion ? 0.5 : 0);

/** Higher for a better variant; `UNFIT` for one that does not run on the host. */
function variantRank(host: Platform, offered: Platform): number {
  const limit = variantNumber(host);
  const number = variantNumber(offered);
  if (limit === undefined || number === undefined) return host.variant === offered.variant ? 0 : UNFIT;
  return number <= limit ? number : UNFIT;
}

/** What an architecture written without a variant is. Only these have variants with an order. */
const FIRST_VARIANT: ReadonlyMap<string, string> = new Map([
  ["amd64", "v1"],
  ["arm64", "v8"],
  ["arm", "v7"],
]);

/** The variant as a number that grows with it, or undefined when it has no place in an order. */
function variantNumber({ architecture, variant }: Platform): number | undefined {
  const first = FIRST_VARIANT.get(architecture);
  if (first === undefined) return undefined;
  const [, major, minor = "0"] = /^v(\d{1,3})(?:\.(\d{1,3}))?$/.exec(variant ?? first) ?? [];
  return major === undefined ? undefined : Number(major) * 1_000 + Number(minor);
}
