"""What is wrong with a statement, and where."""

from __future__ import annotations


class Fault(ValueError):
    """One thing that is wrong: `path` leads to it from the statement down (`context.registration`, `attachments[0].sha2`).

    A checker raises it with the path from its own value; each level above puts its part in front, so that a sound statement pays nothing.
    """

    def __init__(self, message: str, path: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.path = path

    def under(self, name: str) -> Fault:
        """The same fault, seen from one level above."""
        joint = "" if not self.path or self.path.startswith("[") else "."
        self.path = f"{name}{joint}{self.path}"
        return self

    def __str__(self) -> str:
        return f"{self.path or 'statement'}: {self.message}"
