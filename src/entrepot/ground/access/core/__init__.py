"""Where secrets stand in addresses, and how they are kept out of what is logged. No database, no Django."""

from .secrets import MaskedFormatter, is_uuid, masked, masked_record, secret_in

__all__ = ["MaskedFormatter", "is_uuid", "masked", "masked_record", "secret_in"]
