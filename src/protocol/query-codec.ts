import { planOf, type Shape, type StructureShape } from "./shape.js";
import { escapeUri } from "./sigv4-canonical.js";
import { escapeXml, type XmlElement } from "./xml.js";

/** The form parameters that stand for `value` in AWS's query protocol, each as `&name=value`. */
export function encodeQuery(shape: Shape, value: unknown, prefix = ""): string {
  if (value === undefined || value === null) return "";
  if (shape.kind === "structure")
    return planOf(shape)
      .map(({ name, shape: member }) =>
        encodeQuery(
          member,
          (value as Readonly<Record<string, unknown>>)[name],
          prefix === "" ? name : `${prefix}.${name}`,
        ),
      )
      .join("");
  if (shape.kind === "list") {
    const elements = value as readonly unknown[];
    if (elements.length === 0) return `&${escapeUri(prefix)}=`;
    return elements
      .map((element, index) => encodeQuery(shape.element, element, `${prefix}.member.${index + 1}`))
      .join("");
  }
  return `&${escapeUri(prefix)}=${escapeUri(scalarText(shape, value))}`;
}

/** Form parameters as the tree that their dotted names spell, numbered list members in order. */
export function parseQuery(body: string): XmlElement {
  const root: QueryNode = { text: "", branches: new Map() };
  for (const [name, value] of new URLSearchParams(body)) {
    let node = root;
    for (const part of name.split(".", DEEPEST_NAME)) {
      const branch = node.branches.get(part) ?? { text: "", branches: new Map() };
      node.branches.set(part, branch);
      node = branch;
    }
    node.text = value;
  }
  return elementOf(root);
}

interface QueryNode {
  text: string;
  readonly branches: Map<string, QueryNode>;
}

/** No input of STS nests deeper; a longer name is cut, and so is the recursion below. */
const DEEPEST_NAME = 16;

const elementOf = ({ text, branches }: QueryNode): XmlElement => ({
  text,
  children: new Map(
    [...branches].map(([name, branch]) => [name, name === "member" ? numbered(branch) : [elementOf(branch)]]),
  ),
});

const numbered = ({ branches }: QueryNode): readonly XmlElement[] =>
  [...branches]
    .filter(([name]) => /^\d{1,6}$/.test(name))
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([, branch]) => elementOf(branch));

/** The value that an element holds by its shape; members that are missing stay absent, text that is no value of its shape is undefined. */
export function readElement<T>(shape: StructureShape<T>, element: XmlElement): T {
  return readStructure(shape, element) as T;
}

function readStructure(shape: StructureShape, element: XmlElement): Readonly<Record<string, unknown>> {
  const present = planOf(shape).flatMap(({ name, shape: member }) => {
    const child = element.children.get(name)?.[0];
    const value = child && readValue(member, child);
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(present);
}

function readValue(shape: Shape, element: XmlElement): unknown {
  switch (shape.kind) {
    case "structure":
      return readStructure(shape, element);
    case "list":
      return (element.children.get("member") ?? []).map((child) => readValue(shape.element, child));
    case "number":
      return /^-?\d/.test(element.text) ? Number(element.text) : undefined;
    case "boolean":
      return element.text === "true" ? true : element.text === "false" ? false : undefined;
    case "timestamp":
      return new Date(element.text);
    case "blob":
      return Buffer.from(element.text, "base64");
    case "map":
      return undefined;
    case "string":
      return element.text;
  }
}

/** The XML that stands for `value` inside its own element. */
export function encodeXml(shape: Shape, value: unknown): string {
  if (shape.kind === "structure")
    return planOf(shape)
      .map(({ name, shape: member }) => {
        const found = (value as Readonly<Record<string, unknown>>)[name];
        return found === undefined || found === null ? "" : `<${name}>${encodeXml(member, found)}</${name}>`;
      })
      .join("");
  if (shape.kind === "list")
    return (value as readonly unknown[])
      .map((element) => `<member>${encodeXml(shape.element, element)}</member>`)
      .join("");
  return escapeXml(scalarText(shape, value));
}

/** documented: Smithy's awsQuery protocol; times are ISO 8601 there, unlike in JSON. */
function scalarText(shape: Shape, value: unknown): string {
  if (shape.kind === "timestamp") return (value as Date).toISOString().replace(".000Z", "Z");
  if (shape.kind === "blob") return Buffer.from(value as Uint8Array).toString("base64");
  return String(value);
}
