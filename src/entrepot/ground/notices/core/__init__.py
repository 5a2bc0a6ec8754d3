"""When a mail may go out: quiet hours, and how long to wait after a failure. Usable with no Django and no database."""

from .times import DELAYS, after_failure, after_quiet

__all__ = ["DELAYS", "after_failure", "after_quiet"]
