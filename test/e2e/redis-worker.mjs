// One process of a fleet: calls as fast as the limiter that it shares lets it, against a service that allows what its bucket holds.
// `node redis-worker.mjs DIST REDIS_URL SERVICE_URL OPERATION WORKERS SECONDS`; prints what became of the calls.
const [, , dist, redisUrl, serviceUrl, operation, workers, seconds] = process.argv;
const { redisLimiter } = await import(dist);
const { Agent, request } = await import("node:http");

const limiter = redisLimiter({ url: redisUrl });
const key = { account: "123456789012", region: "us-east-1", operation };
const agent = new Agent({ keepAlive: true });
const counts = { accepted: 0, refused: 0 };

const call = () =>
  new Promise((resolve, reject) => {
    const sent = request(serviceUrl, { agent }, (response) => {
      response.resume();
      response.on("end", () => resolve(response.statusCode === 200));
    });
    sent.on("error", reject);
    sent.end();
  });

const endMs = Date.now() + Number(seconds) * 1000;
const work = async () => {
  while (Date.now() < endMs) {
    await limiter.acquire(key, {});
    if (await call()) {
      counts.accepted++;
      limiter.succeeded(key);
    } else {
      counts.refused++;
      limiter.throttled(key);
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 500));
    }
  }
};
await Promise.all(Array.from({ length: Number(workers) }, work));
await limiter.close();
agent.destroy();
console.log(JSON.stringify(counts));
