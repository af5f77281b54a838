/* Copies the text of the element that a button names: <button data-copy="id" hidden>. Without scripts, or where the browser
   gives no clipboard (over plain http from elsewhere), the buttons stay hidden and the text can be selected. */

const COPIED_SHOWN_MS = 2_000;

for (const button of document.querySelectorAll("[data-copy]")) {
  if (!(button instanceof HTMLButtonElement) || !navigator.clipboard) continue;
  const label = button.textContent;
  button.hidden = false;
  button.setAttribute("aria-live", "polite");
  button.addEventListener("click", async () => {
    const source = document.getElementById(button.dataset.copy ?? "");
    try {
      await navigator.clipboard.writeText(source?.textContent ?? "");
      button.textContent = "Copied";
    } catch {
      button.textContent = "Select it and copy it by hand";
    }
    setTimeout(() => { button.textContent = label; }, COPIED_SHOWN_MS);
  });
}
