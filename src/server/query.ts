/**
 * The parameters of a raw query. A name without `=` has the value null; a repeated name has all its values. A plus sign is itself: no value
 * here ever has a space, but media types have plus signs. What is not percent-encoded well stays as it is.
 */
export function parseQuery(raw: string): Readonly<Record<string, string | readonly string[] | null>> {
  const query: Record<string, string | readonly string[] | null> = Object.create(null);
  for (const pair of raw.split("&")) {
    if (pair === "") continue;
    const equals = pair.indexOf("=");
    const name = decoded(equals === -1 ? pair : pair.slice(0, equals));
    const value = equals === -1 ? null : decoded(pair.slice(equals + 1));
    const before = query[name];
    query[name] = before === undefined ? value : [before, value].flat().filter((one) => one !== null);
  }
  return query;
}

function decoded(text: string): string {
  if (!text.includes("%")) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
