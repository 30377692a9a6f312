const ages = new WeakMap<object, number>();

/** Flags an answer as out of date by so much. */
export function markStale<T>(answer: T, ageMs: number): T {
  if (typeof answer === "object" && answer !== null) ages.set(answer, ageMs);
  return answer;
}

/** How old an answer is that a cache served because ECR could not be asked, in milliseconds; undefined for one that is good. */
export const staleAgeMs = (answer: object): number | undefined => ages.get(answer);
