"""What a boosted model's text may hold, checked before any library reads it.

LightGBM's own reader trusts its text: an index out of range would read memory that is not the model's. So every tree is read here first,
in Python, and refused unless each array has its length, each index lies in range, and the branches form one tree.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

from entrepot.kernel.errors import DomainError

HEADER = re.compile(r"\A(tree\nversion=v[34]\n)")
MAX_LEAVES = 4096
NUMBERS = ("split_feature", "threshold", "decision_type", "left_child", "right_child", "leaf_value")
OTHERS = {
    *("split_gain", "leaf_weight", "leaf_count", "internal_value", "internal_weight", "internal_count", "is_linear", "shrinkage"),
    *("num_leaves", "num_cat"),
}


class UntrustedModel(DomainError):
    """The file is no model that this product wrote, or it was changed since."""

    code = "untrusted-model"
    message = "This is no model file of ours: %(why)s."


def check_trees(text: str, names: tuple[str, ...]) -> int:  # noqa: C901  # one line for each thing that may be wrong
    """The number of trees in the text of a LightGBM model with these features. Raises `UntrustedModel` for anything out of the ordinary.

    Allowed are models with one output, numerical splits and constant leaves: what `fit` writes.

    >>> check_trees("tree\\nversion=v4\\nrm -rf", ("a",))
    Traceback (most recent call last):
    entrepot.risk.scoring.core.trees.UntrustedModel: This is no model file of ours: the trees do not end.
    """
    if not HEADER.match(text):
        raise UntrustedModel(why="it does not begin as boosted trees do")
    if not text.isascii() or "\r" in text or "\0" in text:
        raise UntrustedModel(why="the trees hold odd characters")
    body, ended, _ = text.partition("\nend of trees\n")
    if not ended:
        raise UntrustedModel(why="the trees do not end")
    blocks = body.split("\nTree=")
    head = dict(line.partition("=")[::2] for line in blocks[0].splitlines())
    wanted = {"num_class": "1", "num_tree_per_iteration": "1", "label_index": "0", "max_feature_idx": str(len(names) - 1)}
    for key, value in wanted.items():
        if head.get(key) != value:
            raise UntrustedModel(why=f"{key} is {head.get(key, 'missing')[:20]}, not {value}")
    if tuple(head.get("feature_names", "").split()) != names:
        raise UntrustedModel(why="the trees name other features than the file")
    if not re.fullmatch(r"(binary sigmoid:1|tweedie)", head.get("objective", "")):
        raise UntrustedModel(why="its objective is neither fraud nor revenue")
    sizes = head.get("tree_sizes", "").split()
    if len(sizes) != len(blocks) - 1:
        raise UntrustedModel(why="the number of trees is not what it says")
    for number, block in enumerate(blocks[1:]):
        if not block.startswith(f"{number}\n"):
            raise UntrustedModel(why=f"tree {number} is out of order")
        # The reader takes each tree by its stated size: were one wrong, it would read across the border of two.
        length = len(f"Tree={block}\n")
        if not sizes[number].isdigit() or abs(int(sizes[number]) - length) > 1:
            raise UntrustedModel(why=f"tree {number} has another size than stated")
        _check_tree(number, block, len(names))
    return len(blocks) - 1


def _check_tree(number: int, block: str, width: int) -> None:  # noqa: C901  # as above
    def refuse(why: str) -> UntrustedModel:
        return UntrustedModel(why=f"tree {number}: {why}")

    fields: dict[str, str] = {}
    for line in block.splitlines()[1:]:
        key, found, value = line.partition("=")
        if line and (not found or key in fields or key not in {*NUMBERS, *OTHERS}):
            raise refuse(f"an unknown line {line[:30]!r}")
        fields[key] = value
    leaves = fields.get("num_leaves", "")
    if not leaves.isdigit() or not 1 <= int(leaves) <= MAX_LEAVES or fields.get("num_cat") != "0" or fields.get("is_linear", "0") != "0":
        raise refuse("leaves or categories out of range")
    count = int(leaves)
    values = {key: list(_numbers(fields.get(key, ""), refuse)) for key in NUMBERS}
    if len(values["leaf_value"]) != count or any(len(values[key]) != count - 1 for key in NUMBERS[:-1]):
        raise refuse("arrays of the wrong length")
    for key in ("split_gain", "leaf_weight", "leaf_count", "internal_value", "internal_weight", "internal_count"):
        expected = count if key.startswith("leaf") else count - 1
        if len(list(_numbers(fields.get(key, ""), refuse))) not in (expected, 0):
            raise refuse("arrays of the wrong length")
    if not all(value == int(value) and 0 <= value < width for value in values["split_feature"]):
        raise refuse("a split on no feature")
    if not all(value in (0, 2, 4, 6, 8, 10) for value in values["decision_type"]):
        raise refuse("a split of an unknown kind")
    _check_shape(values["left_child"], values["right_child"], count, refuse)


def _check_shape(left: list[float], right: list[float], count: int, refuse: object) -> None:
    """Every inner node and every leaf hangs below exactly one node, and the root below none."""
    assert callable(refuse)
    children = [int(value) for value in (*left, *right)]
    inner = sorted(value for value in children if value >= 0)
    leaves = sorted(-value - 1 for value in children if value < 0)
    later = all(child > parent for side in (left, right) for parent, child in enumerate(side) if child >= 0)
    if count > 1 and (inner != list(range(1, count - 1)) or leaves != list(range(count)) or not later):
        raise refuse("its branches form no tree")


def _numbers(text: str, refuse: object) -> Iterator[float]:
    assert callable(refuse)
    for word in text.split():
        try:
            value = float(word)
        except ValueError:
            raise refuse(f"no number: {word[:20]!r}") from None
        if math.isnan(value):
            raise refuse("not a number")
        yield value
