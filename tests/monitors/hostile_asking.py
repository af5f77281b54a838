"""Hostile programs that may ask some hosts, by what they try with that.

As in `hostile.py`, `breach()` is what one says that got what it wanted. `tell` writes a line into
the wire itself, past the registry's `fetch`.
"""

from tests.monitors.hostile import BREACH
from tests.monitors.network import INSIDE, METADATA, UNKNOWN_PORT

# What the operator allows: of these only the first leads where it may.
ALLOWED = (
    "policy.example.com:443",
    f"policy.example.com:{UNKNOWN_PORT}",
    "impostor.example.com:443",
    "metadata.example.com:443",
    "mixed.example.com:443",
    "loop.example.com:443",
    f"{METADATA}:443",
    "nowhere.example.com:443",
)
_HEAD = f"""
const breach = what => {{ console.log({BREACH!r}, what); process.exit(0) }};
const fs = require("fs"), net = require("net");
const POLICY = "https://policy.example.com";
const end = () => process.exit(9);
const fail = error => {{ console.log(error.message); end(); }};
const reach = (url, init) => fetch(url, init).then(a => a.text()).then(breach, fail);
const send = text => {{
  for (let at = 0; at < text.length;)
    try {{ at += fs.writeSync(3, text.slice(at)) }}
    catch (error) {{
      if (["EPIPE", "ECONNRESET"].includes(error.code)) fail({{ message: "nobody reads it" }});
      if (error.code !== "EAGAIN") throw error;
    }}
}};
const whole = {{ id: 1, url: POLICY + "/nothing", method: "GET", headers: [], body: "" }};
const frame = changes => JSON.stringify({{ ...whole, ...changes }}) + "\\n";
const tell = changes => {{
  const wire = new net.Socket({{ fd: 3, readable: true, writable: true }});
  wire.on("data", data => {{
    const told = JSON.parse(data);
    told.status ? breach(told) : fail({{ message: told.error }});
  }});
  wire.on("error", end).on("close", end);
  wire.write(frame(changes));
}};
"""
# By name: the program, and what it is told, if it is told anything.
_ASKS: dict[str, tuple[str, str]] = {
    "another host": (
        'reach("https://other.example.com/nothing")',
        "may not speak to other.example.com:443",
    ),
    "another port": ('reach(POLICY + ":8443/nothing")', "may not speak to policy.example.com:8443"),
    "an address for its name": (f'reach("https://{INSIDE}/nothing")', "may not speak to"),
    "a name with a dot behind": (
        'reach("https://policy.example.com./nothing")',
        "may not speak to",
    ),
    "without TLS": ('reach("http://policy.example.com:443/nothing")', "Only https"),
    "a file": ('reach("file:///etc/passwd")', "Only https"),
    "data": ('reach("data:,x")', "Only https"),
    "a name and password": (
        'tell({ url: "https://u:p@policy.example.com/nothing" })',
        "name or password",
    ),
    "a host behind a name": (
        'tell({ url: "https://policy.example.com@other.example.com/" })',
        "name or password",
    ),
    "a host behind a sign": (
        r'reach("https://other.example.com\\@policy.example.com/nothing")',
        "may not speak to other",
    ),
    "what is no address": ('tell({ url: "https://[" })', "no address"),
    "where clouds keep credentials": (f'reach("https://{METADATA}/nothing")', "is refused"),
    "the same, as a number": ('reach("https://2852039166/nothing")', "is refused"),
    "a name that leads there": ('reach("https://metadata.example.com/nothing")', "is refused"),
    "a name that leads there as well": ('reach("https://mixed.example.com/nothing")', "is refused"),
    "a name that leads to this machine": (
        'reach("https://loop.example.com/nothing")',
        "is refused",
    ),
    "a name that leads nowhere": ('reach("https://nowhere.example.com/")', "ENOTFOUND"),
    "a name that is not certified": (
        'reach("https://impostor.example.com/nothing")',
        "ALTNAME_INVALID",
    ),
    "an unknown authority": (f'reach(POLICY + ":{UNKNOWN_PORT}/nothing")', "UNABLE_TO_VERIFY"),
    "without certificates": (
        f'process.env.NODE_TLS_REJECT_UNAUTHORIZED = "0"; reach(POLICY + ":{UNKNOWN_PORT}/")',
        "UNABLE_TO_VERIFY",
    ),
    "by a redirect": (
        (
            'const follow = a => a.status === 302 ? reach(a.headers.get("location")) : breach();\n'
            'fetch(POLICY + "/elsewhere").then(follow, fail)'
        ),
        "may not speak to other",
    ),
    "by another method": ('reach(POLICY, { method: "DELETE" })', "Only GET, HEAD, POST, PUT"),
    "by a tunnel": ('tell({ method: "CONNECT" })', "Only GET, HEAD, POST, PUT"),
    "for another host of the same server": (
        'tell({ headers: [["Host", "other.example.com"]] })',
        "header Host",
    ),
    "two requests in one": (
        'tell({ headers: [["Content-Length", "0"]], body: "AAAA" })',
        "header Content-Length",
    ),
    "two requests by a line break": (
        'tell({ headers: [["x", "y\\r\\n\\r\\nGET /nothing HTTP/1.1"]] })',
        "ERR_INVALID_CHAR",
    ),
    "two requests by its method": (
        'tell({ method: "GET / HTTP/1.1\\r\\nx: GET" })',
        "Only GET, HEAD, POST, PUT",
    ),
    "as a proxy's client": (
        'tell({ headers: [["Proxy-Authorization", "Basic x"]] })',
        "header Proxy-Auth",
    ),
    "with much": (
        'reach(POLICY, { method: "POST", body: "x".repeat(65537) })',
        "at most 65536 bytes",
    ),
    "for what is long": ('reach(POLICY + "/long")', "more than 262144 bytes"),
    "for what never ends": ('reach(POLICY + "/endless")', "more than 262144 bytes"),
    "for what drips": ('reach(POLICY + "/drip")', "within 5 s"),
    "for what is slow": ('reach(POLICY + "/slow")', "within 5 s"),
    "for what has an odd status": ('reach(POLICY + "/odd")', "status 999"),
    "in a flood": (
        (
            'const asked = Array.from({ length: 10000 }, () => fetch(POLICY + "/nothing"));\n'
            "Promise.allSettled(asked).then(all => {\n"
            '  const got = all.filter(each => each.status === "fulfilled").length;\n'
            "  const last = all.at(-1).reason?.message;\n"
            "  got > 20 ? breach(got) : fail({ message: `${got}: ${last}` });\n"
            "})"
        ),
        "20: A program may make 20 requests.",
    ),
    # More than all buffers on the way hold would mean that somebody keeps it.
    "in a flood without listening": (
        (
            'const many = frame({ url: "https://x.example" }).repeat(500);\n'
            "const ends = Date.now() + 3000;\n"
            "for (let sent = 0; Date.now() < ends; sent += many.length) {\n"
            "  if (sent > 8e6) breach(sent);\n"
            "  for (let at = 0; at < many.length && Date.now() < ends;)\n"
            "    try { at += fs.writeSync(3, many.slice(at)) } catch {}\n"
            "}\n"
            "end()"
        ),
        "",
    ),
    "by a line without an end": (
        'const x = "x".repeat(60000); for (;;) send(x)',
        "nobody reads it",
    ),
    "by half a line": ("send(frame({}).slice(0, 40)); end()", ""),
    "by noise": (
        'send(require("crypto").randomBytes(5000).toString("latin1") + "\\n");\nreach(POLICY)',
        "no more requests",
    ),
    "by a line of another form": ('send("[1]\\n"); reach(POLICY)', "no more requests"),
    "by a number that is none": ("send(frame({ id: 1.5 })); reach(POLICY)", "no more requests"),
    "by deep nesting": ('send("[".repeat(100000) + "\\n"); reach(POLICY)', "no more requests"),
    "by a prototype": (
        """send('{"__proto__": {"id": 1}}\\n'); reach(POLICY)""",
        "no more requests",
    ),
    "on every descriptor": (
        'for (let fd = 3; fd < 64; fd++) try { fs.writeSync(fd, "x\\n") } catch {}\nreach(POLICY)',
        "",
    ),
    "after closing the wire": ("fs.closeSync(3); reach(POLICY)", ""),
    "by a socket of its own": (f'net.connect(443, "{INSIDE}", breach).on("error", fail)', ""),
    "by Node.js' own client": (
        'require("https").get(POLICY + "/nothing", breach).on("error", fail)',
        "",
    ),
    "by a name of its own": (
        'require("dns").promises.resolve4("policy.example.com").then(breach, fail)',
        "",
    ),
}
HOSTILE = {name: (f"{_HEAD}\n{program}", words) for name, (program, words) in _ASKS.items()}
