/** A place in a line, to leave it by. */
export interface Place<T> {
  readonly item: T;
  before: Place<T> | undefined;
  after: Place<T> | undefined;
}

/** A line that is joined at its end and left from its front or, by those who give up, from anywhere, each in the same short time. */
export interface Line<T> {
  readonly length: number;
  readonly front: T | undefined;
  join(item: T): Place<T>;
  shift(): T | undefined;
  leave(place: Place<T>): void;
  /** From the front. Whoever is given out may leave meanwhile. */
  items(): Iterable<T>;
}

export function createLine<T>(): Line<T> {
  let first: Place<T> | undefined;
  let last: Place<T> | undefined;
  let length = 0;

  const leave = (place: Place<T>): void => {
    const { before, after } = place;
    if (before === undefined) first = after;
    else before.after = after;
    if (after === undefined) last = before;
    else after.before = before;
    length--;
  };

  return {
    get length() {
      return length;
    },
    get front() {
      return first?.item;
    },
    join(item) {
      const place: Place<T> = { item, before: last, after: undefined };
      if (last === undefined) first = place;
      else last.after = place;
      last = place;
      length++;
      return place;
    },
    shift() {
      const place = first;
      if (place !== undefined) leave(place);
      return place?.item;
    },
    leave,
    *items() {
      for (let place = first; place !== undefined; place = place.after) yield place.item;
    },
  };
}
