"""E-mail addresses in the one spelling under which they are kept, looked up and signed in with."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

LONGEST = 254
_ATOM = r"[-!#$%&'*+/=?^_`{}|~0-9a-z]+"
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_ADDRESS = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@(?:{_LABEL}\.)+(?:[a-z]{{2,63}}|xn--[a-z0-9-]{{0,58}}[a-z0-9])")
"""What is kept: no name between quotation marks, no bare number of a machine. Real mailboxes have neither."""


def plain_address(text: str) -> str:
    """The address in one spelling: small letters, nothing that cannot be seen, a domain of any script as the mail system writes it.

    >>> plain_address(" Pele.A@Customs.EXAMPLE"), plain_address("ana@\u200bcustoms.example"), plain_address("ana@münchen.example")
    ('pele.a@customs.example', 'ana@customs.example', 'ana@xn--mnchen-3ya.example')

    Two texts with one result reach one mailbox, as nearly as can be said without asking its mail server. Raises `ValueError` for what is
    no address.
    """
    seen = "".join(char for char in unicodedata.normalize("NFKC", text[:1000]) if unicodedata.category(char) != "Cf")
    name, _, domain = seen.strip().lower().rpartition("@")
    plain = f"{name}@{domain.encode('idna').decode('ascii')}"  # UnicodeError is a ValueError
    if len(plain) > LONGEST or not _ADDRESS.fullmatch(plain):
        raise ValueError(text)
    return plain


def plain_addresses(texts: Iterable[str]) -> list[str]:
    """The addresses in one spelling, each once. What is none stays as it was typed: nobody has it, and it can be shown.

    >>> plain_addresses([" Pele@customs.example ", "pele@customs.example", "", "Pele"])
    ['pele@customs.example', 'Pele']
    """
    found: dict[str, None] = {}
    for text in texts:
        try:
            found[plain_address(text)] = None
        except ValueError:
            found[text.strip()] = None
    found.pop("", None)
    return list(found)
