"""Writes an example as one pastes it: into a shell, Python or JavaScript."""

from __future__ import annotations

import json
from typing import Any

from artifacts.api.examples import Example

# What each example may name; the reader fills in the first block once.
_NAMES = ("NAME", "PASSWORD", "TOKEN", "TOKEN_ID", "ID", "UPLOAD")

_CURL = "curl -fsS"
_FIND_LINK = "--retry 9 -o /dev/null -w '%{redirect_url}'"

SHELL_START = """\
R={address}
NAME='your name' PASSWORD='your password'"""

PYTHON_START = """\
import json, time, urllib.error, urllib.request

R = "{address}"
NAME, PASSWORD, TOKEN = "your name", "your password", ""

def call(method, path, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(R + path, data, method=method)
    # Not sent on to where a download leads.
    request.add_unredirected_header("X-Authorization", TOKEN)
    try:
        with urllib.request.urlopen(request) as answer:
            raw, kind = answer.read(), answer.headers.get_content_type()
            return json.loads(raw) if kind == "application/json" else raw
    except urllib.error.HTTPError as error:
        if error.code != 503:
            raise SystemExit(error.read().decode())
        time.sleep(int(error.headers["Retry-After"]))
        return call(method, path, body)
"""

JAVASCRIPT_START = """\
// Node 18 or newer, in a file that ends in .mjs
import {{ writeFile }} from "node:fs/promises";

const R = "{address}";
let [NAME, PASSWORD, TOKEN] = ["your name", "your password", ""], TOKEN_ID, ID, UPLOAD;

async function call(method, path, body) {{
  const headers = {{ "X-Authorization": TOKEN }};
  const asked = {{ method, headers, body: body && JSON.stringify(body), redirect: "manual" }};
  let answer = await fetch(R + path, asked);
  // A download leads elsewhere, and the token does not go there.
  if (answer.status === 302) answer = await fetch(new URL(answer.headers.get("Location"), R));
  if (answer.status === 503) {{
    await new Promise((done) => setTimeout(done, 1000 * Number(answer.headers.get("Retry-After"))));
    return call(method, path, body);
  }}
  if (!answer.ok) throw new Error(await answer.text());
  const isJson = (answer.headers.get("Content-Type") ?? "").startsWith("application/json");
  return isJson ? answer.json() : new Uint8Array(await answer.arrayBuffer());
}}
"""


def write_shell(method: str, example: Example, *, is_open: bool) -> str:
    """Return lines for a shell with curl, on Linux and macOS.

    A download leads elsewhere. With `-L` curl would send the token there, too.
    """
    words = [_CURL, *([] if not example.file else [_FIND_LINK])]
    if method not in ("GET", "POST") or (method == "POST" and example.body is None):
        words.append(f"-X {method}")
    if not is_open:
        words.append('-H "X-Authorization: $TOKEN"')
    if example.body is not None:
        words.append(f"-d {_quote(json.dumps(example.body))}")
    words.append(f'"$R{_fill(example.path, "${}")}"')
    line = " ".join(words)
    if example.file:
        return f'LINK=$({line})\n{_CURL} -o {example.file} "$LINK"'
    if not example.keeps:
        return line
    name, *fields = example.keeps
    # An answer that is a string alone stands in quotation marks.
    pick = rf"""sed 's/.*"{fields[-1]}": *"\([^"]*\)".*/\1/'""" if fields else "tr -d '\"'"
    return f'{name}=$({line} | {pick})\necho "${name}"'


def write_python(method: str, example: Example) -> str:
    """Return lines of Python that need nothing beyond its own library."""
    path = _fill(example.path, "{{{}}}")
    arguments = [f'"{method}"', f'{"f" if path != example.path or "{" in path else ""}"{path}"']
    if example.body is not None:
        arguments.append(_name(repr(example.body), "'"))
    return _use(example, f"call({', '.join(arguments)})", "", "print({})", _KEEP_IN_PYTHON)


def write_javascript(method: str, example: Example) -> str:
    """Return lines of JavaScript for Node."""
    path = _fill(example.path, "${{{}}}")
    arguments = [f'"{method}"', f"`{path}`"]
    if example.body is not None:
        arguments.append(_name(json.dumps(example.body), '"'))
    called = f"await call({', '.join(arguments)})"
    return _use(example, called, ";", "console.log({})", _KEEP_IN_JAVASCRIPT)


_KEEP_IN_PYTHON = 'open("{file}", "wb").write({called})'
_KEEP_IN_JAVASCRIPT = 'await writeFile("{file}", {called})'


def _use(example: Example, called: str, end: str, show: str, keep: str) -> str:
    """Return what is done with an answer: put aside, written into a file, or shown."""
    if example.file:
        return keep.format(file=example.file, called=called) + end
    if not example.keeps:
        return show.format(called) + end
    name, *fields = example.keeps
    picked = "".join(f'["{field}"]' for field in fields)
    called = f"({called})" if fields and end else called
    return f"{name} = {called}{picked}{end}\n{show.format(name)}{end}"


def _fill(path: str, form: str) -> str:
    """Return a path whose names are written as a language does it."""
    for name in _NAMES:
        path = path.replace(f"{{{name}}}", form.format(name))
    return path


def _name(body: str, quote: str) -> str:
    """Return a body in which names stand without quotation marks."""
    for name in _NAMES:
        body = body.replace(f"{quote}${name}{quote}", name)
    return body


def _quote(body: str) -> str:
    """Return a body in a shell's quotation marks; names stand outside of the single ones."""
    for name in _NAMES:
        body = body.replace(f"${name}", f"""'"${name}"'""")
    return f"'{body}'"


def write_start(start: str, address: str) -> str:
    """Return the block that is pasted first."""
    return start.format(address=address)


def write_all(method: str, example: Example, *, is_open: bool) -> dict[str, Any]:
    """Return an example in each language."""
    return {
        "curl": write_shell(method, example, is_open=is_open),
        "python": write_python(method, example),
        "javascript": write_javascript(method, example),
    }
