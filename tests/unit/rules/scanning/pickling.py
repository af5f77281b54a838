"""Pickles made by hand, opcode by opcode: none is ever loaded, here or elsewhere."""

import io
import pickle
import struct
import zipfile

from artifacts.rules.scanning.scan import scan_file

COMMAND = b"X\x04\x00\x00\x00true"


def scan(name: str, data: bytes) -> dict[str, str]:
    """Return what is found in a file: name of the global, or the sentence -> verdict."""
    found = scan_file(name, io.BytesIO(data), len(data))
    return {each.name or each.sentence: each.verdict.value for each in found}


def verdict(name: str, data: bytes) -> str:
    """Return the gravest verdict on a file."""
    found = scan_file(name, io.BytesIO(data), len(data))
    return found[0].verdict.value if found else "clean"


def calling(module: str, name: str, protocol: int = 2) -> bytes:
    """Return a pickle that calls a global with a text when it is loaded."""
    if protocol == 0:
        return f"c{module}\n{name}\n(Vtrue\ntR.".encode()
    if protocol < 4:
        return b"\x80" + bytes([protocol]) + f"c{module}\n{name}\n".encode() + COMMAND + b"\x85R."
    body = short(module) + short(name) + b"\x93" + COMMAND + b"\x85R."
    return b"\x80" + bytes([protocol]) + body


def short(text: str) -> bytes:
    """Return the opcode that pushes a short text."""
    raw = text.encode()
    return b"\x8c" + bytes([len(raw)]) + raw


def zipped(members: dict[str, bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    """Return a zip."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return made.getvalue()


def torch_zip(pickled: bytes, method: int = zipfile.ZIP_STORED) -> bytes:
    """Return a zip as `torch.save` writes it."""
    return zipped(
        {
            "archive/data.pkl": pickled,
            "archive/byteorder": b"little",
            "archive/data/0": struct.pack("<4f", 1, 2, 3, 4),
            "archive/version": b"3\n",
        },
        method,
    )


def state_dict(names: int = 2) -> bytes:
    """Return the pickle of a state dict, with the globals that PyTorch writes."""
    made = b"\x80\x02ccollections\nOrderedDict\nq\x00)Rq\x01("
    for number in range(names):
        made += short_2(f"layer.{number}.weight")
        made += b"ctorch._utils\n_rebuild_tensor_v2\n(("
        made += short_2("storage") + b"ctorch\nFloatStorage\n" + short_2(str(number))
        made += short_2("cpu") + b"K\x04tQK\x00K\x02K\x02\x86K\x02K\x01\x86\x89"
        made += b"ccollections\nOrderedDict\n)RtR"
    return made + b"u."


def subclassed() -> bytes:
    """Return the pickle of a tensor of a class of PyTorch's own, as PyTorch writes it."""
    tensor = state_dict(1).partition(b"_rebuild_tensor_v2\n")[2][:-3]
    return (
        b"\x80\x02ctorch._tensor\n_rebuild_from_type_v2\nq\x00(ctorch._utils\n_rebuild_tensor_v2\n"
        b"ctorch.nn.parameter\nBuffer\n" + tensor + b"}tq\x01Rq\x02."
    )


def short_2(text: str) -> bytes:
    """Return the opcode of protocol 2 that pushes a text."""
    raw = text.encode()
    return b"X" + struct.pack("<I", len(raw)) + raw


def legacy_torch(pickled: bytes) -> bytes:
    """Return a file as `torch.save` wrote it before it wrote zips: five pickles and the numbers."""
    parts = [0x1950A86A20F9469CFC6C, 1001, {"little_endian": True}]
    head = b"".join(pickle.dumps(each, 2) for each in parts)
    return head + pickled + pickle.dumps(["0"], 2) + struct.pack("<q4f", 4, 1, 2, 3, 4)
