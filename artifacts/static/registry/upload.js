/* Sends a zip, or a folder as one, from the browser straight to the bucket, part by part, and registers it.

   Only the API is asked (POST /uploads and what follows it); the zip's bytes go to the addresses that it signs. What
   arrived is kept there: after a lost connection, or with the page opened anew, the same file goes on where it was. */

const PARTS_SIGNED_TOGETHER = 20;
const PARTS_SENT_TOGETHER = 3;
const POLL_AFTER_MS = [500, 1_000, 2_000, 3_000, 5_000];
// A form's body has at most a megabyte (REQUEST_BODY_MAX_BYTES).
const NAMES_CHECKED_MAX_BYTES = 800_000;
// A screen reader is told of every tenth; more would talk all the time.
const STEPS_TOLD = 10;

/** @type {(id: string) => any} */
const element = (id) => document.getElementById(`upload-${id}`);
const form = element("form");
let running = null; // What goes on: an AbortController, and whether the user ended it.

// ------------------------------------------------------------------ what the user sees

function say(text) {
  element("status").textContent = text;
}

function showError(text) {
  element("error").textContent = text;
  element("error").hidden = !text;
}

function inUnits(bytes) {
  const units = ["bytes", "kB", "MB", "GB"];
  let unit = 0;
  for (; bytes >= 1000 && unit < units.length - 1; unit += 1) bytes /= 1000;
  return `${unit ? bytes.toFixed(1) : bytes} ${units[unit]}`;
}

function showResult(id, isDeferred) {
  const link = element("result").querySelector("a");
  // Who may not search has no page of it: then its words stand alone.
  if (form.dataset.artifactUrl) {
    link.href = form.dataset.artifactUrl.replace("ID", encodeURIComponent(id));
  }
  link.textContent = id;
  say(isDeferred ? "Taken; it appears as soon as it is rated." : "Done.");
  element("result").hidden = false;
}

function setBusy(isBusy) {
  element("fields").disabled = isBusy;
  element("start").disabled = isBusy;
  element("cancel").hidden = !isBusy;
  if (isBusy) element("cancel").focus();
}

class Progress {
  constructor(totalBytes) {
    this.totalBytes = totalBytes;
    this.doneBytes = new Map(); // by number of part
    this.toldSteps = 0;
    element("progress").hidden = false;
    this.note(0, 0);
  }

  note(number, bytes) {
    this.doneBytes.set(number, bytes);
    const done = Math.min(this.totalBytes, [...this.doneBytes.values()].reduce((a, b) => a + b, 0));
    const share = done / this.totalBytes;
    element("bar").value = share;
    element("amount").textContent = `${inUnits(done)} of ${inUnits(this.totalBytes)}`;
    const steps = Math.floor(share * STEPS_TOLD);
    if (steps > this.toldSteps) say(`Sending: ${Math.round(share * 100)} % sent.`);
    this.toldSteps = Math.max(steps, this.toldSteps);
  }
}

// ------------------------------------------------------------------ the zip and its parts

class Sending {
  constructor(file, registry, upload) {
    this.file = file;
    this.registry = registry;
    this.upload = upload;
    this.signal = registry.signal;
    this.url = `${form.dataset.uploadsUrl}/${upload.id}`;
    this.digests = [];
    this.progress = new Progress(file.size);
  }

