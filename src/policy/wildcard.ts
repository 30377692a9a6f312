/**
 * A test for the whole of a text, each `*` of the pattern standing for any run of characters, none included. Every other
 * character means itself. Linear time: the first place where a piece fits leaves the most room for the pieces after it.
 */
export function wildcard(pattern: string): (text: string) => boolean {
  const [head = "", ...pieces] = pattern.split("*");
  const tail = pieces.pop();
  if (tail === undefined) return (text) => text === head;
  if (pieces.length === 0)
    return (text) => text.length >= head.length + tail.length && text.startsWith(head) && text.endsWith(tail);
  return (text) => {
    if (!text.startsWith(head)) return false;
    let at = head.length;
    for (const piece of pieces) {
      const found = text.indexOf(piece, at);
      if (found === -1) return false;
      at = found + piece.length;
    }
    return text.length - tail.length >= at && text.endsWith(tail);
  };
}

/**
 * Whether the whole of `text` is `pattern` as IAM reads one: `*` any run of characters, `?` any single one. Going back to the
 * last `*` alone is enough, so the time is bounded by the product of the two lengths. documented: IAM user guide, wildcards.
 */
export function matchesPattern(pattern: string, text: string): boolean {
  let [p, t] = [0, 0];
  let retry: { readonly p: number; readonly t: number } | undefined;
  while (t < text.length) {
    if (pattern[p] === "*") {
      retry = { p: p + 1, t };
      p += 1;
    } else if (p < pattern.length && (pattern[p] === "?" || pattern[p] === text[t])) {
      p += 1;
      t += 1;
    } else if (retry) {
      retry = { p: retry.p, t: retry.t + 1 };
      ({ p, t } = retry);
    } else {
      return false;
    }
  }
  while (pattern[p] === "*") p += 1;
  return p === pattern.length;
}
