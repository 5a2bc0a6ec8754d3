"""What Python's collector of rings costs, and how a long process spares it."""

from __future__ import annotations

import gc


def settle_down() -> None:
    """Call once the product is loaded: what is loaded stays, and is not walked again.

    The collector looks at every object that holds others each time some have been made, the product's own half million among them. A batch
    of five hundred statements makes some fifteen thousand, none of them in a ring; looking for rings took a third of its time. Memory still
    goes back as soon as nothing refers to it: this only says how often rings are looked for, and a process grows by a few megabytes.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 10, 10)
