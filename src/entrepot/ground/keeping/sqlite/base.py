"""The connection: a transaction begins once it has its turn, and ends it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.db.backends.sqlite3 import base
from django.db.utils import DatabaseError, OperationalError

from .turns import Turns, turns_at


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection whose transactions (all of them take SQLite's lock at once: `transaction_mode` in the settings) wait in line.

    What is written outside a transaction waits as SQLite does, and so does whoever else has the file open; SQLite's own lock stays what
    keeps the data sound.
    """

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self._turn: Turns | None = None
        self._path: Path | None = None

    def get_new_connection(self, conn_params: Any) -> Any:
        """As Django's; which file it is, links followed, is found once for a connection: that takes as long as a small write."""
        self._path = None if self.is_in_memory_db() else Path(self.settings_dict["NAME"]).resolve()
        return super().get_new_connection(conn_params)

    def _start_transaction_under_autocommit(self) -> None:
        if self._path is not None and self._turn is None:
            turn = turns_at(self._path)
            if not turn.take(self.settings_dict["OPTIONS"].get("timeout", 5)):
                msg = "database is locked"
                raise OperationalError(msg)
            self._turn = turn
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except BaseException:
            self._leave()
            raise

    def _leave(self) -> None:
        turn, self._turn = self._turn, None
        if turn is not None:
            turn.leave()

    def _commit(self) -> None:
        try:
            super()._commit()  # type: ignore[misc]
        except DatabaseError:  # a rollback follows
            raise
        except BaseException:  # none does: Django leaves the transaction as it is
            self.close()
            raise
        self._leave()

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]
        finally:
            self._leave()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]
        finally:
            self._leave()
