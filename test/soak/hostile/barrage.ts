import { type Chance, chanceOf } from "../chance.js";
import type { Attack } from "./attack.js";
import { FAMILIES } from "./families.js";
import { fire } from "./fire.js";
import type { World } from "./world.js";

/** An attack that succeeded, and how to have it again. */
export interface Hit {
  readonly seed: number;
  readonly family: string;
  readonly name: string;
  readonly what: string;
}

/** One attack by its seed. */
export function attackOf(seed: number, world: World): { readonly family: string; readonly attack: Attack } {
  const chance = chanceOf(seed);
  const family = drawFamily(chance);
  return { family, attack: FAMILIES[family]?.attack(chance, world) ?? unknown(family) };
}

/** Sends the attacks of the seeds from `first` up to `first + count`, some at a time, and answers those that succeeded. */
export async function barrage(
  port: number,
  world: World,
  { first, count, side = 8 }: { readonly first: number; readonly count: number; readonly side?: number },
): Promise<readonly Hit[]> {
  const hits: Hit[] = [];
  let next = first;
  const attacker = async (): Promise<void> => {
    while (next < first + count) {
      const seed = next;
      next += 1;
      const { family, attack } = attackOf(seed, world);
      const what = await fire(port, attack, world);
      if (what !== undefined) hits.push({ seed, family, name: attack.name, what });
    }
  };
  await Promise.all(Array.from({ length: side }, attacker));
  return hits;
}

function drawFamily(chance: Chance): string {
  const shares = Object.entries(FAMILIES);
  let left = chance.fraction() * shares.reduce((sum, [, { share }]) => sum + share, 0);
  for (const [name, { share }] of shares) {
    left -= share;
    if (left < 0) return name;
  }
  return shares[0]?.[0] ?? unknown("none");
}

const unknown = (family: string): never => {
  throw new Error(`no family of attacks is called ${family}`);
};
