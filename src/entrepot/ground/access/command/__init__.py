"""`entrepot person …`: what the installation's operator does for people for whom nobody else may act, the first administrator before all.

Everything is done as the system itself, by the same actions as on the pages, and journaled as such.
"""

from __future__ import annotations

import argparse
import importlib
from datetime import date
from typing import Any

from entrepot.kernel.roles import Role

EXAMPLES = """examples:
  entrepot person register --home RO --name "Ana Silva" --email ana@office.example
  entrepot person give ana@office.example --role regional_admin --place RO
  entrepot person invite ana@office.example          prints the link by which she chooses a password
  entrepot person second-step ana@office.example     takes a lost app, passkeys and recovery codes away
"""


def add(commands: Any) -> None:
    """Add the command and its parts."""
    person = commands.add_parser(
        "person",
        help="act for people as the operator: register, give and end roles, addresses, invitations, a lost second step",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parts = person.add_subparsers(dest="part", required=True, metavar="PART")
    register = _part(parts, "register", "register someone; prints their identifier", who=False)
    for name in ("home", "name"):
        register.add_argument(f"--{name}", required=True)
    register.add_argument("--email", default="")
    for name, words in (("give", "give a role"), ("end", "let a role end")):
        part = _part(parts, name, words)
        part.add_argument("--role", required=True, type=Role, choices=list(Role), metavar="ROLE", help=", ".join(Role))
        part.add_argument("--place", required=True, help="code of the place")
        if name == "give":
            part.add_argument("--from", dest="from_on", type=date.fromisoformat, help="first day (default: today)")
            part.add_argument("--until", dest="to_on", type=date.fromisoformat, help="first day without it (default: no end)")
        else:
            part.add_argument("--on", dest="to_on", type=date.fromisoformat, help="first day without it (default: today)")
    address = _part(parts, "address", "change the e-mail that signs in, or the contact address")
    address.add_argument("--email", help="empty: none")
    address.add_argument("--contact", dest="contact_email", help="empty: none")
    _part(parts, "invite", "print a link by which someone who cannot sign in yet chooses a password")
    _part(parts, "second-step", "take app, passkeys and recovery codes away from someone who has lost them")


def _part(parts: Any, name: str, words: str, *, who: bool = True) -> Any:
    part = parts.add_parser(name, help=words)
    if who:
        part.add_argument("who", help="identifier or e-mail")
    part.add_argument("--region", default="", help="code of the region, where several have that place")

    def run(options: argparse.Namespace) -> int:
        # Imported once it is called: Django is set up by then.
        return int(importlib.import_module(f"{__name__}.acts").done(name, options))

    part.set_defaults(run=run)
    return part
