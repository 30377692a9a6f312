import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { escapeXml, parseXml, type XmlElement } from "./xml.js";

const textAt = (document: XmlElement, ...path: readonly string[]): string | undefined =>
  path.reduce<XmlElement | undefined>((element, name) => element?.children.get(name)?.[0], document)?.text;

describe("XML", () => {
  it("is read past declarations, namespaces, attributes, comments and white space", () => {
    const text = `<?xml version="1.0"?>\n<!-- c --><a xmlns="urn:x" b='<'>\n  <b c="d">1</b><b/><c><![CDATA[<&>]]></c>\n</a>`;
    const document = parseXml(text.replace("'<'", "'.'"));
    expect(
      document.children
        .get("a")?.[0]
        ?.children.get("b")
        ?.map((one) => one.text),
    ).toEqual(["1", ""]);
    expect(textAt(document, "a", "c")).toBe("<&>");
  });

  it("keeps any text that it has escaped", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme-composite" }), (text) => {
        expect(textAt(parseXml(`<a>${escapeXml(text)}</a>`), "a")).toBe(text);
      }),
    );
  });

  it("knows the five entities and character references, and expands nothing else", () => {
    expect(textAt(parseXml("<a>&lt;&gt;&amp;&quot;&apos;&#65;&#x1F600;</a>"), "a")).toBe("<>&\"'A😀");
    expect(textAt(parseXml('<!DOCTYPE a [<!ENTITY b "bbb">]><a>&b;&#xFFFFFF;</a>'), "a")).toBe("&b;&#xFFFFFF;");
  });

  it.each(["", "text", "<a>", "<a></b>", "</a>", "<a></a></a>", "<a", "<a><b></a></b>", "<", "<>"])(
    "refuses %j",
    (text) => {
      expect(() => parseXml(text)).toThrow(SyntaxError);
    },
  );

  it("nests without end and ends in a moment on any text", () => {
    const depth = 100_000;
    expect(parseXml("<a>".repeat(depth) + "</a>".repeat(depth)).children.size).toBe(1);
    for (const text of ["<".repeat(50_000), "<a ".repeat(20_000), "<!--".repeat(20_000), "<![CDATA[".repeat(10_000)])
      expect(() => parseXml(text)).toThrow(SyntaxError);
  });
});
