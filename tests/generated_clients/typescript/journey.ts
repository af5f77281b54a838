// What somebody does with the types that were generated, and a fetch that knows them.
import assert from "node:assert/strict";
import { setTimeout as wait } from "node:timers/promises";
import createClient from "openapi-fetch";
import type { components, paths } from "./schema.js";

const PATIENCE_MS = 60_000;
const { REGISTRY_URL: url, REGISTRY_USER: name, REGISTRY_PASSWORD: password } = process.env;
assert.ok(url && name && password);
const model: components["schemas"]["ArtifactTypeEnum"] = "model";

const open = createClient<paths>({ baseUrl: url });
const health = await open.GET("/health");
const states: components["schemas"]["HealthStatusEnum"][] = ["ok", "unknown", "degraded", "critical"];
assert.ok(health.data && states.includes(health.data.status));
const signedIn = await open.PUT("/authenticate", {
  body: { user: { name, is_admin: true }, secret: { password } },
});
assert.ok(signedIn.data, signedIn.error?.error.message);
const client = createClient<paths>({
  baseUrl: url,
  headers: { "X-Authorization": signedIn.data },
});

const made = await client.POST("/artifact/{artifact_type}", {
  params: { path: { artifact_type: model } },
  body: { url: "https://huggingface.co/generated/typescript-client" },
});
assert.ok(made.data, made.error?.error.message);
const { id } = made.data.metadata;
assert.equal(made.data.metadata.name, "typescript-client");

const found = await client.POST("/artifact/byRegEx", { body: { regex: "^typescript-cl" } });
assert.deepEqual(found.data?.map((each) => each.id), [id]);
const listed = await client.POST("/artifacts", { body: [{ name: "*", types: [model] }] });
assert.ok(listed.data?.some((each) => each.id === id));

const path = { artifact_type: model, artifact_id: id };
const cost = await client.GET("/artifact/{artifact_type}/{artifact_id}/cost", { params: { path } });
assert.ok((cost.data?.[id]?.total_cost ?? 0) > 0);
const rating = await client.GET("/artifact/model/{artifact_id}/rate", {
  params: { path: { artifact_id: id } },
});
assert.ok(rating.data, rating.error?.error.message);
assert.ok(rating.data.net_score >= 0 && rating.data.net_score <= 1);

const download = () =>
  client.GET("/artifacts/{artifact_type}/{artifact_id}/download", {
    params: { path },
    redirect: "manual",
  });
const endsAt = Date.now() + PATIENCE_MS;
let link = await download();
while (link.response.status === 503 && Date.now() < endsAt) {
  await wait(200);
  link = await download();
}
assert.equal(link.response.status, 302, link.error?.error.message);
const bundle = await fetch(link.response.headers.get("Location") ?? "");
assert.equal(bundle.status, 200);
assert.equal(Buffer.from(await bundle.arrayBuffer()).subarray(0, 2).toString(), "PK");

console.log("typescript: signed in, registered, searched, rated, downloaded");
