const titles = ["measured", "ecrkit", "peer", "its value", "ratio", "target"];

const number = (value) =>
  value >= 100
    ? Math.round(value).toLocaleString("en-US")
    : value.toLocaleString("en-US", { maximumSignificantDigits: 3 });

const cells = ({ what, unit, ecrkit, peerName, peer, ratio, target }) => [
  what,
  `${number(ecrkit)} ${unit}`,
  peerName,
  peer === undefined ? "not installed" : `${number(peer)} ${unit}`,
  ratio === undefined ? "" : ratio.toFixed(2),
  target ?? "",
];

/** For a terminal: columns padded to their widest cell. */
export function asText(rows) {
  const lines = [titles, ...rows.map(cells)];
  const widths = titles.map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column]))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** The page docs/benchmarks.md. */
export function asMarkdown(rows, machine) {
  const line = (values) => `| ${values.join(" | ")} |`;
  return `# Benchmarks

Written by \`npm run bench -- --write\`; not edited by hand. Every figure is the median of interleaved runs (A B A B), ecrkit
and its peer in the same run on the same machine over loopback. Read the ratios (ecrkit's figure over its peer's), not the absolute values.

Machine: ${machine}.

${line(titles)}
${line(titles.map(() => "---"))}
${rows.map((row) => line(cells(row))).join("\n")}

How each is taken:

- **CPU of one call**: user and system time of the client's process alone (\`process.cpuUsage\`), for one DescribeRepositories
  call answering ten repositories; median of 7 runs of 2,000 calls after one run to warm up. The server is another process. The AWS SDK has its
  stock handler; ecrkit's client is as it comes, caches off; the floor (\`bench/floor.mjs\`) signs each call and does the JSON both
  ways over \`node:http\`, and nothing more.
- **Process**: wall time of a process that imports, builds a client and makes one call; median of 15.
- **Control plane**: wrk, one thread, 8 connections, 3 seconds, 5 runs each, ten repositories and ten images in each server.
- **Data plane**: manifests by wrk as above, an image of ten layers; blobs of random bytes by POST, PATCH and PUT, and by GET with its redirect,
  four in turn, 9 runs. ecrkit checks the login of each request, and keeps everything in memory, with layers in a private temporary folder that
  ends with the process, or on the disk (\`--data\`), where an answer means that all of it has been flushed;
  docker-registry (Debian) runs without a login on its filesystem store, in the same file system, with its in-memory cache of
  descriptors; it flushes each blob to the disk, which ecrkit's temporary folder has no need of.
- **Start to first answer**: wall time from the start of a server's process until it has answered one request, asked for every 2 ms, in an empty
  folder; median of 7. Starting Node itself (\`node -e 0\` above) is about half of ecrkit's.
- **Two processes**: two clients at one \`ecrkit local\`, and one client at each of two that share nothing: more than two processes that had to share
  a store, a clock, uploads and jobs behind one port could do. On two cores, which the clients use too, that brings a third more manifests at most, where
  one process has plenty, and no more layers, so there is no \`--workers\`.
`;
}
