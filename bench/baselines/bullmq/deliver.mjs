// The deliveries as BullMQ jobs: one job each, one row of its attempt. `node deliver.mjs enqueue COUNT URL` puts
// the jobs, `node deliver.mjs work` does them, 64 at once, over kept connections.
import { createHmac, randomUUID } from "node:crypto";
import { Queue, Worker } from "bullmq";
import pg from "pg";
import { Pool } from "undici";

const AT_ONCE = 64;
const SESSIONS = 16;
const SECRET = "k".repeat(32);
const INSERT = {
  name: "keep",
  text: "INSERT INTO attempt (delivery, status, milliseconds, detail, answer) VALUES ($1, $2, $3, $4, $5)",
};
const { hostname: host, port } = new URL(process.env.BENCH_REDIS);
const connection = { host, port: Number(port), maxRetriesPerRequest: null };

async function enqueue(count, url) {
  const queue = new Queue("deliveries", { connection });
  const opts = { attempts: 15, backoff: { type: "exponential", delay: 10_000 }, removeOnComplete: true };
  for (let first = 0; first < count; first += 500) {
    const size = Math.min(500, count - first);
    await queue.addBulk(
      Array.from({ length: size }, (_, place) => {
        const id = randomUUID();
        const body = JSON.stringify({ id, number: first + place, filling: "x".repeat(800) });
        return { name: "deliver", data: { id, url, body }, opts };
      }),
    );
  }
  await queue.close();
}

function work() {
  const database = new pg.Pool({ connectionString: process.env.BENCH_POSTGRESQL, max: SESSIONS });
  const pools = new Map();
  const poolOf = (origin) => {
    if (!pools.has(origin)) pools.set(origin, new Pool(origin, { connections: AT_ONCE, bodyTimeout: 20_000 }));
    return pools.get(origin);
  };

  async function deliver({ data: { id, url, body } }) {
    const { origin, pathname, search } = new URL(url);
    const headers = signed(id, body);
    const began = performance.now();
    const answer = await poolOf(origin).request({ method: "POST", path: pathname + search, headers, body });
    const text = await answer.body.text();
    const milliseconds = Math.round(performance.now() - began);
    const values = [id, answer.statusCode, milliseconds, JSON.stringify({ headers }), text];
    await database.query({ ...INSERT, values });
    if (answer.statusCode < 200 || answer.statusCode > 299) throw new Error(`status ${answer.statusCode}`);
  }

  new Worker("deliveries", deliver, { connection, concurrency: AT_ONCE });
}

function signed(id, body) {
  const at = Math.floor(Date.now() / 1000);
  const digest = createHmac("sha256", SECRET).update(`${id}.${at}.${body}`).digest("base64");
  return {
    "content-type": "application/json",
    "webhook-id": id,
    "webhook-timestamp": String(at),
    "webhook-signature": `v1,${digest}`,
  };
}

const [verb, count, url] = process.argv.slice(2);
if (verb === "enqueue") await enqueue(Number(count), url);
else work();
