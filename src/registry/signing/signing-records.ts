/** Where the signing of an image by one profile stands; repository, digest and profile are its key. */
export interface SigningRecord {
  readonly status: "IN_PROGRESS" | "COMPLETE" | "FAILED";
  readonly failureCode?: string | undefined;
  readonly failureReason?: string | undefined;
}
