"""Papers as files: PDF by Typst (tagged, with fonts of our own for every script of the region), and Word.

Fonts: Noto, SIL Open Font License 1.1 (fonts/OFL.txt). Not for pages: those are templates (`shell/_paper.html` shows a paper in one).
"""

from .files import as_file, forget_prints, made_once
from .pdf import to_pdf
from .word import to_word

__all__ = ["as_file", "forget_prints", "made_once", "to_pdf", "to_word"]
