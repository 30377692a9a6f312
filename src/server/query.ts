/**
 * The parameters of a raw query. A name without `=` has the value null; a repeated name has all its values. A plus sign is itself: no value
 * here ever has a space, but media types have plus signs. What is not percent-encoded well stays as it is.
 */
export function parseQuery(raw: string): Readonly<Record<string, string | readonly string[] | null>> {
  const query: Record<string, string | string[] | null> = Object.create(null);
  for (const pair of raw.split("&")) {
    if (pair === "") continue;
    const equals = pair.indexOf("=");
    const name = decoded(equals === -1 ? pair : pair.slice(0, equals));
    const value = equals === -1 ? null : decoded(pair.slice(equals + 1));
    const before = query[name];
    if (before === undefined) query[name] = value;
    // Appended in place: a query may repeat one name as often as fits into it.
    else if (Array.isArray(before)) before.push(...given(value));
    else query[name] = [...given(before), ...given(value)];
  }
  return query;
}

const given = (value: string | null): readonly string[] => (value === null ? [] : [value]);

function decoded(text: string): string {
  if (!text.includes("%")) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
