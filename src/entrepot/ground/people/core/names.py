"""Names in any script, single or several, made comparable."""

from __future__ import annotations

import unicodedata


def fold(text: str) -> str:
    """Lower case, without accents and doubled spaces; letters of every script are kept.

    >>> fold("  Nguyễn  Văn An "), fold("Đorđe"), fold("เจริญ") == fold("เจริญ")
    ('nguyen van an', 'đorđe', True)
    """
    # Twice, because taking a letter apart can bring out a capital (𝐀), and folding a capital something to take apart.
    plain = text
    for _ in range(2):
        plain = unicodedata.normalize("NFKD", plain).casefold()
    plain = unicodedata.normalize("NFKD", plain)
    # Only accents over Latin, Greek and Cyrillic letters are dropped: in Thai or Devanagari the marks are vowels.
    kept: list[str] = []
    for char in plain:
        if unicodedata.combining(char) and kept and ord(kept[-1]) < 0x0530 and not 0x0E00 <= ord(char) < 0x1000:
            continue
        kept.append(char)
    return " ".join(unicodedata.normalize("NFC", "".join(kept)).split())


def words(*names: str) -> set[str]:
    """The folded words of all the names a person has, for finding them by the beginning of any.

    >>> sorted(words("Suri", "Dorji Wen"))
    ['dorji', 'suri', 'wen']
    """
    return {word[:60] for name in names for word in fold(name).replace("-", " ").replace("’", " ").split() if word}


def sort_name(full_name: str, family_name: str = "") -> str:
    """What a list is ordered by: the family name first where the bearer has said which part it is, else the name as written.

    >>> sort_name("Ilan Voss", "Voss"), sort_name("Suri")
    ('voss ilan', 'suri')
    """
    folded, family = fold(full_name), fold(family_name)
    if family and family in folded:
        rest = " ".join(folded.replace(family, " ", 1).split())
        return f"{family} {rest}".strip()[:200]
    return folded[:200]
