/* Refreshes a part of the page, `data-live-seconds`, from the page's own address.

   It waits while nobody looks, while somebody is in the middle of something there, and when it was paused. Without it
   the page has a link to refresh it. */

(() => {
  /** @type {HTMLElement | null} */
  const live = document.querySelector("[data-live-seconds]");
  const controls = document.querySelector("[data-live-controls]");
  if (!live) return;
  const seconds = Number(live.dataset.liveSeconds);
  let isPaused = false;

  const pause = document.createElement("button");
  pause.type = "button";
  pause.className = "quiet";
  const note = document.createElement("span");
  note.setAttribute("role", "status");

  function say() {
    pause.textContent = isPaused ? "Go on" : "Pause";
    note.textContent = isPaused ? " Paused. " : ` Refreshed every ${seconds} seconds. `;
  }

  function isInUse() {
    const chosen = document.getSelection();
    const isMarking = chosen && !chosen.isCollapsed && live.contains(chosen.anchorNode);
    const isTyped = [...live.querySelectorAll("input")].some((each) => each.value !== each.defaultValue);
    return live.contains(document.activeElement) || isMarking || isTyped;
  }

  async function refresh() {
    if (isPaused || document.hidden || isInUse()) return;
    const answer = await fetch(location.href, { headers: { Accept: "text/html" }, redirect: "error" });
    if (!answer.ok) throw new Error(`${answer.status}`);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("[data-live-seconds]");
    if (!fresh || isPaused || isInUse()) return;
    for (const each of live.querySelectorAll("details[open][id]")) {
      fresh.querySelector(`#${CSS.escape(each.id)}`)?.setAttribute("open", "");
    }
    live.replaceChildren(...fresh.childNodes);
    say();
  }

  pause.addEventListener("click", () => {
    isPaused = !isPaused;
    say();
  });
  say();
  controls?.append(note, pause);
  setInterval(() => {
    refresh().catch(() => {
      note.textContent = " It does not answer; tried again soon. ";
    });
  }, seconds * 1000);
})();
