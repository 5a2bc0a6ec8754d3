"""What changed between two versions: both can be read out of the pieces, whatever the texts."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from entrepot.capacity.knowledge.core.differences import MOST_CHANGES, difference

TEXTS = st.text(alphabet="ab c一二\n", max_size=40)


@given(TEXTS, TEXTS)
def test_both_versions_can_be_read_out_of_the_pieces(before: str, after: str) -> None:
    pieces = difference(before, after)
    assert "".join(piece.text for piece in pieces if piece.kind != "added") == before
    assert "".join(piece.text for piece in pieces if piece.kind != "taken") == after
    kinds = [piece.kind for piece in pieces]
    assert all(piece.text for piece in pieces)
    assert not any(one == other == "same" for one, other in itertools.pairwise(kinds))


@given(st.lists(st.sampled_from("abc"), max_size=12), st.lists(st.sampled_from("abc"), max_size=12))
def test_no_other_way_keeps_more_words(old: list[str], new: list[str]) -> None:
    """Against the table of longest common subsequences."""
    longest = [[0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for at, one in enumerate(old):
        for to, other in enumerate(new):
            longest[at + 1][to + 1] = longest[at][to] + 1 if one == other else max(longest[at][to + 1], longest[at + 1][to])
    # In a script without spaces each character is a word of its own.
    signs = str.maketrans("abc", "一二三")
    pieces = difference("".join(old).translate(signs), "".join(new).translate(signs))
    assert sum(len(piece.text) for piece in pieces if piece.kind == "same") == longest[-1][-1]


def test_texts_that_differ_by_more_than_anybody_reads_are_shown_one_after_the_other() -> None:
    before, after = (" ".join(f"{word}{n}" for n in range(MOST_CHANGES)) for word in "xy")
    pieces = difference(f"The same start. {before} The same end.", f"The same start. {after} The same end.")
    assert [piece.kind for piece in pieces] == ["same", "taken", "added", "same"]
    assert pieces[0].text == "The same start. "
