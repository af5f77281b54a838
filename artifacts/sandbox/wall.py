"""A program of a few hundred bytes that takes a process its rights, and then becomes another one.

On AWS Lambda there are no namespaces and no tools, and Node.js' permission model leaves the network
open. What the kernel offers to everybody there is a filter of system calls, which no process can
take off again and which its children inherit. Node.js cannot install one, so this program does: it
sets limits, installs the filter, says that it stands, and runs what its arguments name. It is made
here, from tables that can be read, and needs no compiler.

The filter lists what is allowed: computing, memory, threads, reading, and writing to what is open.
Not on the list, and so answered with "no such call": sockets of every kind, new processes, signals
to others, shared memory, and whatever the kernel learns in the future. It fails closed: if a step
does not succeed, nothing is run.

Source: Linux, Documentation/userspace-api/seccomp_filter.rst; include/uapi/linux/filter.h;
arch/x86/entry/syscalls/syscall_64.tbl; the ELF and x86-64 psABI specifications.
"""

from __future__ import annotations

import struct

from artifacts.limits import MONITOR_CPU_S, MONITOR_MEMORY_BYTES, MONITOR_OPEN_FILES_MAX

# What the program says once nothing but running the other is left to do: see `watching.py`.
STARTED = b"\x00started\x00"
# The status with which it ends if a step did not succeed.
NOT_STARTED = 126

# By their numbers on x86-64, those that a process may use in any way.
_ALLOWED = {
    "read": 0, "write": 1, "close": 3, "stat": 4, "fstat": 5, "lstat": 6, "poll": 7, "lseek": 8,
    "mmap": 9, "mprotect": 10, "munmap": 11, "brk": 12, "rt_sigaction": 13, "rt_sigprocmask": 14,
    "rt_sigreturn": 15, "pread64": 17, "readv": 19, "writev": 20, "access": 21, "pipe": 22,
    "sched_yield": 24, "mremap": 25, "mincore": 27, "madvise": 28, "dup": 32, "dup2": 33,
    "nanosleep": 35, "getpid": 39, "shutdown": 48, "getsockname": 51, "getsockopt": 55,
    "execve": 59, "exit": 60, "uname": 63, "fcntl": 72, "getcwd": 79, "readlink": 89,
    "gettimeofday": 96, "getrlimit": 97, "getrusage": 98, "sysinfo": 99, "times": 100,
    "getuid": 102, "getgid": 104, "geteuid": 107, "getegid": 108, "getppid": 110, "getpgrp": 111,
    "sigaltstack": 131, "statfs": 137, "fstatfs": 138, "sched_getparam": 143,
    "sched_getscheduler": 145, "arch_prctl": 158, "gettid": 186, "time": 201, "futex": 202,
    "sched_getaffinity": 204, "getdents64": 217, "set_tid_address": 218, "restart_syscall": 219,
    "clock_gettime": 228, "clock_getres": 229, "clock_nanosleep": 230, "exit_group": 231,
    "epoll_wait": 232, "epoll_ctl": 233, "newfstatat": 262, "readlinkat": 267, "faccessat": 269,
    "ppoll": 271, "set_robust_list": 273, "epoll_pwait": 281, "eventfd2": 290,
    "epoll_create1": 291, "dup3": 292, "pipe2": 293, "preadv": 295, "getcpu": 309, "getrandom": 318,
    "membarrier": 324, "preadv2": 327, "pkey_mprotect": 329, "pkey_alloc": 330, "pkey_free": 331,
    "statx": 332, "rseq": 334,
}  # fmt: skip
_OPEN, _OPENAT, _IOCTL, _CLONE, _PRCTL, _PRLIMIT, _SETRLIMIT = 2, 257, 16, 56, 157, 302, 160
_WRITE, _EXECVE, _EXIT_GROUP = 1, 59, 231
# Of `ioctl`: what Node.js does with pipes, and asks of terminals.
_IOCTLS = {"FIONBIO": 0x5421, "FIOCLEX": 0x5451, "FIONCLEX": 0x5450, "TCGETS": 0x5401}
# Of `open`: for writing, for both, to create, to cut off.
_WRITES = 0o1 | 0o2 | 0o100 | 0o1000
_CLONE_THREAD = 0x0001_0000
_PR_SET_PDEATHSIG, _PR_SET_NAME, _PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS = 1, 15, 22, 38
_SECCOMP_MODE_FILTER = 2
_SIGKILL = 9

