import { createLine, type Line, type Place } from "./line.js";

/** Those who wait for a turn: callers in rotation, each one's calls in the order in which they came. */
export interface TurnQueue<T> {
  readonly length: number;
  /** How many calls of `caller` wait. */
  lengthOf(caller: string): number;
  /** Joins the queue; what comes back leaves it again. */
  join(caller: string, item: T): () => void;
  /** Whose turn it is. */
  next(): T | undefined;
  /** All who wait, caller by caller. */
  items(): Iterable<T>;
  /** Each caller with the number of its calls and the one that has waited longest. */
  callers(): readonly { readonly caller: string; readonly calls: number; readonly first: T }[];
}

interface Caller<T> {
  readonly items: Line<T>;
  /** Its place in the rotation. */
  place: Place<string>;
}

export function createTurnQueue<T>(): TurnQueue<T> {
  const callers = new Map<string, Caller<T>>();
  const rotation = createLine<string>();
  let length = 0;

  const callerOf = (name: string): Caller<T> => {
    const known = callers.get(name);
    if (known !== undefined) return known;
    const caller: Caller<T> = { items: createLine<T>(), place: rotation.join(name) };
    callers.set(name, caller);
    return caller;
  };

  return {
    get length() {
      return length;
    },
    lengthOf: (name) => callers.get(name)?.items.length ?? 0,
    join(name, item) {
      const caller = callerOf(name);
      const place = caller.items.join(item);
      length++;
      return () => {
        caller.items.leave(place);
        length--;
        if (caller.items.length > 0) return;
        callers.delete(name);
        rotation.leave(caller.place);
      };
    },
    next() {
      const name = rotation.shift();
      const caller = name === undefined ? undefined : callers.get(name);
      if (name === undefined || caller === undefined) return undefined;
      const item = caller.items.shift();
      length--;
      if (caller.items.length === 0) callers.delete(name);
      else caller.place = rotation.join(name);
      return item;
    },
    *items() {
      for (const caller of callers.values()) yield* caller.items.items();
    },
    callers: () =>
      [...callers].flatMap(([caller, { items }]) =>
        items.front === undefined ? [] : [{ caller, calls: items.length, first: items.front }],
      ),
  };
}
