import type { ScanType } from "../../protocol/ecr/enums.js";
import { durationMs } from "../../time.js";
import type { Target } from "../registry.js";
import type { Finding } from "./finding.js";
import {
  type ResolvedProgression,
  resolveProgressions,
  type ScanProgression,
  usualProgression,
} from "./progression.js";
import { syntheticScanner } from "./synthetic-scanner.js";

/** An image that is scanned. */
export interface ScannedImage extends Target {
  readonly digest: string;
  readonly tags: readonly string[];
  readonly mediaType: string;
  /** The manifest's text. */
  readonly manifest: string;
}

/** Finds what is wrong with an image, at once. A scan whose scanner throws ends as FAILED. */
export type Scanner = (image: ScannedImage) => readonly Finding[];

/** How the local ECR scans. */
export interface ScanningOptions {
  /** Asked unless a report was loaded for the image's digest. @default made-up findings, always the same for the same digest */
  readonly scanner?: Scanner | undefined;
  /** How long a scan takes that no progression is for: milliseconds or text such as `"2s"`. @default "2s" */
  readonly duration?: number | string | undefined;
  /** How scans go, by image; the first that matches decides. @default IN_PROGRESS then COMPLETE; enhanced: PENDING then ACTIVE */
  readonly progressions?: readonly ScanProgression[] | undefined;
}

/** {@link ScanningOptions}, resolved. */
export interface ScanningSettings {
  readonly scanner: Scanner;
  stepsOf(image: ScannedImage, scanType: ScanType): ResolvedProgression["steps"];
}

/** @throws {RangeError} when a time or a progression makes no sense */
export function resolveScanning({
  scanner = syntheticScanner(),
  duration = "2s",
  progressions = [],
}: ScanningOptions = {}): ScanningSettings {
  const lasting = durationMs(duration);
  const scripted = resolveProgressions(progressions);
  const usual = { BASIC: usualProgression("BASIC", lasting), ENHANCED: usualProgression("ENHANCED", lasting) };
  return {
    scanner,
    stepsOf: (image, scanType) =>
      scripted.find((progression) => progression.matches(image, scanType))?.steps ?? usual[scanType],
  };
}
