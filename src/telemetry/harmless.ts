/**
 * A function that may fail without harm to whoever calls it: the first failure is told as a warning of the process, which does not quote
 * the error, for nobody knows what is in it.
 */
export function harmless<A extends readonly unknown[], R>(
  name: string,
  fn: (...args: A) => R,
): (...args: A) => R | undefined {
  let isTold = false;
  return (...args) => {
    try {
      return fn(...args);
    } catch {
      if (!isTold)
        process.emitWarning(`ecrkit: ${name} threw an error; calls go on, and what it was given is lost.`, {
          code: "ECRKIT_TELEMETRY_THROWS",
        });
      isTold = true;
      return undefined;
    }
  };
}
