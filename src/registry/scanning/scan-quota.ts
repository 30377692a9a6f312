import { inOrder } from "../in-order.js";
import type { Target } from "../registry.js";
import { keyOf, type State } from "../state.js";

/** documented: service quotas: both are counted over the last 24 hours, scans on push included. */
const QUOTA_MS = 24 * 60 * 60 * 1000;
export const SCANS_PER_REGISTRY = 100_000;

/** Whose quota is used up by basic scans, if any. */
export function exhaustedQuota(state: State, target: Target, digest: string): "image" | "registry" | undefined {
  const last = state.tables.scan.get(...keyOf(target), digest, "BASIC");
  // A scan that the registry's quota kept from starting was none.
  if (last && last.status !== "LIMIT_EXCEEDED" && state.time.now() - last.startedAtMs < QUOTA_MS) return "image";
  return recentScans(state, target) >= SCANS_PER_REGISTRY ? "registry" : undefined;
}

/** Counts a basic scan that starts now. Only inside a transaction. */
export function countScan(state: State, target: Target, digest: string): void {
  const { tables, time } = state;
  const { account, region, repositoryName } = target;
  const count = forgetOldScans(state, target);
  const key = [account, region, inOrder(time.now()), repositoryName, digest];
  const added = tables.recentScan.has(...key) ? 0 : 1;
  tables.recentScan.put(key, 1);
  tables.counter.put(["recent-scan", account, region], count + added);
}

/** Scans of a registry that still count: reads those that no longer do, of which there are few. */
function recentScans({ tables, time }: State, { account, region }: Target): number {
  let count = tables.counter.get("recent-scan", account, region) ?? 0;
  for (const [[at = ""]] of tables.recentScan.list([account, region])) {
    if (time.now() - Number(at) < QUOTA_MS) break;
    count -= 1;
  }
  return count;
}

/** Removes the scans that no longer count; each is removed once, so that a scan costs the same however many there were. */
function forgetOldScans({ tables, time }: State, { account, region }: Target): number {
  let count = tables.counter.get("recent-scan", account, region) ?? 0;
  const old: string[][] = [];
  for (const [rest] of tables.recentScan.list([account, region])) {
    if (time.now() - Number(rest[0]) < QUOTA_MS) break;
    old.push([...rest]);
  }
  for (const rest of old) {
    tables.recentScan.remove(account, region, ...rest);
    count -= 1;
  }
  return count;
}
