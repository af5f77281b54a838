/* Tries an operation out: its parameters in, the answer's status, headers and body out. The page works without it. */

const ANSWER_SHOWN_MAX_CHARS = 100_000;
const tryOut = document.getElementById("try-out");
const operations = JSON.parse(tryOut.dataset.operations);
/** @type {(id: string) => any} */
const tryElement = (id) => document.getElementById(`try-${id}`);

function chosenOperation() {
  return operations[tryElement("operation").selectedIndex];
}

function parameterField(parameter) {
  const id = `try-parameter-${parameter.name}`;
  const line = document.createElement("p");
  const label = document.createElement("label");
  label.htmlFor = id;
  label.textContent = `${parameter.name} (${parameter.in}). ${parameter.says}`;
  const words = parameter.kind === "boolean" ? ["true", "false"] : parameter.words;
  const field = document.createElement(words.length ? "select" : "input");
  field.id = id;
  field.name = parameter.name;
  if (field instanceof HTMLSelectElement) {
    const choices = parameter.in === "path" ? words : ["", ...words];
    field.append(...choices.map((word) => new Option(word || "not sent", word)));
  } else {
    field.required = parameter.in === "path";
  }
  line.append(label, field);
  return line;
}

function showOperation() {
  const operation = chosenOperation();
  tryElement("parameters").replaceChildren(...operation.parameters.map((each) => parameterField(each)));
  tryElement("body-line").hidden = !operation.example_body;
  tryElement("body").value = operation.example_body;
}

function addressOf(operation) {
  const query = new URLSearchParams();
  let path = operation.path;
  for (const parameter of operation.parameters) {
    const { value } = tryElement(`parameter-${parameter.name}`);
    if (parameter.in === "path") path = path.replace(`{${parameter.name}}`, encodeURIComponent(value));
    else if (value !== "") query.set(parameter.name, value);
  }
  return query.size ? `${path}?${query}` : path;
}

async function bodyOf(answer) {
  const kind = answer.headers.get("Content-Type") ?? "";
  if (kind.startsWith("application/json")) return JSON.stringify(await answer.json(), null, 2);
  if (kind.startsWith("text/")) return answer.text();
  return `${(await answer.blob()).size.toLocaleString("en")} bytes`;
}

function showAnswer(headers, body) {
  const isLong = body.length > ANSWER_SHOWN_MAX_CHARS;
  const shown = isLong ? `${body.slice(0, ANSWER_SHOWN_MAX_CHARS)}\n... and more` : body;
  for (const [id, text] of [["headers", headers], ["answer", shown]]) {
    tryElement(id).textContent = text;
    tryElement(id).hidden = !text;
  }
  tryElement("answer-title").hidden = false;
}

async function sendRequest(event) {
  event.preventDefault();
  const operation = chosenOperation();
  const say = (text) => { tryElement("status").textContent = text; };
  say("Asking ...");
  const headers = { Accept: "application/json" };
  const token = tryElement("token").value.trim();
  if (token) headers["X-Authorization"] = token;
  const body = operation.example_body ? tryElement("body").value : undefined;
  try {
    const began = performance.now();
    const answer = await fetch(addressOf(operation), { method: operation.method, headers, body });
    const took = Math.round(performance.now() - began);
    showAnswer([...answer.headers].map(([name, value]) => `${name}: ${value}`).join("\n"), await bodyOf(answer));
    say(`${answer.status} ${answer.statusText} after ${took} ms`);
  } catch (error) {
    say(`No answer came: ${error.message}`);
  }
}

/* The session makes a token like any other, on the page of the account, where it can be revoked. */
async function makeToken(event) {
  const csrf = /** @type {HTMLInputElement} */ (tryElement("form").querySelector("[name=csrfmiddlewaretoken]"));
  const body = new URLSearchParams({ name: "Tried out on the page of the API", csrfmiddlewaretoken: csrf.value });
  const answer = await fetch(event.target.dataset.url, { method: "POST", body });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const token = page.getElementById("token");
  tryElement("token").value = token?.textContent ?? "";
  tryElement("status").textContent = token ? "A token was made. Your account lists it." : "No token was made. Sign in anew.";
}

tryElement("operation").append(...operations.map((each) => new Option(`${each.method} ${each.path}`)));
tryElement("operation").addEventListener("change", showOperation);
tryElement("form").addEventListener("submit", sendRequest);
tryElement("make-token")?.addEventListener("click", makeToken);
showOperation();
tryOut.hidden = false;
