// One import, one client, one call: `node one-call.mjs SUBJECT URL`. The bench takes the time of the whole process.
const [subject, url] = process.argv.slice(2);
const { createSubject } = await import(`./subjects/${subject}.mjs`);
if ((await createSubject(url)()) !== 10) throw new Error(`${subject} did not read ten repositories`);
process.exit();
