"""What a key may do, what documents there are, and which way statements travel."""

from enum import IntEnum, StrEnum


class Scope(StrEnum):
    """What a key was issued for. The names are those of the xAPI specification; `all` stands for every one of them."""

    WRITE = "statements/write"
    READ = "statements/read"
    READ_MINE = "statements/read/mine"
    STATE = "state"
    DEFINE = "define"
    PROFILE = "profile"
    ALL_READ = "all/read"
    ALL = "all"


LATEST = {1: "1.0.3", 2: "2.0.0"}
"""Of each edition of xAPI the latest version that is spoken here."""


class DocumentKind(StrEnum):
    """The three document resources."""

    STATE = "state"
    ACTIVITY_PROFILE = "activity"
    AGENT_PROFILE = "agent"


class Role(IntEnum):
    """In which part a key stands in a statement, where the statement's own columns do not say it."""

    AGENT = 1
    RELATED_AGENT = 2
    ACTIVITY = 3
    RELATED_ACTIVITY = 4
    VERB = 5
    REGISTRATION = 6
    ATTACHMENT = 7
    AUTHORITY = 8
    """The client (not an agent's key, as that follows the installation's address) that brought what a statement refers to."""


class Direction(StrEnum):
    """Which way a relay carries statements."""

    FORWARD = "forward"
    PULL = "pull"
