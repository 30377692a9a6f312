import type { Descriptor } from "../image/descriptor.js";
import { formatBytes } from "./format.js";
import type { ImageConfig } from "./image-config.js";
import type { Column, Paper } from "./output.js";

/** One image of an index. */
export interface InspectedChild {
  readonly platform?: string;
  readonly digest: string;
  readonly mediaType: string;
  /** Absent, as the size, when the child is not an image or is not in the repository. */
  readonly layerCount?: number;
  readonly sizeInBytes?: number;
}

/** What `inspect` found: an index with its children, or an image with its layers. */
export interface InspectedImage {
  readonly repositoryName: string;
  readonly tag?: string;
  readonly digest: string;
  readonly mediaType: string;
  readonly sizeInBytes?: number;
  readonly children?: readonly InspectedChild[];
  readonly layers?: readonly Descriptor[];
  readonly config?: ImageConfig;
  /** Why the configuration could not be had. */
  readonly configMissing?: string;
  /** The manifest itself. */
  readonly manifest: unknown;
}

const childColumns: readonly Column<InspectedChild>[] = [
  { heading: "PLATFORM", value: ({ platform = "-" }) => platform },
  { heading: "DIGEST", value: ({ digest }) => digest, shrinks: true },
  { heading: "LAYERS", value: ({ layerCount }) => String(layerCount ?? "-"), align: "right" },
  {
    heading: "SIZE",
    value: ({ sizeInBytes }) => (sizeInBytes === undefined ? "-" : formatBytes(sizeInBytes)),
    align: "right",
  },
];

const layerColumns: readonly Column<Descriptor>[] = [
  { heading: "LAYER", value: ({ digest }) => digest, shrinks: true },
  { heading: "SIZE", value: ({ size }) => formatBytes(size), align: "right" },
  { heading: "TYPE", value: ({ mediaType }) => mediaType, shrinks: true },
];

/** An inspected image for people. */
export function drawImage(image: InspectedImage, paper: Paper): readonly string[] {
  const { children, layers, config, configMissing } = image;
  return [
    paper.facts([
      ["image", `${image.repositoryName}${image.tag === undefined ? "" : `:${image.tag}`}`],
      ["digest", image.digest],
      ["type", image.mediaType],
      ["size", image.sizeInBytes === undefined ? undefined : formatBytes(image.sizeInBytes)],
    ]),
    ...(children === undefined ? [] : ["", paper.table(children, childColumns)]),
    ...(layers === undefined ? [] : ["", paper.table(layers, layerColumns)]),
    ...(config === undefined ? [] : ["", drawConfig(config, paper)]),
    ...(configMissing === undefined ? [] : ["", paper.faint(`without its configuration: ${configMissing}`)]),
  ];
}

/** Of the environment only the names: values may be secrets that should not be on a screen. */
function drawConfig(image: ImageConfig, paper: Paper): string {
  const config = objectOf(image["config"]);
  const { Env: environment } = config;
  const platform = ["os", "architecture", "variant"].flatMap((part) => textOf(image[part]) ?? []).join("/");
  return paper.facts([
    ["platform", textOf(platform)],
    ["created", textOf(image["created"])],
    ["author", textOf(image["author"])],
    ["user", textOf(config["User"])],
    ["directory", textOf(config["WorkingDir"])],
    ["entrypoint", listOf(config["Entrypoint"])],
    ["command", listOf(config["Cmd"])],
    ["ports", textOf(Object.keys(objectOf(config["ExposedPorts"])).join(", "))],
    [
      "environment",
      Array.isArray(environment) ? environment.map((entry) => String(entry).split("=", 1)[0]).join(", ") : undefined,
    ],
    ...Object.entries(objectOf(config["Labels"])).map(([name, value]) => [`label ${name}`, String(value)] as const),
  ]);
}

const textOf = (value: unknown): string | undefined => (typeof value === "string" && value !== "" ? value : undefined);

const listOf = (value: unknown): string | undefined => (Array.isArray(value) ? JSON.stringify(value) : undefined);

const objectOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
