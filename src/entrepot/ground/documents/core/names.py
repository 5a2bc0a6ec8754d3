"""File names as people write them, in any script, without what deceives or escapes."""

from __future__ import annotations

import unicodedata

from entrepot.kernel.errors import Invalid
from entrepot.kernel.texts import gettext_noop

LONGEST = 150
# Marks that turn the direction of what follows: "gpj.exe" can be made to look like "exe.jpg" with them.
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")


def fit_name(given: str) -> str:
    """The name under which a file is kept: its last part, composed (NFC), at most 150 characters with its ending whole.

    >>> fit_name("C:\\\\Users\\\\Ana\\\\ใบสมัคร.pdf")
    'ใบสมัคร.pdf'
    >>> fit_name("../../etc/passwd.txt")
    'passwd.txt'

    Raises `Invalid` for a name that holds control characters or marks that hide its ending, or of which nothing is left.
    """
    name = unicodedata.normalize("NFC", given).replace("\\", "/").rsplit("/", 1)[-1].strip().strip(".").strip()
    if any(unicodedata.category(letter) in {"Cc", "Cs", "Zl", "Zp"} or letter in _TURNING for letter in name):
        raise Invalid({"file": gettext_noop("The file’s name holds characters that cannot be seen. Rename the file and choose it again.")})
    if not name:
        raise Invalid({"file": gettext_noop("The file has no name. Give it one and choose it again.")})
    stem, dot, ending = name.rpartition(".")
    if len(name) <= LONGEST:
        return name
    return f"{stem[: LONGEST - len(ending) - 1]}.{ending}" if dot and len(ending) < 10 else name[:LONGEST]
