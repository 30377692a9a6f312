import fc from "fast-check";
import { planOf, type Shape } from "../../../src/protocol/shape.js";

/** Any value of a shape's kind, constraints aside: texts in all of Unicode, members present or not. */
export function arbitraryValue(shape: Shape): fc.Arbitrary<unknown> {
  switch (shape.kind) {
    case "string":
      return fc.oneof(fc.string({ unit: "binary", maxLength: 12 }), fc.string({ maxLength: 12 }));
    case "number":
      return shape.integer ? fc.integer() : fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 });
    case "boolean":
      return fc.boolean();
    case "timestamp":
      return fc.date({ noInvalidDate: true, min: new Date(0), max: new Date("2100-01-01") });
    case "blob":
      return fc.uint8Array({ maxLength: 20 });
    case "list":
      return fc.array(arbitraryValue(shape.element), { maxLength: 3 });
    case "map":
      return fc.dictionary(fc.string({ maxLength: 8 }), arbitraryValue(shape.value), { maxKeys: 3 });
    case "structure":
      return fc.record(Object.fromEntries(planOf(shape).map((member) => [member.name, arbitraryValue(member.shape)])), {
        requiredKeys: [],
        noNullPrototype: true,
      });
  }
}
