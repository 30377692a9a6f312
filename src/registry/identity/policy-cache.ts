import { type PolicyDocument, type PolicyKind, parsePolicyDocument } from "../../policy/policy-document.js";

/** Texts that are kept parsed: the same few decide every request. */
const KEPT = 1_000;

const documents = new Map<string, PolicyDocument>();

/** A stored policy as the evaluator reads it. */
export function policyDocument(text: string, kind: PolicyKind): PolicyDocument {
  const key = `${kind} ${text}`;
  const known = documents.get(key);
  if (known) return known;
  const document = parsePolicyDocument(text, kind);
  const [oldest] = documents.size < KEPT ? [] : documents.keys();
  if (oldest !== undefined) documents.delete(oldest);
  documents.set(key, document);
  return document;
}
