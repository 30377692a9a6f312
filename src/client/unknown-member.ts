import { isPlain, type Shape, type StructureShape } from "../protocol/shape.js";

/** A member that its structure does not have. */
export interface UnknownMember {
  /** Where: `maxResult`, `filter.tagstatus`, `imageIds.1.member.tag` (list positions from 1). */
  readonly field: string;
  /** The members that there are. */
  readonly known: readonly string[];
}

/** The first member of `value` that its shape does not know, and that would not be sent. What is of another kind is left to `validate`. */
export function unknownMember(shape: StructureShape, value: unknown): UnknownMember | undefined {
  return inStructure(shape, value, "");
}

function inStructure({ members }: StructureShape, value: unknown, at: string): UnknownMember | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  for (const [name, member] of Object.entries(value)) {
    if (member === undefined) continue;
    const field = at === "" ? name : `${at}.${name}`;
    // By its own kind, `StructureShape<unknown>` has no members.
    const known: Readonly<Record<string, { readonly shape: Shape }>> = members;
    if (!Object.hasOwn(known, name)) return { field, known: Object.keys(known) };
    const found = inShape(known[name]?.shape, member, field);
    if (found !== undefined) return found;
  }
  return undefined;
}

function inShape(shape: Shape | undefined, value: unknown, at: string): UnknownMember | undefined {
  if (shape?.kind === "structure") return inStructure(shape, value, at);
  if (shape?.kind !== "list" || isPlain(shape.element) || !Array.isArray(value)) return undefined;
  for (const [index, element] of value.entries()) {
    const found = inShape(shape.element, element, `${at}.${index + 1}.member`);
    if (found !== undefined) return found;
  }
  return undefined;
}
