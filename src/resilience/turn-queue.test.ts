import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createTurnQueue } from "./turn-queue.js";

describe("createTurnQueue", () => {
  it("does as a list that is searched each time", () => {
    const step = fc.oneof(
      fc.record({ do: fc.constant("join" as const), caller: fc.constantFrom("a", "b", "c") }),
      fc.record({ do: fc.constant("next" as const) }),
      fc.record({ do: fc.constant("leave" as const), at: fc.nat(20) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const queue = createTurnQueue<number>();
        const leaves = new Map<number, () => void>();
        let rotation: string[] = [];
        let waiting: { caller: string; item: number }[] = [];
        const drop = (item: number): void => {
          waiting = waiting.filter((other) => other.item !== item);
          rotation = rotation.filter((caller) => waiting.some((other) => other.caller === caller));
        };
        steps.forEach((step, item) => {
          if (step.do === "join") {
            const { caller } = step;
            leaves.set(item, queue.join(caller, item));
            waiting.push({ caller, item });
            if (!rotation.includes(caller)) rotation.push(caller);
          } else if (step.do === "leave") {
            const leaving = waiting[step.at];
            if (leaving === undefined) return;
            leaves.get(leaving.item)?.();
            drop(leaving.item);
          } else {
            const [caller, ...others] = rotation;
            const expected = waiting.find((other) => other.caller === caller)?.item;
            expect(queue.next()).toBe(expected);
            if (caller === undefined || expected === undefined) return;
            rotation = [...others, caller];
            drop(expected);
          }
          expect(queue.length).toBe(waiting.length);
          expect([...queue.items()].sort()).toEqual(waiting.map((other) => other.item).sort());
        });
      }),
    );
  });
});
