"""The door of `notices`."""

from .actions import File, bounced, mark_read, notify, unsubscribe, wish
from .kinds import introduce, kind_of, kinds
from .queries import mail_late_by, outbox, unread, wishes_of, zone_of
from .rules import notice_rules, wishes_rules

__all__ = [
    "File",
    "bounced",
    "introduce",
    "kind_of",
    "kinds",
    "mail_late_by",
    "mark_read",
    "notice_rules",
    "notify",
    "outbox",
    "unread",
    "unsubscribe",
    "wish",
    "wishes_of",
    "wishes_rules",
    "zone_of",
]
