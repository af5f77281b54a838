/* Asking the registry's API, and sending to the bucket: bounded, told, and stopped by a signal.

   Classic scripts share their names: upload.js, loaded after this one, uses what is declared here. */

// Waits before the next attempt; the last attempt fails for good, and the user decides.
const RETRY_AFTER_MS = [1_000, 2_000, 4_000, 8_000, 15_000];

/* What the registry refuses, in its own words. */
class Refusal extends Error {
  constructor(status, error) {
    super(error.message);
    this.status = status;
    this.code = error.code;
  }
}

/* Something was lost on its way. Asking again may help. */
class Lost extends Error {}

// ------------------------------------------------------------------ asking again

/* Resolves after a while or, without a connection, once there is one again. */
function pause(ms, signal) {
  return new Promise((resolve, reject) => {
    const ended = new AbortController();
    const end = (settle, value) => {
      ended.abort();
      settle(value);
    };
    signal.addEventListener("abort", () => end(reject, signal.reason), { signal: ended.signal });
    window.addEventListener("online", () => end(resolve), { signal: ended.signal });
    if (navigator.onLine) {
      const timer = setTimeout(() => end(resolve), ms);
      ended.signal.addEventListener("abort", () => clearTimeout(timer));
    }
  });
}

/* Does something again as long as it is `Lost`, a bounded number of times, and tells why. */
async function persistently(action, signal, tell) {
  for (const waitMs of RETRY_AFTER_MS) {
    signal.throwIfAborted();
    try {
      return await action();
    } catch (error) {
      if (!(error instanceof Lost)) throw error;
      tell(`${error.message} Trying again …`);
      await pause(waitMs, signal);
    }
  }
  return action();
}

// ------------------------------------------------------------------ the registry

class Registry {
  constructor(tokenUrl, csrfToken, signal, tell) {
    this.tokenUrl = tokenUrl;
    this.csrfToken = csrfToken;
    this.signal = signal;
    this.tell = tell;
    this.token = "";
  }

  async call(method, url, body, signal = this.signal) {
    return persistently(async () => {
      if (!this.token) this.token = await this.#askForToken(signal);
      try {
        return await this.#ask(method, url, body, { "X-Authorization": this.token }, signal);
      } catch (error) {
        if (error.code !== "authentication_failed") throw error;
        this.token = ""; // Spent, or too old for a long upload.
        throw new Lost("The token is used up.");
      }
    }, signal, this.tell);
  }

  async #askForToken(signal) {
    return (await this.#ask("POST", this.tokenUrl, undefined, { "X-CSRFToken": this.csrfToken }, signal)).token;
  }

  async #ask(method, url, body, headers, signal) {
    let response;
    try {
      response = await fetch(url, { method, headers, signal, body: body && JSON.stringify(body) });
    } catch (error) {
      signal.throwIfAborted();
      throw new Lost("The registry cannot be reached.");
    }
    if (response.redirected) throw new Error("You are signed out. Sign in in another tab, then upload again.");
    const answer = await response.json().catch(() => null);
    if (response.ok && answer) return { ...answer, isAccepted: response.status === 202 };
    if (response.status >= 500 || !answer) throw new Lost(answer?.error?.message ?? `The registry answers ${response.status}.`);
    throw new Refusal(response.status, answer.error);
  }
}

// ------------------------------------------------------------------ the bucket

async function digestOf(blob) {
  const digest = await crypto.subtle.digest("SHA-256", await blob.arrayBuffer());
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** By XMLHttpRequest, because fetch does not tell how much was sent. @returns {Promise<void>} */
function put(target, blob, signal, onProgress) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const stop = () => request.abort();
    request.open(target.method, target.upload_url);
    for (const [name, value] of Object.entries(target.headers)) request.setRequestHeader(name, value);
    request.upload.onprogress = (event) => onProgress(event.loaded);
    request.onload = () => (request.status < 300 ? resolve() : reject(new Lost(`The bucket answers ${request.status}.`)));
    request.onerror = () => reject(new Lost("The connection to the bucket is lost."));
    request.onabort = () => reject(signal.reason);
    request.onloadend = () => signal.removeEventListener("abort", stop);
    signal.addEventListener("abort", stop);
    request.send(blob);
  });
}

/* An address of this site stays on it, whatever public name the registry gives itself. */
function reachable(address) {
  const url = new URL(address);
  return url.pathname.includes("/uploads/content/") ? url.pathname : address;
}
