// Makes the requests that the program of a sensitive model asks for, outside of its walls.
//
// The program has no network. Where the operator allows hosts, it writes what it wants to ask into a
// wire, as lines of JSON (`fetch.cjs`), and this end asks in its place: only those hosts and ports,
// by HTTPS, without credentials, proxies or redirects. Each name is resolved once and the connection
// goes to what was checked, so a name that leads elsewhere a moment later gains nothing.
//
// Nothing that comes by the wire is trusted: what is no such line ends the conversation.

import { lookup } from "node:dns/promises";
import { request as ask } from "node:https";
import { BlockList, isIP } from "node:net";

// Where no policy of a company can be, but clouds keep credentials (169.254.169.254 and others), and
// ranges that embed other addresses (IANA special-purpose registries). Private ones are allowed: the
// operator names the hosts.
const REFUSED = [
  ["0.0.0.0", 8], ["100.64.0.0", 10], ["168.63.129.16", 32], ["169.254.0.0", 16], ["192.0.0.0", 24],
  ["192.88.99.0", 24], ["198.18.0.0", 15], ["224.0.0.0", 3],
  ["::", 8], ["64:ff9b::", 32], ["2001::", 32], ["2002::", 16], ["3fff::", 20], ["5f00::", 16],
  ["fd00:ec2::", 32], ["fd20:ce::", 32], ["fe80::", 9], ["ff00::", 8],
];
const LOOPBACK = [["127.0.0.0", 8], ["::1", 128]];
const METHODS = ["GET", "HEAD", "POST", "PUT"];
// They belong to the connection, and could make one request look like two.
const OWN_HEADERS = [
  "connection", "content-length", "expect", "host", "keep-alive", "te", "trailer", "transfer-encoding",
  "upgrade",
];
// Those that an answer to the program can have.
const [STATUS_MIN, STATUS_MAX] = [200, 599];
const NEWLINE = 10;

class Refused extends Error {}

const family = (address) => `ipv${isIP(address)}`;

// A list for each family: one of both takes every address of IPv4 for one in ::/8.
const listed = (networks) => {
  const lists = { ipv4: new BlockList(), ipv6: new BlockList() };
  for (const [network, bits] of networks) lists[family(network)].addSubnet(network, bits, family(network));
  return (address) => lists[family(address)].check(address, family(address));
};
const isRefused = listed(REFUSED);
const isLoopback = listed(LOOPBACK);

/** Return the addresses of a name, once all of them were found to be allowed. */
const resolve = async (host, mayLoop) => {
  const found = await lookup(host, { all: true });
  const bad = ({ address }) =>
    address.includes("%") || (isLoopback(address) ? !mayLoop : isRefused(address));
  // One of them among others is a sign of rebinding, so none is used.
  if (!found.length || found.some(bad)) throw new Refused(`${host} leads to an address that is refused.`);
  return found;
};

/** Return the parts of a request that may be made, or say why it may not. */
const check = ({ url, method, headers, body }, hosts, limits) => {
  if (!URL.canParse(url)) throw new Refused("That is no address.");
  const asked = new URL(url);
  if (asked.protocol !== "https:") throw new Refused("Only https is spoken.");
  if (asked.username || asked.password) throw new Refused("An address may hold no name or password.");
  const place = `${asked.hostname}:${asked.port || 443}`;
  if (!hosts.includes(place))
    throw new Refused(`Programs may not speak to ${place}. An operator allows hosts (REGISTRY_MONITOR_HOSTS).`);
  if (!METHODS.includes(method)) throw new Refused(`Only ${METHODS.join(", ")} are sent.`);
  const own = headers.find(([name]) => OWN_HEADERS.includes(name.toLowerCase()) || /^proxy-/i.test(name));
  if (own) throw new Refused(`The header ${own[0]} is set by the registry.`);
  const content = Buffer.from(body, "base64");
  if (content.length > limits.body_bytes) throw new Refused(`A request has at most ${limits.body_bytes} bytes.`);
  return { asked, place, method, headers, content };
};

/** Send a request, and return its answer with the body unread. */
const send = ({ asked, method, headers, content }, addresses, signal) =>
  new Promise((done, failed) => {
    const sent = ask({
      host: asked.hostname,
      port: asked.port || 443,
      path: asked.pathname + asked.search,
      method,
      headers: Object.fromEntries(headers),
      signal,
      // A connection of its own, checked whatever the environment says.
      agent: false,
      rejectUnauthorized: true,
      lookup: (_host, options, found) =>
        options.all ? found(null, addresses) : found(null, addresses[0].address, addresses[0].family),
    });
    sent.on("response", done);
    sent.on("error", failed);
    sent.end(content);
  });

