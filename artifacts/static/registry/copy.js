/* Copies what stands beside a button. Without a clipboard (no https), or without scripts, the buttons stay
   hidden: what they copy can be selected. */

function textOf(button) {
  const source = button.dataset.copyFrom;
  return source ? document.getElementById(source).textContent : button.dataset.copy;
}

const COPIED_SHOWN_MS = 2_000;
const saidOnce = document.createElement("p");
saidOnce.className = "registry-unseen";
saidOnce.setAttribute("role", "status");

async function copy(button) {
  const word = button.textContent;
  try {
    await navigator.clipboard.writeText(textOf(button));
    button.textContent = "Copied";
  } catch {
    button.textContent = "Select it by hand";
  }
  saidOnce.textContent = button.textContent;
  setTimeout(() => {
    button.textContent = word;
    saidOnce.textContent = "";
  }, COPIED_SHOWN_MS);
}

if (navigator.clipboard) {
  document.body.append(saidOnce);
  for (const button of document.querySelectorAll("button.registry-copy")) {
    button.removeAttribute("hidden");
    button.addEventListener("click", () => copy(button));
  }
}
