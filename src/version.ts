/** Replaced by the build with the package's version. */
declare const ECRKIT_VERSION: string | undefined;

/** The version of this ecrkit, such as `0.1.0`; `0.0.0-source` when it runs from its sources. */
export const version: string = typeof ECRKIT_VERSION === "string" ? ECRKIT_VERSION : "0.0.0-source";
