import { EcrError } from "../errors.js";
import type { OperationDescription } from "../protocol/operation.js";
import { type InputOf, type OperationName, type OutputOf, operations } from "../protocol/operations.js";
import { buildRequest } from "../protocol/request.js";
import { parseResponse } from "../protocol/response.js";
import { type Violation, validate } from "../protocol/validate.js";
import type { CallScope } from "./call-scope.js";
import type { Exchange } from "./exchange.js";
import { settleLostAnswer } from "./lost-answer.js";
import { shown } from "./shown.js";
import { type UnknownMember, unknownMember } from "./unknown-member.js";

/** Sends an operation through the pipeline: what the services are written on. */
export type Send = <N extends OperationName>(operation: N, input: InputOf<N>, scope: CallScope) => Promise<OutputOf<N>>;

/** An operation as the table describes it. @throws {EcrError} kind `UnknownOperation` when there is none of that name */
export function descriptionOf<N extends OperationName>(name: N): OperationDescription<InputOf<N>, OutputOf<N>> {
  if (!Object.hasOwn(operations, name))
    throw new EcrError(
      `${String(name)} is not an operation of Amazon ECR; those of ECR Public are named like "ecr-public:PutImage"`,
      { kind: "UnknownOperation" },
    );
  // The table pairs each name with its own types, which TypeScript cannot follow through an index.
  return operations[name] as unknown as OperationDescription<InputOf<N>, OutputOf<N>>;
}

/** An operation with its input, checked. @throws {EcrError} kind `InvalidParameter` before anything is sent */
export function exchangeOf<N extends OperationName>(name: N, input: InputOf<N>, send: Send): Exchange<OutputOf<N>> {
  const description = descriptionOf(name);
  const unknown = unknownMember(description.input, input);
  if (unknown !== undefined) throw misspelt(name, unknown);
  const violation = validate(description.input, input);
  if (violation !== undefined) throw refusal(name, violation, input);
  return {
    operation: description.name,
    service: description.service.id,
    access: description.access,
    subject: () => subjectOf(input),
    ...buildRequest(description, input),
    parse: (response) => parseResponse(description, response),
    settle: settleLostAnswer(name, input, send),
  };
}

type Json = Readonly<Record<string, unknown>>;

/** What a call is about: the repository that its input names. */
function subjectOf(input: unknown): string {
  const { repositoryName, repositoryNames, resourceArn } = input as Json;
  if (typeof repositoryName === "string") return `repository "${repositoryName}"`;
  if (typeof resourceArn === "string") return `repository "${resourceArn.replace(/^.*:repository\//, "")}"`;
  if (!Array.isArray(repositoryNames) || repositoryNames.length === 0) return "the registry";
  const [first, ...others] = repositoryNames;
  return others.length === 0 ? `repository "${first}"` : `repository "${first}" and ${others.length} others`;
}

/** What the shape does not know would not be sent, and so silently do nothing. */
function misspelt(operation: string, { field, known }: UnknownMember): EcrError {
  const at = field.replace(/(^|\.)[^.]*$/, "");
  return new EcrError(
    `${operation} was not sent: ${field} is not a member of ${at === "" ? "its input" : at}, which knows ${known.join(", ")}`,
    { kind: "InvalidParameter", operation },
  );
}

function refusal(operation: string, { field, constraint }: Violation, input: unknown): EcrError {
  const demand = constraint
    .replace(/^Member must/, "must")
    .replace(/^(must satisfy regular expression '.*[^'])$/, "$1'");
  const value = field.includes("Manifest") ? "" : got(valueAt(input, field));
  return new EcrError(`${operation} was not sent: ${field === "" ? "its input" : field} ${demand}${value}`, {
    kind: "InvalidParameter",
    operation,
  });
}

/** The value at a path such as `imageIds.1.member.imageTag`; positions count from 1. */
const valueAt = (input: unknown, field: string): unknown =>
  field.split(".").reduce<unknown>((value, part) => {
    if (part === "member" || value === undefined || value === null) return value;
    return Array.isArray(value) ? value[Number(part) - 1] : (value as Json)[part];
  }, input);

const got = (value: unknown): string => {
  if (value === undefined || value === null) return "";
  if (typeof value === "object") return Array.isArray(value) ? `, got ${value.length} elements` : "";
  return `, got ${shown(value)}`;
};