/** Make one request, and note it and what came of it. */
const carryOut = async (parts, note, { mayLoop, limits, signal }) => {
  const { hostname } = parts.asked;
  const loops = mayLoop && (hostname === "localhost" || hostname.startsWith("127."));
  const addresses = await resolve(hostname, loops);
  signal.throwIfAborted();
  note.sent_bytes = parts.content.length;
  const answer = await send(parts, addresses, signal);
  note.status = answer.statusCode;
  if (note.status < STATUS_MIN || note.status > STATUS_MAX)
    throw new Refused(`${hostname} answered with the status ${note.status}.`);
  const chunks = [];
  for await (const chunk of answer) {
    note.received_bytes += chunk.length;
    if (note.received_bytes > limits.answer_bytes)
      throw new Refused(`${hostname} answered with more than ${limits.answer_bytes} bytes.`);
    chunks.push(chunk);
  }
  const names = answer.rawHeaders.filter((_, at) => at % 2 === 0);
  const headers = names.map((name, at) => [name, answer.rawHeaders[2 * at + 1]]);
  return { status: note.status, headers, body: Buffer.concat(chunks).toString("base64") };
};

const isText = (value) => typeof value === "string";
const isPair = (value) => Array.isArray(value) && value.length === 2 && value.every(isText);

/** Return what a line asks for; throw if it is none of ours. */
const read = (line) => {
  const { id, url, method, headers, body } = JSON.parse(line);
  const fits = Number.isSafeInteger(id) && [url, method, body].every(isText);
  if (!fits || !Array.isArray(headers) || !headers.every(isPair)) throw new Error("No such line");
  return { id, url, method, headers, body };
};

/** Yield the lines of a wire; throw at one that is too long. */
const lines = async function* (wire, mostBytes) {
  let rest = Buffer.alloc(0);
  for await (const chunk of wire) {
    rest = Buffer.concat([rest, chunk]);
    for (let end = rest.indexOf(NEWLINE); end >= 0; end = rest.indexOf(NEWLINE)) {
      if (end > mostBytes) throw new Error("Too long");
      yield rest.subarray(0, end);
      rest = rest.subarray(end + 1);
    }
    if (rest.length > mostBytes) throw new Error("Too long");
  }
};

const words = (error, late, place, limits) => {
  if (error instanceof Refused) return error.message;
  if (late.aborted) return `${place} did not answer within ${limits.request_ms / 1000} s.`;
  return `${place} could not be asked (${error.code ?? error.name}).`;
};

/**
 * Make the requests of one program until its end of the wire is closed.
 *
 * @param wire a stream to the program
 * @param hosts `host:port` of each that may be asked
 * @param mayLoop whether a host that is spelled as this machine may be it
 * @returns each request to such a host: host, method, status (null without an answer), bytes
 */
export const carry = async (wire, { hosts, limits, mayLoop = false }) => {
  const made = [];
  const running = new Set();
  const over = new AbortController();
  wire.on("error", () => {});
  // Waits until the program takes it: one that does not read is not answered on and on.
  const tell = (frame) => new Promise((done) => wire.write(`${JSON.stringify(frame)}\n`, () => done()));
  const answer = async ({ id }, parts, note) => {
    const late = AbortSignal.timeout(limits.request_ms);
    const signal = AbortSignal.any([over.signal, late]);
    const ended = new Promise((_, failed) => signal.addEventListener("abort", () => failed(signal.reason)));
    try {
      const asked = carryOut(parts, note, { mayLoop, limits, signal });
      await tell({ id, ...(await Promise.race([asked, ended])) });
    } catch (error) {
      await tell({ id, error: words(error, late, parts.place, limits) });
    }
  };
  try {
    for await (const line of lines(wire, limits.line_bytes)) {
      const frame = read(line);
      try {
        const parts = check(frame, hosts, limits);
        if (made.length === limits.requests)
          throw new Refused(`A program may make ${limits.requests} requests.`);
        const note = { host: parts.place, method: parts.method, status: null, sent_bytes: 0, received_bytes: 0 };
        made.push(note);
        const task = answer(frame, parts, note).finally(() => running.delete(task));
        running.add(task);
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        await tell({ id: frame.id, error: error.message });
      }
    }
  } catch {
    // What is no line of ours, or a wire that broke, ends the conversation.
  }
  wire.destroy();
  over.abort();
  await Promise.all(running);
  return made;
};
