// `fetch` for the program of a sensitive model, which has no network: it writes what is to be asked
// into a wire that was laid before its walls went up. At the other end stands `courier.mjs`, which
// decides and asks. This file lies within the walls and guards nothing.
//
// Only where the operator allows hosts is it loaded, before the program.

"use strict";

const { Socket } = require("node:net");

// The descriptor of the wire: what starts the program puts it there.
const WIRE = 3;
// Statuses whose answers have no body (Fetch Standard, "null body status").
const WITHOUT_BODY = [204, 205, 304];
const waiting = new Map();
let wire;
let count = 0;

const settle = (line) => {
  const told = JSON.parse(line);
  waiting.get(told.id)?.resolve(told);
};

const open = () => {
  let rest = "";
  wire = new Socket({ fd: WIRE, readable: true, writable: true });
  wire.setEncoding("utf8");
  wire.on("data", (text) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop();
    lines.forEach(settle);
  });
  wire.on("error", () => {});
  wire.on("close", () => {
    for (const { reject } of waiting.values()) reject(new TypeError("The registry makes no more requests."));
  });
};

// Answers of the program's process alone end it: it lasts while it waits for one.
const exchange = (frame, signal) =>
  new Promise((resolve, reject) => {
    if (!wire) open();
    if (wire.destroyed) throw new TypeError("The registry makes no more requests.");
    signal.throwIfAborted();
    signal.addEventListener("abort", () => reject(signal.reason));
    waiting.set(frame.id, { resolve, reject });
    wire.ref();
    wire.write(`${JSON.stringify(frame)}\n`);
  }).finally(() => {
    waiting.delete(frame.id);
    if (!waiting.size) wire.unref();
  });

globalThis.fetch = async (input, init) => {
  const request = new Request(input, init);
  const body = Buffer.from(await request.arrayBuffer()).toString("base64");
  const { url, method, signal } = request;
  const told = await exchange({ id: ++count, url, method, headers: [...request.headers], body }, signal);
  if (told.error) throw new TypeError(told.error);
  const { status, headers } = told;
  const content = WITHOUT_BODY.includes(status) ? null : Buffer.from(told.body, "base64");
  return new Response(content, { status, headers });
};
