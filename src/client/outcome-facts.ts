import type { InputOf, OperationName, OutputOf } from "../protocol/operations.js";
import type { StepFacts } from "../telemetry/pipeline-observer.js";
import { severityCounts } from "./services/scan-finding.js";

/** What an output says beside that there is one, for whoever counts. It names nothing that the call is about. */
export type OutcomeFacts = (operation: OperationName, input: unknown, output: unknown) => StepFacts | undefined;

/** As many complete scans are known again as that; whoever reads more of them by turns counts some twice. */
const MOST_SCANS = 10_000;

/** The facts of one client, which tells each scan once. */
export function outcomeFacts(): OutcomeFacts {
  const known = new Set<string>();
  return (operation, input, output) => {
    if (operation === "PutImage" || operation === "ecr-public:PutImage")
      return (input as InputOf<"PutImage">).imageTag === undefined ? undefined : { tagged: true };
    if (operation !== "DescribeImageScanFindings") return undefined;
    const answer = output as OutputOf<"DescribeImageScanFindings">;
    const scan = nameOf(answer);
    if (scan === undefined || known.has(scan)) return undefined;
    if (known.size >= MOST_SCANS) known.clear();
    known.add(scan);
    return { scan: severityCounts(answer.imageScanFindings?.findingSeverityCounts ?? {}, []) };
  };
}

/** A complete scan by image and time; undefined for one that is not complete. An enhanced scan goes on, and is `ACTIVE`. */
function nameOf(answer: OutputOf<"DescribeImageScanFindings">): string | undefined {
  const { registryId, repositoryName, imageId, imageScanStatus, imageScanFindings } = answer;
  const completedAt = imageScanFindings?.imageScanCompletedAt;
  const { status } = imageScanStatus ?? {};
  if (completedAt === undefined || (status !== "COMPLETE" && status !== "ACTIVE")) return undefined;
  return [registryId, repositoryName, imageId?.imageDigest, completedAt.getTime()].join(" ");
}
