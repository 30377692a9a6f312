import type { ImageScanFindings } from "../../protocol/ecr/scanning.js";
import { tagsOf } from "../images.js";
import { takePage } from "../paging.js";
import { requireImage } from "../require-image.js";
import { scanningOf } from "../scanning/frequency.js";
import { describeStatus } from "../scanning/progression.js";
import { basicFinding, enhancedFinding } from "../scanning/render-findings.js";
import { scanNotFound } from "../scanning/scanning-refusals.js";
import { requireRepository, targetOf } from "../state.js";
import { isPullable } from "../storage-class.js";
import type { Operation } from "./operation.js";

/** documented: DescribeImageScanFindings, maxResults. */
const DEFAULT_PAGE = 100;

/** Where the last scan of an image stands, and its findings, a page at a time. Of the two kinds of scans the one that the registry is set to counts (assumed). */
export const describeImageScanFindings: Operation<"DescribeImageScanFindings"> = (state, caller, input) => {
  const target = targetOf(caller, input);
  const { tables } = state;
  requireRepository(state, target);
  const { digest, image } = requireImage(state, target, input.imageId);
  const { scanType } = scanningOf(state, target);
  const key = [target.account, target.region, target.repositoryName, digest, scanType];
  const record = tables.scan.get(...key);
  if (!record) throw scanNotFound(target, input.imageId);
  // Read before anything is answered: a token of another listing is refused even where there is nothing to list.
  const listing = {
    operation: "DescribeImageScanFindings",
    account: caller.account,
    of: [...key, String(record.scanId)],
  };
  const after = state.pages.read(listing, input.nextToken);
  // assumed: an archived image says so, whatever its scan came to.
  const archived = !isPullable(image);
  const { status, description } = archived
    ? { status: "IMAGE_ARCHIVED" as const, description: describeStatus("IMAGE_ARCHIVED") }
    : record;
  const answer = {
    registryId: target.account,
    repositoryName: target.repositoryName,
    imageId: { imageDigest: digest, imageTag: input.imageId.imageTag },
    imageScanStatus: { status, description },
  };
  const { found } = record;
  if (archived || !found) return answer;
  const { items, next } = takePage(
    tables.finding.list(key, after),
    input.maxResults ?? DEFAULT_PAGE,
    (_place, finding) => finding,
  );
  const foundIn = { ...target, digest, tags: tagsOf(tables, target, digest), pushedAtMs: image.pushedAtMs };
  const imageScanFindings: ImageScanFindings = {
    imageScanCompletedAt: new Date(found.completedAtMs),
    vulnerabilitySourceUpdatedAt: new Date(found.completedAtMs),
    findingSeverityCounts: found.severityCounts,
    ...(scanType === "BASIC"
      ? { findings: items.map(({ finding }) => basicFinding(finding)) }
      : { enhancedFindings: items.map((item) => enhancedFinding(foundIn, item, found.completedAtMs)) }),
  };
  return { ...answer, imageScanFindings, nextToken: state.pages.write(listing, next) };
};
