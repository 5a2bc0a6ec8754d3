"""What people do with practices: write, clear, review, publish, use, ask; and what centres tell before a meeting."""

from .asking import answer, ask
from .drafting import attach, clear_translation, detach, draft, edit, translate
from .moving import clear, publish, renew, reopen, retire, withdraw
from .reviewing import ask_review, review
from .rounds import open_round, promote, remind, tell
from .using import adopt

__all__ = [
    "adopt",
    "answer",
    "ask",
    "ask_review",
    "attach",
    "clear",
    "clear_translation",
    "detach",
    "draft",
    "edit",
    "open_round",
    "promote",
    "publish",
    "remind",
    "renew",
    "reopen",
    "retire",
    "review",
    "tell",
    "translate",
    "withdraw",
]
