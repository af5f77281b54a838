"""Hostile programs by what they try.

Each ends with `breach()` once it has got what it wanted, which exits with 0 and says so; otherwise
it throws, is ended, or leaves with another status. `SECRET` is what the registry's process has in
its environment, `PORT` where it listens, `PID` what it is, and `ABSTRACT` a socket without a file.
"""

BREACH = "the wall has a hole"
_HEAD = f"""
const breach = what => {{ console.log({BREACH!r}, what); process.exit(0) }};
const fs = require("fs"), net = require("net");
const late = () => setTimeout(() => process.exit(9), 2000);
"""
_PROGRAMS = {
    # Files.
    "reads a file": 'breach(fs.readFileSync("/etc/passwd", "utf8"))',
    "lists the root": 'breach(fs.readdirSync("/"))',
    "lists the libraries": 'breach(fs.readdirSync("/usr/lib"))',
    "reads the environment of a process": 'breach(fs.readFileSync("/proc/1/environ"))',
    "reads beside the zip": 'breach(fs.readFileSync("/model.zip/../etc/hostname"))',
    "reads by a path of bytes": 'breach(fs.readFileSync(Buffer.from("/etc/passwd")))',
    "reads by an address": 'breach(fs.readFileSync(new URL("file:///etc/passwd")))',
    "reads by promises": 'fs.promises.readFile("/etc/passwd").then(breach)',
    "reads by a descriptor of its process": 'breach(fs.readdirSync("/proc/self/fd"))',
    "loads a file as code": 'breach(require("/usr/lib/os-release"))',
    "imports a file as code": 'import("file:///etc/passwd").then(breach)',
    "writes into its home": 'fs.writeFileSync("/home/x", "x"); breach()',
    "overwrites the zip": 'fs.writeFileSync("/model.zip", "x"); breach()',
    "appends to the zip": 'fs.openSync("/model.zip", "a"); breach()',
    "removes the zip": 'fs.unlinkSync("/model.zip"); breach()',
    "changes itself": 'fs.writeFileSync("/program.js", ""); breach()',
    "links by name": 'fs.symlinkSync("/etc/passwd", "/home/l"); breach()',
    "links for good": 'fs.linkSync("/model.zip", "/home/l"); breach()',
    "keeps a database": 'new (require("node:sqlite").DatabaseSync)("/home/d"); breach()',
    "writes a report": 'if (process.report.writeReport("/home/r")) breach()',
    "writes its heap": 'require("v8").writeHeapSnapshot("/home/h"); breach()',
    # The environment.
    "looks for secrets": "if (JSON.stringify(process.env).includes(SECRET)) breach(); "
    "process.exit(9)",
    # The network.
    "connects to this machine": 'net.connect(PORT, "127.0.0.1", breach)',
    "fetches from this machine": "fetch(`http://127.0.0.1:${PORT}/`).then(breach)",
    "asks for a name": 'require("dns").promises.resolve4("example.org").then(breach)',
    "sends a datagram": 'const s = require("dgram").createSocket("udp4"); '
    's.send("x", PORT, "127.0.0.1", e => e ? process.exit(9) : breach())',
    "connects to a socket without a file": "net.connect({path: ABSTRACT}, breach)",
    # Processes and code of its own.
    "starts a shell": 'breach(require("child_process").execSync("id"))',
    "forks for ever": 'for (;;) require("child_process").fork("/program.js")',
    "forks by a cluster": 'require("cluster").fork(); breach()',
    "starts a worker": 'new (require("worker_threads").Worker)("0", {eval: true}); breach()',
    "kills the registry": "process.kill(PID, 9); breach()",
    "loads native code": 'process.dlopen({exports: {}}, "/usr/lib/os-release"); breach()',
    "takes an inner binding": 'breach(process.binding("spawn_sync").spawn)',
    "takes a linked binding": 'breach(process._linkedBinding("fs"))',
    "opens the inspector": 'require("inspector").open(0); breach()',
    "runs a WASI": 'new (require("wasi").WASI)({version: "preview1", '
    'preopens: {"/": "/"}}); breach()',
    "becomes another user": "process.setgroups([0]); process.setuid(1); breach()",
    # Time.
    "never ends": "for (;;);",
    "never ends its promises": "const f = () => Promise.resolve().then(f); f()",
    "sleeps": "setInterval(() => {}, 1000)",
    "waits for nobody": "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)",
    "matches for ever": '/^(a+)+$/.test("a".repeat(60) + "!")',
    "ends the watch and goes on": "fs.closeSync(1); fs.closeSync(2); setTimeout(() => 0, 60000)",
    # Memory and output.
    "fills its heap": 'const a = []; for (;;) a.push(new Array(1e6).fill("x"))',
    "fills buffers": "const a = []; for (;;) a.push(Buffer.alloc(1e8, 1))",
    "grows its memory": "const m = new WebAssembly.Memory({initial: 1, maximum: 65536}); "
    "for (let n = 0; n < 65535; n += 5) m.grow(5); breach()",
    "floods the output": 'const x = "x".repeat(65000); for (;;) fs.writeSync(1, x)',
    "floods the errors": 'const x = "x".repeat(65000); for (;;) fs.writeSync(2, x)',
}  # fmt: skip


def hostile_programs(*, secret: str, port: int, pid: int, abstract: str) -> dict[str, str]:
    """The programs, aimed at a process."""
    aimed = (
        f"const SECRET = {secret!r}, PORT = {port}, PID = {pid}, ABSTRACT = '\\0' + {abstract!r};"
    )
    return {name: f"{_HEAD}{aimed}\n{each}" for name, each in _PROGRAMS.items()}


NAMES = tuple(_PROGRAMS)
# Honest ones: the program, its exit status, and what its output holds. The zip holds `config.json`.
HONEST = {
    "says nothing": ("", 0, ""),
    "refuses everybody": ('console.error("Ask Ada first."); process.exit(3)', 3, "Ask Ada first."),
    "knows three people": (
        ('const [, , model, uploader, downloader] = process.argv;\n'
        'if (!["ada", uploader].includes(downloader)) { console.log(`not ${downloader}`); '
        "process.exit(1) }\nconsole.log(model)"),
        1,
        "not mallory",
    ),
    "reads the zip": (
        ('const fs = require("node:fs");\nconst zip = fs.readFileSync(process.argv[5]);\n'
        'if (zip.readUInt32LE(0) !== 0x04034b50) throw new Error("no zip");\n'
        'console.log(zip.includes("config.json") ? "a config" : "no config")'),
        0,
        "a config",
    ),
    "is a module and waits": (
        ('import { createHash } from "node:crypto";\nimport { open } from "node:fs/promises";\n'
        "const hash = createHash('sha256'), file = await open(process.argv[5]);\n"
        "for await (const chunk of file.createReadStream()) hash.update(chunk);\n"
        'console.log(hash.digest("hex"))'),
        0,
        "",
    ),
    "looks at the clock": (
        ("const hour = new Date().getUTCHours();\n"
        'console.log(hour >= 0 && hour < 24 ? "open" : "closed")'),
        0,
        "open",
    ),
    "fails": ('JSON.parse("{")', 1, "SyntaxError"),
}  # fmt: skip