# The parts of an instruction of the filter, and where it finds what it judges.
_LOAD, _IF_EQUAL, _IF_GREATER_EQUAL, _IF_BITS, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER_AT, _ARCHITECTURE_AT, _ARGUMENTS_AT = 0, 4, 16
_X86_64 = 0xC000_003E
# Numbers from here on are those of another interface of the same kernel, x32.
_X32 = 0x4000_0000
_ALLOW, _KILL, _ERROR = 0x7FFF_0000, 0x8000_0000, 0x0005_0000
_NO_SUCH_CALL = _ERROR | 38
_FORBIDDEN = _ERROR | 13

# Of `setrlimit`: its number and the limit.
_LIMITS = {
    "address space": (9, MONITOR_MEMORY_BYTES),
    "seconds of a processor": (0, MONITOR_CPU_S),
    "bytes of a file": (1, 0),
    "bytes of a core": (4, 0),
    "open files": (7, MONITOR_OPEN_FILES_MAX),
}
_BASE = 0x40_0000
_HEADERS_BYTES = 64 + 56


def build_wall() -> bytes:
    """Return the program, an ELF file for Linux on x86-64.

    Its arguments are a command with arguments of its own, by the command's whole path; its output
    begins with `STARTED`.
    """
    # The code's length does not depend on the addresses in it.
    start = _HEADERS_BYTES + len(_code(dict.fromkeys(("filter", "started", *_LIMITS), 0)))
    data, places = b"", {}
    for name, content in _data().items():
        places[name] = _BASE + start + len(data)
        data += content
    rules = _filter()
    program = _BASE + start + len(data) + 16
    places["filter"] = program - 16
    data += struct.pack("<HxxxxxxQ", len(rules) // 8, program) + rules
    code = _code(places)
    size = _HEADERS_BYTES + len(code) + len(data)
    header = struct.pack(
        "<16sHHIQQQIHHHHHH",
        b"\x7fELF\x02\x01\x01", 2, 62, 1, _BASE + _HEADERS_BYTES, 64, 0, 0, 64, 56, 1, 0, 0, 0,
    )  # fmt: skip
    # One piece, which may be read and run, and not written to.
    piece = struct.pack("<IIQQQQQQ", 1, 5, 0, _BASE, _BASE, size, size, 0x1000)
    return header + piece + code + data


def _data() -> dict[str, bytes]:
    """Return what the code points at, by name."""
    limits = {name: struct.pack("<QQ", most, most) for name, (_, most) in _LIMITS.items()}
    return {**limits, "started": STARTED.ljust(16, b"\x00")}


def _code(places: dict[str, int]) -> bytes:
    """Return the instructions: each step, and the end after one that did not succeed."""
    steps = [
        # The kernel ends it with the thread that started it.
        _call(_PRCTL, _PR_SET_PDEATHSIG, _SIGKILL),
        *(_call(_SETRLIMIT, number, places[name]) for name, (number, _) in _LIMITS.items()),
        _call(_PRCTL, _PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0),
        _call(_PRCTL, _PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, places["filter"], 0, 0),
        _call(_WRITE, 1, places["started"], len(STARTED)),
        # mov rax, [rsp]; lea rsi, [rsp+16]; mov rdi, [rsi]; lea rdx, [rsp+rax*8+16]; mov eax, ...
        bytes.fromhex("488b0424 488d742410 488b3e 488d54c410") + b"\xb8" + _word(_EXECVE) + _ENTER,
    ]
    end = b"\xbf" + _word(NOT_STARTED) + b"\xb8" + _word(_EXIT_GROUP) + _ENTER
    code, left = b"", sum(len(step) + len(_IF_FAILED) for step in steps)
    for step in steps:
        left -= len(step) + len(_IF_FAILED)
        code += step + _IF_FAILED[:-4] + _word(left)
    return code + end


# syscall
_ENTER = b"\x0f\x05"
# test rax, rax; js to the end, whose distance is filled in
_IF_FAILED = bytes.fromhex("4885c0 0f88 00000000")
# mov edi, esi, edx, r10d, r8d
_REGISTERS = (b"\xbf", b"\xbe", b"\xba", b"\x41\xba", b"\x41\xb8")


def _call(number: int, *arguments: int) -> bytes:
    """Return the instructions of a system call whose arguments have 32 bits."""
    loads = (
        register + _word(value) for register, value in zip(_REGISTERS, arguments, strict=False)
    )
    return b"".join(loads) + b"\xb8" + _word(number) + _ENTER


def _word(value: int) -> bytes:
    return struct.pack("<I", value)


def _filter() -> bytes:
    """Return the filter, in instructions of the kernel's "classic BPF"."""
    rules = [
        _rule(_LOAD, _ARCHITECTURE_AT),
        _rule(_IF_EQUAL, _X86_64, yes=1),
        _rule(_RETURN, _KILL),
        _rule(_LOAD, _NUMBER_AT),
        _rule(_IF_GREATER_EQUAL, _X32, no=1),
        _rule(_RETURN, _KILL),
    ]
    for number in _ALLOWED.values():
        rules += [_rule(_IF_EQUAL, number, no=1), _rule(_RETURN, _ALLOW)]
    rules += _only_if_zero(_OPEN, 1, _WRITES)
    rules += _only_if_zero(_OPENAT, 2, _WRITES)
    # Limits may be asked for, and set for nobody: the third argument points at new ones.
    rules += _when(
        _PRLIMIT,
        _rule(_LOAD, _argument(2)),
        _rule(_IF_EQUAL, 0, no=3),
        _rule(_LOAD, _argument(2) + 4),
        _rule(_IF_EQUAL, 0, no=1),
        _rule(_RETURN, _ALLOW),
    )
    rules += _when(
        _CLONE, _rule(_LOAD, _argument(0)), _rule(_IF_BITS, _CLONE_THREAD, no=1),
        _rule(_RETURN, _ALLOW),
    )  # fmt: skip
    rules += _when(
        _PRCTL, _rule(_LOAD, _argument(0)), _rule(_IF_EQUAL, _PR_SET_NAME, no=1),
        _rule(_RETURN, _ALLOW),
    )  # fmt: skip
    asked = [
        rule
        for number in _IOCTLS.values()
        for rule in (_rule(_IF_EQUAL, number, no=1), _rule(_RETURN, _ALLOW))
    ]
    rules += _when(_IOCTL, _rule(_LOAD, _argument(1)), *asked)
    return b"".join([*rules, _rule(_RETURN, _NO_SUCH_CALL)])


def _only_if_zero(number: int, argument: int, bits: int) -> list[bytes]:
    """Return the rules that allow a call in which none of some bits of an argument is set."""
    return _when(
        number,
        _rule(_LOAD, _argument(argument)),
        _rule(_IF_BITS, bits, yes=1),
        _rule(_RETURN, _ALLOW),
    )


def _when(number: int, *rules: bytes) -> list[bytes]:
    """Return rules for one call; if none of them allows it, it is forbidden."""
    return [_rule(_IF_EQUAL, number, no=len(rules) + 1), *rules, _rule(_RETURN, _FORBIDDEN)]


def _argument(number: int) -> int:
    """Return where the lower half of an argument lies."""
    return _ARGUMENTS_AT + 8 * number


def _rule(code: int, value: int, *, yes: int = 0, no: int = 0) -> bytes:
    """Return an instruction; `yes` and `no` say how many are passed over."""
    return struct.pack("<HBBI", code, yes, no, value)
