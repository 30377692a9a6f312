import { type EcrError, type EcrErrorKind, isEcrError } from "../errors.js";
import { type Gate, halves } from "./batch.js";

/** An operation that fails whole when one of the items that it is asked for is unknown. */
export interface WholeOrNothing<I, A> {
  ask(items: readonly I[]): Promise<readonly A[]>;
  /** The kind of the error for an unknown item. */
  readonly unknown: EcrErrorKind;
  /** Whether the error's text is about this item. */
  isNamedBy(error: EcrError, item: I): boolean;
  /** Failures beside it that the caller deals with itself. @default none */
  isExpected?(items: readonly I[], error: unknown): boolean;
}

/** What is known of some items, and for each of the others why not. */
export interface Known<I, A> {
  readonly answers: readonly A[];
  readonly unknown: readonly UnknownItem<I>[];
}

/** An item that there is none of, and the service's words for that. */
export interface UnknownItem<I> {
  readonly item: I;
  readonly reason: string;
}

/**
 * Asks for items, the unknown ones left out: they are found out by the error's text, or by cutting the items in half where it names none.
 * Some hundreds of requests at the very worst, two for one unknown item whose name the text tells.
 */
export async function askForKnown<I, A>(
  items: readonly I[],
  gate: Gate,
  operation: WholeOrNothing<I, A>,
  unknownBefore = 0,
): Promise<Known<I, A>> {
  if (items.length === 0) return { answers: [], unknown: [] };
  try {
    const isExpected = (error: unknown): boolean =>
      isEcrError(error, operation.unknown) || operation.isExpected?.(items, error) === true;
    return { answers: await gate(() => operation.ask(items), isExpected), unknown: [] };
  } catch (error) {
    if (!isEcrError(error, operation.unknown)) throw error;
    const culprit = items.length === 1 ? 0 : items.findIndex((item) => operation.isNamedBy(error, item));
    const rest = items.filter((_, index) => index !== culprit);
    // One unknown item costs one more request. Where there are several, halves that run side by side come to an end sooner.
    const next = culprit >= 0 && unknownBefore === 0 ? [rest] : halves(rest);
    const parts = await Promise.all(next.map((part) => askForKnown(part, gate, operation, unknownBefore + 1)));
    const reason = error.service?.message ?? error.message;
    const unknown = items.slice(culprit, culprit + 1).map((item) => ({ item, reason }));
    return {
      answers: parts.flatMap(({ answers }) => answers),
      unknown: [...(culprit < 0 ? [] : unknown), ...parts.flatMap((part) => part.unknown)],
    };
  }
}
