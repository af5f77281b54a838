/* Shows how far a registration is while it goes on. Without it, the page's link does the same.

   The registry draws what changes, with the template of the page; this puts it in its place, and says it aloud only when
   the stage or a tenth of the bytes is another one. */

const UNREACHED_AGAIN_MS = 10_000;

/** @type {(id: string) => any} */
const found = (id) => document.getElementById(id);
const place = found("progress");

/* What is worth saying: the stage, and how many tenths of the bytes are there. */
function sentenceOf(state) {
  const bar = state.querySelector("progress");
  const tenths = bar ? Math.floor(bar.value * 10) * 10 : 0;
  const stage = state.querySelector("h2").textContent.trim();
  return tenths ? `${stage}: ${tenths} %.` : `${stage}.`;
}

function show(html) {
  const fresh = new DOMParser().parseFromString(html, "text/html").getElementById("progress-state");
  const shown = found("progress-state");
  // Whoever is on a link in it keeps it until they leave.
  if (!fresh || shown.contains(document.activeElement)) return;
  const sentence = sentenceOf(fresh);
  if (sentence !== sentenceOf(shown)) found("progress-said").textContent = sentence;
  if (fresh.outerHTML !== shown.outerHTML) shown.replaceWith(document.adoptNode(fresh));
}

function note(text) {
  found("progress-note").textContent = text;
}

/* Asks once; returns after how many milliseconds to ask again, 0 for never. */
async function ask() {
  if (document.hidden) return UNREACHED_AGAIN_MS;
  let answer;
  try {
    answer = await fetch(place.dataset.address);
  } catch {
    note("if this takes long: the registry cannot be reached at the moment.");
    return UNREACHED_AGAIN_MS;
  }
  if (answer.redirected || answer.status === 404) {
    window.location.reload(); // Signed out, or gone: the page says which.
    return 0;
  }
  if (!answer.ok) return UNREACHED_AGAIN_MS;
  show(await answer.text());
  return nextMs();
}

/* What is shown tells how soon it may change; 0 when it is over. */
function nextMs() {
  const ms = Number(found("progress-state").dataset.nextS) * 1_000;
  note(ms ? "is not needed: this page keeps itself up to date." : "is not needed: nothing will change by itself.");
  return ms;
}

function later(ms) {
  if (ms) setTimeout(async () => later(await ask()), ms);
}

// Whoever comes back to the page sees at once how far it is.
document.addEventListener("visibilitychange", () => document.hidden || (nextMs() && ask()));
later(nextMs());

// A module: its names are its own.
export {};
