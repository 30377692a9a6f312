/** The middle value; of an even number of values, the upper of the two. */
export const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

/**
 * Takes every subject's measurement in turn, A B C A B C, so that a slow moment of the machine meets them all.
 * Gives each subject's median by its name.
 */
export async function interleave(rounds, subjects) {
  const results = Object.fromEntries(Object.keys(subjects).map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, measure] of Object.entries(subjects)) results[name].push(await measure());
  }
  return Object.fromEntries(Object.entries(results).map(([name, values]) => [name, median(values)]));
}

/** Every `less` row is better when small (a cost), every `more` row when large (a rate). The ratio is ecrkit to its peer. */
export const row = (what, unit, ecrkit, peerName, peer, target) => ({
  what,
  unit,
  ecrkit,
  peerName,
  peer,
  ratio: ecrkit / peer,
  target,
});

/** A row for a peer that this machine does not have. */
export const missing = (what, unit, ecrkit, peerName) => ({ what, unit, ecrkit, peerName });
