/** An element of an XML document: its children by name in document order, and the text directly inside it. */
export interface XmlElement {
  readonly children: ReadonlyMap<string, readonly XmlElement[]>;
  readonly text: string;
}

interface OpenElement {
  readonly name: string;
  readonly children: Map<string, XmlElement[]>;
  text: string;
}

const TOKEN = /<!\[CDATA\[([\s\S]*?)\]\]>|<!--[\s\S]*?-->|<[?!][^>]*>|<(\/?)([^\s/<>]+)(?=[\s/>])[^>]*?(\/?)>|([^<]+)/y;

/**
 * The document that holds the root element, read as AWS's query protocol writes it: attributes and namespaces are passed over, a DTD
 * declares nothing. Nesting costs no stack.
 *
 * @throws {SyntaxError} when elements do not close in order or something is no XML.
 */
export function parseXml(text: string): XmlElement {
  const document: OpenElement = { name: "", children: new Map(), text: "" };
  const open = [document];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const at = TOKEN.lastIndex;
    const token = TOKEN.exec(text);
    if (token === null) throw new SyntaxError(`no XML from character ${at} on`);
    const [, cdata, closing, name, selfClosing, characters] = token;
    const current = open.at(-1) ?? document;
    if (cdata !== undefined) current.text += cdata;
    else if (characters !== undefined) current.text += unescapeXml(characters);
    else if (name !== undefined && closing === "/") closeElement(open, name, at);
    else if (name !== undefined) {
      const element: OpenElement = { name, children: new Map(), text: "" };
      const siblings = current.children.get(name);
      if (siblings === undefined) current.children.set(name, [element]);
      else siblings.push(element);
      if (selfClosing !== "/") open.push(element);
    }
  }
  if (open.length > 1 || document.children.size === 0) throw new SyntaxError("the document ends too early");
  return document;
}

function closeElement(open: OpenElement[], name: string, at: number): void {
  if (open.at(-1)?.name !== name || open.length === 1)
    throw new SyntaxError(`</${name}> closes nothing at character ${at}`);
  open.pop();
}

const ENTITIES: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

const unescapeXml = (text: string): string =>
  text.replace(
    /&(?:#x([0-9a-fA-F]{1,6})|#(\d{1,7})|(\w+));/g,
    (whole, hex?: string, decimal?: string, name?: string) => {
      if (name !== undefined) return ENTITIES[name] ?? whole;
      const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
      return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    },
  );

/** Text as it may stand inside an element. */
export const escapeXml = (text: string): string => text.replace(/[&<>"'\r\n]/g, (char) => ESCAPES[char] ?? char);

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
  "\r": "&#xD;",
  "\n": "&#xA;",
};
