"""`entrepot lrs …`: keys, checks, and moving statements in and out."""

from __future__ import annotations

import argparse
import sys
from typing import Any


def add(commands: Any) -> None:
    """Add the command and its parts."""
    lrs = commands.add_parser("lrs", help="the xAPI record store: keys, checks, import, export, relays")
    parts = lrs.add_subparsers(dest="part", required=True, metavar="PART")
    key = parts.add_parser("key", help="give a client a key; prints endpoint, key and secret once")
    key.add_argument("--name", required=True, help="which client it is for")
    key.add_argument("--place", default="", help="code of the Member, office or centre (default: the region)")
    key.add_argument("--region", default="", help="code of the region, where several have that place")
    key.add_argument("--scope", action="append", default=[], metavar="SCOPE", help="what it may do, again and again (default: all)")
    key.add_argument("--endpoint", default="", help="address that clients see (default: the first of ENTREPOT_ORIGINS)")
    key.set_defaults(run=_key)


def _key(options: argparse.Namespace) -> int:
    from entrepot.ground.region.api import find, regions
    from entrepot.ground.work.api import now
    from entrepot.kernel.errors import DomainError
    from entrepot.kernel.principals import SYSTEM

    from .actions.keys import make_key
    from .queries import site

    try:
        place = find(options.place, region=f"{options.region}/" if options.region else "") if options.place else regions()[0]
        issued = make_key(by=SYSTEM, at=now(), place=place, name=options.name, scopes=options.scope or ["all"])
    except (DomainError, IndexError) as error:
        print(error, file=sys.stderr)
        return 2
    print(f"endpoint  {(options.endpoint or site()).rstrip('/')}/xapi\nkey       {issued.key.key}\nsecret    {issued.secret}")
    return 0
