import { EcrError } from "../errors.js";

/**
 * A list out of an answer. One that is not there must not pass for an empty registry: an endpoint that is no ECR may answer `{}`.
 * @throws {EcrError} kind `InvalidResponse` when it is not there
 */
export function listed<T>(operation: string, items: readonly T[] | undefined): readonly T[] {
  if (Array.isArray(items)) return items;
  throw new EcrError(`${operation} was answered without its list: the endpoint does not seem to be Amazon ECR`, {
    kind: "InvalidResponse",
    operation,
  });
}

/** A member that an answer cannot do without. @throws {EcrError} kind `InvalidResponse` when it is not there */
export function present<T>(operation: string, member: string, value: T | undefined): T {
  if (value !== undefined) return value;
  throw new EcrError(`${operation} was answered without ${member}: the endpoint does not seem to be Amazon ECR`, {
    kind: "InvalidResponse",
    operation,
  });
}
