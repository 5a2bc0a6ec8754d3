"""What the parts of the command have in common: whose store, and how an error is said."""

from __future__ import annotations

import argparse
import functools
import sys
from collections.abc import Callable
from typing import Any

from entrepot.ground.region.api import find, regions
from entrepot.kernel.errors import DomainError, Invalid, NotFound

from ..actions.keys import holder_of
from ..models import Key, Store


def said(run: Callable[[argparse.Namespace], int]) -> Callable[[argparse.Namespace], int]:
    """A part of the command that says domain errors in words and ends with 2."""

    @functools.wraps(run)
    def saying(options: argparse.Namespace) -> int:
        try:
            return run(options)
        except NotFound:
            print("There is no such place, store or key.", file=sys.stderr)
        except Invalid as error:
            print("\n".join(f"{name}: {fault}" for name, fault in error.faults.items()) or error, file=sys.stderr)
        except (DomainError, OSError) as error:
            print(error, file=sys.stderr)
        return 2

    return saying


def place_of(options: argparse.Namespace) -> Any:
    """The place that --place names, or the region. Raises `NotFound`."""
    if options.place:
        return find(options.place, region=f"{options.region}/" if options.region else "")
    found = [region for region in regions() if options.region in ("", region.code)]
    if not found:
        raise NotFound
    return found[0]


def store_of(options: argparse.Namespace) -> Store:
    """The store that records of the place go into. Raises `NotFound`."""
    store = Store.objects.select_related("place").filter(place=holder_of(place_of(options))).first()
    if store is None:
        raise NotFound
    return store


def key_of(name: str) -> Key:
    """The key with this public name. Raises `NotFound`."""
    key = Key.objects.select_related("place", "store__place").filter(key=name).first()
    if key is None:
        raise NotFound
    return key