  #piece(number) {
    const start = (number - 1) * this.upload.part_size_bytes;
    return this.file.slice(start, start + this.upload.part_size_bytes);
  }

  async sendAll() {
    const there = new Map((this.upload.parts ?? []).map((part) => [part.number, part]));
    const count = this.upload.part_count;
    for (let first = 1; first <= count; first += PARTS_SIGNED_TOGETHER) {
      const missing = [];
      for (let number = first; number < first + PARTS_SIGNED_TOGETHER && number <= count; number += 1) {
        this.signal.throwIfAborted();
        const piece = this.#piece(number);
        const sha256 = await digestOf(piece);
        this.digests.push(sha256);
        const found = there.get(number);
        // Not every bucket tells digests; then the one of the whole part is compared when all are joined.
        const isThere = found?.size_bytes === piece.size && ["", sha256].includes(found.sha256);
        if (isThere) this.progress.note(number, piece.size);
        else missing.push({ number, sha256 });
      }
      if (missing.length) await this.#sendBatch(missing);
    }
  }

  async #sendBatch(parts) {
    const targets = await this.#sign(parts);
    const waiting = parts.map((part, index) => ({ part, target: targets[index] }));
    const sendOn = async () => {
      for (let next = waiting.shift(); next; next = waiting.shift()) await this.#sendPart(next.part, next.target);
    };
    await Promise.all(Array.from({ length: PARTS_SENT_TOGETHER }, sendOn));
  }

  async #sign(parts) {
    return (await this.registry.call("POST", `${this.url}/parts`, { parts })).parts;
  }

  async #sendPart(part, firstTarget) {
    let target = firstTarget;
    await persistently(async () => {
      // An address lasts an hour, so every further attempt asks for its own.
      target ??= (await this.#sign([part]))[0];
      const used = { ...target, upload_url: reachable(target.upload_url) };
      target = null;
      await put(used, this.#piece(part.number), this.signal, (bytes) => this.progress.note(part.number, bytes));
    }, this.signal, say);
    this.progress.note(part.number, this.#piece(part.number).size);
  }

  async complete() {
    say("All is sent. The registry computes its digest …");
    let state = await this.registry.call("POST", `${this.url}/complete`, { sha256: this.digests });
    for (let polls = 0; state.state === "checking"; polls += 1) {
      await pause(POLL_AFTER_MS[Math.min(polls, POLL_AFTER_MS.length - 1)], this.signal);
      state = await this.registry.call("GET", this.url);
    }
    return state;
  }
}

// ------------------------------------------------------------------ what was chosen

/* Choosing one of the two takes back the other. */
async function noteChoice(event) {
  const other = element(event.target === element("file") ? "folder" : "file");
  if (event.target.files.length) other.value = "";
  await checkChoice();
}

/* The names of all files that were chosen; [] for none, or for what is no zip. */
async function listNames() {
  const [zip] = element("file").files;
  if (!zip) return listPacked(element("folder").files).map(([path]) => path);
  const entries = (await readEntries(zip)) ?? [];
  return entries.map((entry) => entry.name).filter((name) => !name.endsWith("/"));
}

/* Shows what the registry finds in these names; that it cannot be asked is told when sending begins. */
async function checkChoice() {
  const depth = (name) => name.split("/").length;
  const names = (await listNames()).sort((a, b) => depth(a) - depth(b));
  element("findings").replaceChildren();
  let leftBytes = NAMES_CHECKED_MAX_BYTES;
  const sent = names.filter((name) => (leftBytes -= new Blob([name]).size + 1) > 0);
  if (!sent.length) return;
  const body = new FormData();
  body.set("csrfmiddlewaretoken", form.querySelector("[name=csrfmiddlewaretoken]").value);
  body.set("type", element("type").value);
  body.set("paths", sent.join("\n"));
  const answer = await fetch(form.dataset.checkUrl, { method: "POST", body }).catch(() => null);
  if (!answer?.ok || answer.redirected) return;
  const drawn = new DOMParser().parseFromString(await answer.text(), "text/html");
  element("findings").replaceChildren(...drawn.body.childNodes);
}

/* The zip that was chosen, or the folder as one. */
async function packChoice(signal) {
  const [zip] = element("file").files;
  if (zip) return zip;
  const files = element("folder").files;
  if (!files.length) throw new Error("Choose a zip or a folder first.");
  return packFolder(files, signal, say);
}

// ------------------------------------------------------------------ from the button to the artifact

const memoryOf = (file) => `registry-upload:${file.name}:${file.size}:${file.lastModified}`;

/* The upload that this file began earlier, or a new one. */
async function findOrBegin(file, registry) {
  const known = localStorage.getItem(memoryOf(file));
  if (known) {
    try {
      const upload = await registry.call("GET", `${form.dataset.uploadsUrl}/${known}`);
      if (upload.state !== "refused") return upload;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
    }
  }
  const announced = { filename: file.name, size_bytes: file.size, in_parts: true };
  const upload = await registry.call("POST", form.dataset.uploadsUrl, announced);
  localStorage.setItem(memoryOf(file), upload.id);
  return { state: "open", parts: [], ...upload };
}

async function uploadAndRegister(file, registry, began) {
  const refusal = await findRefusal(file);
  if (refusal) throw new Error(refusal);
  let upload = await findOrBegin(file, registry);
  began(upload.id);
  const sending = new Sending(file, registry, upload);
  if (upload.state === "open") {
    say("Sending …");
    await sending.sendAll();
  }
  if (upload.state !== "checked") upload = await sending.complete();
  if (upload.state === "refused") throw new Error(upload.reason);
  sending.progress.note(0, file.size);
  say("The zip is checked. Registering …");
  const body = { url: `upload://${upload.id}` };
  const name = element("name").value.trim();
  if (name) body.name = name;
  const answer = await registry.call("POST", element("type").selectedOptions[0].dataset.url, body);
  localStorage.removeItem(memoryOf(file));
  showResult(answer.metadata.id, answer.isAccepted);
}

async function start(event) {
  event.preventDefault();
  const csrf = form.querySelector("[name=csrfmiddlewaretoken]").value;
  running = { controller: new AbortController(), isCancelled: false };
  const current = running;
  const registry = new Registry(form.dataset.tokenUrl, csrf, current.controller.signal, say);
  let uploadId = "";
  let file = null;
  showError("");
  element("result").hidden = true;
  setBusy(true);
  try {
    file = await packChoice(current.controller.signal);
    await uploadAndRegister(file, registry, (id) => (uploadId = id));
    setBusy(false);
    element("result").focus();
  } catch (error) {
    current.controller.abort(); // The parts beside the one that failed.
    setBusy(false);
    element("start").focus();
    if (current.isCancelled) await forget(file, registry, uploadId);
    else fail(error);
  } finally {
    running = null;
  }
}

function cancel() {
  if (!running) return;
  running.isCancelled = true;
  running.controller.abort();
}

function fail(error) {
  say("");
  const isLost = error instanceof Lost;
  showError(isLost ? `${error.message} What arrived is kept: upload again to go on.` : error.message);
}

async function forget(file, registry, uploadId) {
  if (file) localStorage.removeItem(memoryOf(file));
  element("progress").hidden = true;
  say("Cancelled.");
  if (!uploadId) return;
  try {
    // With a signal of its own: the one of the upload has ended.
    await registry.call("DELETE", `${form.dataset.uploadsUrl}/${uploadId}`, undefined, new AbortController().signal);
    say("Cancelled. Nothing of it is kept.");
  } catch (error) {
    showError(error.message);
  }
}

form.addEventListener("submit", start);
for (const each of ["file", "folder"]) element(each).addEventListener("change", noteChoice);
element("type").addEventListener("change", checkChoice);
element("cancel").addEventListener("click", cancel);
window.addEventListener("beforeunload", (event) => running && event.preventDefault());
if (window.isSecureContext) element("start").disabled = false;
else showError("Browsers compute digests on https pages only. Open this page by its https address.");
