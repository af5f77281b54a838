"""What an artifact may be called (contract: ArtifactName)."""

from artifacts.exceptions import InvalidName
from artifacts.limits import NAME_MAX_CHARS
from artifacts.rules.letters import JOINERS, fault_of_letters

# The name that stands for every artifact in a query.
RESERVED_NAME = "*"


def check_name(name: str) -> str:
    """Return the name, exactly as it came.

    Raises:
        InvalidName: it is empty, reserved, too long, or holds characters that cannot be typed or
            shown: control characters would forge log lines, lone surrogates cannot be stored, and
            what is not seen makes two names look alike.
    """
    if not name.strip():
        raise InvalidName("The name is empty. Leave it out to use the last part of the url.")
    if name == RESERVED_NAME:
        raise InvalidName("The name '*' is reserved: in a query it stands for every artifact.")
    if len(name) > NAME_MAX_CHARS:
        raise InvalidName(
            f"The name has {len(name)} characters; the longest allowed has {NAME_MAX_CHARS}."
        )
    if fault := fault_of_letters(name):
        raise InvalidName(f"The name {fault}. Remove them.")
    if not "".join(each for each in name if each not in JOINERS).isprintable():
        raise InvalidName("The name holds characters that cannot be typed or shown. Remove them.")
    return name
