"""How much of each limit on failures is used up."""

from __future__ import annotations

from django.db import models


class Level(models.Model):
    """How full one bucket was, and when. A machine store outside the journal.

    `key` is a keyed digest of the limit's name and of what is counted: neither an account nor an address can be read from it. For example,
    three wrong passwords for one account leave a row with level 3, which is as good as none five minutes later.
    """

    key = models.CharField(max_length=64, primary_key=True)
    level = models.FloatField(default=0)
    at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.key
