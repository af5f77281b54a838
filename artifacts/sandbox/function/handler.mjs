// The function of its own that runs programs of sensitive models on AWS Lambda, under Node.js 24.
//
// The registry invokes it and waits: it fetches the zip by a signed link, runs the program behind
// two walls, and answers how that ended. The kernel's wall is `wall`, beside this file, which takes
// the program the network, other processes and all writing (artifacts/sandbox/wall.py). The other is
// Node.js' own permission model. `remote.py` describes what comes in and goes out. Where the operator
// allows hosts, the program writes what it asks of them into a wire, and `courier.mjs` asks.
//
// It needs nothing but Node.js. What it may do on AWS is to write its log; the signed link is all it
// knows of the bucket. Whatever throws here is an error of the invocation, and nobody gets the model.

import { spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { carry } from "./courier.mjs";

const HERE = dirname(fileURLToPath(import.meta.url));
const [WALL, FETCH] = [join(HERE, "wall"), join(HERE, "fetch.cjs")];
const STARTED = Buffer.from("\0started\0");
const PREFIX = "program-";

// An invocation that was ended left its files, and this one may get its machine.
const clear = async () => {
  for (const name of await readdir(tmpdir()))
    if (name.startsWith(PREFIX)) await rm(join(tmpdir(), name), { recursive: true, force: true });
};

const fetchZip = async ({ zip_url: url, zip_size_bytes: size }, path, limits) => {
  if (!url) return writeFile(path, "");
  const signal = AbortSignal.timeout(limits.fetch_ms);
  const answer = await fetch(url, { redirect: "error", signal });
  if (answer.status !== 200) throw new Error(`The bucket answered ${answer.status}`);
  let left = size;
  const bounded = async function* (chunks) {
    for await (const chunk of chunks) {
      left -= chunk.length;
      if (left < 0) throw new Error("The zip is larger than it was said to be");
      yield chunk;
    }
  };
  await pipeline(Readable.fromWeb(answer.body), bounded, createWriteStream(path, { mode: 0o400 }));
  if ((await stat(path)).size !== size) throw new Error("The zip is smaller than it was said to be");
};

const run = (task, folder, limits) =>
  new Promise((resolve, reject) => {
    const [program, zip] = [join(folder, "program.js"), join(folder, "model.zip")];
    const mayAsk = task.asking.hosts.length > 0;
    const child = spawn(
      WALL,
      [
        process.execPath, "--permission", `--allow-fs-read=${program}`, `--allow-fs-read=${zip}`,
        ...(mayAsk ? [`--allow-fs-read=${FETCH}`, `--require=${FETCH}`] : []),
        "--no-addons", `--max-old-space-size=${limits.heap_mb}`,
        program, task.model_name, task.uploader_name, task.downloader_name, zip,
      ],
      {
        cwd: join(folder, "home"),
        // Nothing of this process's environment, which contains credentials.
        env: { PATH: "/usr/bin:/bin", HOME: join(folder, "home") },
        stdio: ["ignore", "pipe", "pipe", ...(mayAsk ? ["pipe"] : [])],
        detached: true,
      },
    );
    const requests = mayAsk ? carry(child.stdio[3], task.asking) : null;
    let output = Buffer.alloc(0);
    let printedBytes = 0;
    let isStarted = false;
    const ended = { is_timed_out: false, is_too_long: false };
    const end = (why) => {
      ended[why] = true;
      try {
        process.kill(-child.pid, "SIGKILL");
      } catch (error) {
        if (error.code !== "ESRCH") throw error;
      }
    };
    const timer = setTimeout(() => end("is_timed_out"), limits.time_ms);
    const take = (chunk) => {
      printedBytes += chunk.length;
      output = Buffer.concat([output, chunk]);
      // What the program said on its other pipe may have come first.
      const at = isStarted ? -1 : output.indexOf(STARTED);
      if (at >= 0) {
        isStarted = true;
        output = Buffer.concat([output.subarray(0, at), output.subarray(at + STARTED.length)]);
      }
      output = output.subarray(-limits.kept_bytes);
      if (printedBytes > limits.printed_bytes && !ended.is_too_long) end("is_too_long");
    };
    child.stdout.on("data", take);
    child.stderr.on("data", take);
    child.on("error", (error) => {
      clearTimeout(timer);
      reject(error);
    });
    // Once it has ended and nobody holds its pipes.
    child.on("close", async (status, signal) => {
      clearTimeout(timer);
      resolve({
        is_started: isStarted, exit_status: status, signal: signal ?? "",
        output: output.toString("utf8"), ...ended, requests: await requests,
      });
    });
  });

export const handler = async (task) => {
  await clear();
  const folder = await mkdtemp(join(tmpdir(), PREFIX));
  try {
    await mkdir(join(folder, "home"));
    await writeFile(join(folder, "program.js"), task.program);
    await fetchZip(task, join(folder, "model.zip"), task.limits);
    return await run(task, folder, task.limits);
  } finally {
    await clear();
  }
};
