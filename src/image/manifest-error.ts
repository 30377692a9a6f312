/** What is wrong with a manifest: not JSON, of a type that does not fit or is not stored, or not built as its type demands. */
export type ManifestProblem = "json" | "media-type" | "structure";

/** A manifest that cannot be read. `reason` is the sentence for people, `problem` the word for programs. */
export class ManifestError extends Error {
  override readonly name = "ManifestError";
  readonly problem: ManifestProblem;
  /** What is wrong and where, such as `layers[2].size must be an integer from 0 up, got "12"`. */
  readonly reason: string;

  constructor(problem: ManifestProblem, reason: string) {
    super(`invalid manifest: ${reason}`);
    this.problem = problem;
    this.reason = reason;
  }
}
