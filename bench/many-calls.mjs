// A client in a process of its own: `fork(many-calls.mjs, [SUBJECT, URL])`. For each message, a number of calls, it makes
// them one after another and answers with the CPU time (user and system) of one, in microseconds.
const [subject, url] = process.argv.slice(2);
const { createSubject } = await import(`./subjects/${subject}.mjs`);
const call = createSubject(url);

process.on("message", async (calls) => {
  const before = process.cpuUsage();
  for (let made = 0; made < calls; made++) {
    if ((await call()) !== 10) throw new Error(`${subject} did not read ten repositories`);
  }
  const { user, system } = process.cpuUsage(before);
  process.send((user + system) / calls);
});
process.send("ready");
