// Drives @huggingface/hub. Run by Node.js; tells of each check as asked.py does.

import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { pathToFileURL } from "node:url";

const modules = process.env.HUB_CLIENTS_MODULES;
const found = createRequire(join(modules, "..", "x.js")).resolve("@huggingface/hub");
const hub = await import(pathToFileURL(found));
const facts = JSON.parse(readFileSync(process.env.HUB_CLIENTS_FACTS, "utf-8"));
const { model, dataset, tokens } = facts;
const site = { hubUrl: process.env.HF_ENDPOINT, accessToken: process.env.HF_TOKEN };
const here = { ...site, repo: model.id };
const LARGE = "model.safetensors";

const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");
const bytesOf = async (blob) => Buffer.from(await blob.arrayBuffer());
const allOf = async (listed) => {
  const rows = [];
  for await (const each of listed) rows.push(each);
  return rows;
};

function equal(seen, wanted) {
  if (!isDeepStrictEqual(seen, wanted)) {
    throw new Error(`${JSON.stringify(seen)}, not ${JSON.stringify(wanted)}`);
  }
}

async function statusOf(promise) {
  try {
    await promise;
  } catch (error) {
    return [error.statusCode, error.message];
  }
  throw new Error("nothing was raised");
}

async function check(name, made) {
  const started = performance.now();
  const told = { check: name, outcome: "passed", note: "" };
  try {
    await made();
  } catch (error) {
    told.outcome = "failed";
    told.note = `${error.name}: ${error.message}`;
  }
  told.seconds = (performance.now() - started) / 1000;
  console.log(`CHECK ${JSON.stringify(told)}`);
}

await check("listFiles, of all folders", async () => {
  const rows = await allOf(hub.listFiles({ ...here, recursive: true }));
  const files = rows.filter((each) => each.type === "file").map((each) => each.path);
  equal(files.sort(), Object.keys(model.files).sort());
});

await check("downloadFile: whole, a part, and nothing for what is not there", async () => {
  for (const path of ["config.json", LARGE, "notes/deep/why.txt"]) {
    equal(sha256(await bytesOf(await hub.downloadFile({ ...here, path }))), model.files[path]);
  }
  const blob = await hub.downloadFile({ ...here, path: LARGE });
  const whole = await bytesOf(blob);
  equal(blob.size, model.sizes[LARGE]);
  equal(await bytesOf(blob.slice(100, 164)), whole.subarray(100, 164));
  equal(await hub.downloadFile({ ...here, path: "no/such.file" }), null);
});

await check("downloadFile of an older revision", async () => {
  const asked = { ...here, path: "README.md", revision: model.older };
  equal(sha256(await bytesOf(await hub.downloadFile(asked))), model.older_readme);
});

await check("fileDownloadInfo", async () => {
  const info = await hub.fileDownloadInfo({ ...here, path: LARGE });
  equal(info.size, model.sizes[LARGE]);
});

await check("fileExists", async () => {
  equal(await hub.fileExists({ ...here, path: "config.json" }), true);
  equal(await hub.fileExists({ ...here, path: "nope" }), false);
});

await check("snapshotDownload, every byte", async () => {
  const cacheDir = mkdtempSync(join(tmpdir(), "hub-js-"));
  const folder = await hub.snapshotDownload({ ...here, cacheDir });
  for (const [path, digest] of Object.entries(model.files)) {
    equal(sha256(readFileSync(realpathSync(join(folder, path)))), digest);
  }
});

await check("modelInfo, datasetInfo", async () => {
  const info = await hub.modelInfo({ ...site, name: model.id, additionalFields: ["sha"] });
  equal([info.name, info.sha, info.private], [model.id, model.sha, false]);
  const data = await hub.datasetInfo({ ...site, name: dataset.id, additionalFields: ["sha"] });
  equal([data.name, data.sha], [dataset.id, dataset.sha]);
});

await check("a data set's file", async () => {
  const path = "data/train.jsonl";
  const asked = { ...site, repo: { type: "dataset", name: dataset.id }, path };
  equal(sha256(await bytesOf(await hub.downloadFile(asked))), dataset.files[path]);
});

await check("pathsInfo, listCommits, repoExists, checkRepoAccess", async () => {
  const rows = await hub.pathsInfo({ ...here, paths: ["config.json", "nope"] });
  equal(rows.map((each) => [each.path, each.size]), [["config.json", model.sizes["config.json"]]]);
  const commits = await allOf(hub.listCommits(here));
  equal(commits.map((each) => each.oid), [model.sha, model.older]);
  equal(await hub.repoExists(here), true);
  equal(await hub.repoExists({ ...site, repo: "acme/nope" }), false);
  await hub.checkRepoAccess(here);
});

await check("listModels by name, whoAmI", async () => {
  const rows = await allOf(hub.listModels({ ...site, search: { query: "small-bert" } }));
  equal(rows.some((each) => each.name === model.id), true);
  equal((await hub.whoAmI(site)).name, facts.user);
});

await check("createRepo, uploadFile, deleteRepo", async () => {
  const name = `${facts.owner}/written-in-javascript`;
  const mine = { ...site, accessToken: tokens.writer, repo: { type: "model", name } };
  await hub.createRepo(mine);
  const sent = Buffer.alloc(3_000_000, "bytes that are sent");
  for (const path of ["config.json", "sub/data.bin"]) {
    await hub.uploadFile({ ...mine, file: { path, content: new Blob([sent]) } });
    equal(sha256(await bytesOf(await hub.downloadFile({ ...mine, path }))), sha256(sent));
  }
  await hub.deleteRepo(mine);
  equal(await hub.repoExists(mine), false);
});

await check("what is missing, and what is refused, says so", async () => {
  equal((await statusOf(hub.modelInfo({ ...site, name: "acme/nope" })))[0], 404);
  const wrong = { ...here, accessToken: `hf_${"x".repeat(43)}`, path: "config.json" };
  equal((await statusOf(hub.downloadFile(wrong)))[0], 401);
  const narrow = { ...here, accessToken: tokens.narrow, path: "config.json" };
  const [status, message] = await statusOf(hub.downloadFile(narrow));
  equal([status, message.includes("permission")], [403, true]);
});
