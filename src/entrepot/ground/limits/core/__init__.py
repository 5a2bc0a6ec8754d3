"""Rates and the level of a bucket; which of several addresses is the client's. No database, no clock."""

from .addresses import Network, client_of, is_among, networks, site, whole
from .rates import Rate, Throttle, read_rates

__all__ = ["Network", "Rate", "Throttle", "client_of", "is_among", "networks", "read_rates", "site", "whole"]
