"""The shape of the tree, measured: `make shape` (`python -m tests.house.shape [ROOM]`) prints what a reader meets in it.

Figures of text, not judgements: they are compared from one change of the house to the next (docs/structure.md has the last ones). ROOM (an
app's folder name, `needs` unless said) is the record whose cost is counted: the files and lines inside its folder without migrations, and
the files outside it, in `src`, that name it.
"""

from __future__ import annotations

import ast
import io
import re
import sys
import tokenize
from collections.abc import Iterable, Iterator
from pathlib import Path
from statistics import fmean

ROOT = Path(__file__).parents[2]
SRC = ROOT / "src" / "entrepot"
SHARED = SRC / "shell" / "templates" / "cotton"
WIDE, WIDEST = 200, 120
_TAG = re.compile(r"<[a-zA-Z][^<>]*>", re.DOTALL)
_ATTRIBUTE = re.compile(r"\s:?[\w.@-]+=(?:\"[^\"]*\"|'[^']*')")
_BLOCK = re.compile(r"{%\s*blocktrans(?:late)?\b([^%]*)%}")
_USED = re.compile(r"<c-([\w.-]+)")


def templates() -> list[Path]:
    """Every template of a page. In those of plain mails a line is a line of the mail, as long as its sentence."""
    return sorted(path for path in SRC.rglob("*.html") if "templates" in path.parts)


def modules() -> list[Path]:
    """Every Python file of the product without migrations, which a machine writes."""
    return sorted(path for path in SRC.rglob("*.py") if "migrations" not in path.parts)


def _lines(paths: Iterable[Path]) -> Iterator[str]:
    for path in paths:
        yield from path.read_text(encoding="utf-8").splitlines()


def template_lines() -> dict[str, float]:
    """Characters a line (mean, longest), lines over 120 and over 200 and the share of the latter; empty lines do not count."""
    lengths = [len(line) for line in _lines(templates()) if line.strip()]
    wide = sum(length > WIDE for length in lengths)
    return {
        "files": len(templates()),
        "lines": len(lengths),
        "mean": round(fmean(lengths), 1),
        "longest": max(lengths),
        "over 120": sum(length > WIDEST for length in lengths),
        "over 200": wide,
        "over 200, %": round(100 * wide / len(lengths), 2),
    }


def template_tags() -> dict[str, int]:
    """Lines on which more than three attributes of one tag stand, and blocks of translation that keep their white space."""
    crowded = untrimmed = 0
    for path in templates():
        text = path.read_text(encoding="utf-8")
        for tag in _TAG.findall(text):
            crowded += sum(len(_ATTRIBUTE.findall(f" {line.strip()}")) > 3 for line in tag.splitlines())
        untrimmed += sum("trimmed" not in given for given in _BLOCK.findall(text))
    return {"lines with more than three attributes": crowded, "blocktranslate without trimmed": untrimmed}


def components() -> dict[str, tuple[int, list[str]]]:
    """For each component that draws a class of its own name: how often it is used, and the templates that type that class by hand."""
    pages = {path: path.read_text(encoding="utf-8") for path in templates() if SHARED not in path.parents}
    found = {}
    for path in sorted(SHARED.glob("*.html")):
        name = path.stem.replace("_", "-")
        by_hand = re.compile(rf"class=\"(?:[^\"]*\s)?{name}(?:\s[^\"]*)?\"")
        used = sum(_USED.findall(text).count(name) for text in pages.values())
        found[name] = (used, [page.name for page, text in pages.items() for _ in by_hand.findall(text)])
    return found


def cost_of(room: str) -> dict[str, int]:
    """Files and lines inside a room, and files outside it that name it."""
    (home,) = [path for path in SRC.glob(f"*/{room}") if path.is_dir()]
    inside = [path for path in home.rglob("*") if path.suffix in (".py", ".html", ".txt") and "migrations" not in path.parts]
    names = re.compile(rf"entrepot\.\w+\.{room}\b|[\"']{room}[:.\"']|\b{room}/")
    outside = [
        path
        for path in SRC.rglob("*")
        if path.suffix in (".py", ".html")
        and home not in path.parents
        and "migrations" not in path.parts
        and names.search(path.read_text())
    ]
    return {"files inside": len(inside), "lines inside": sum(1 for _ in _lines(inside)), "files outside that name it": len(outside)}


def _functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def _is_any(annotation: ast.expr | None) -> bool:
    return isinstance(annotation, ast.Name) and annotation.id == "Any"


def code() -> dict[str, float]:
    """Names of functions in one word, comments for readers, parameters annotated with plain `Any`, functions that return loose dicts."""
    names, parameters, loose, lines, comments = [], [], 0, 0, 0
    for path in modules():
        text = path.read_text(encoding="utf-8")
        lines += text.count("\n")
        comments += sum(token.type == tokenize.COMMENT and not _is_order(token.string) for token in _tokens(text))
        for function in _functions(ast.parse(text)):
            if not function.name.startswith("__"):
                names.append(function.name)
            given = function.args
            every = [*given.posonlyargs, *given.args, *given.kwonlyargs, *filter(None, (given.vararg, given.kwarg))]
            parameters += [_is_any(one.annotation) for one in every if one.annotation is not None]
            loose += function.returns is not None and ast.unparse(function.returns) in ("dict[str, Any]", "dict[str, object]")
    return {
        "lines": lines,
        "functions": len(names),
        "one-word names, %": round(100 * sum("_" not in name.strip("_") for name in names) / len(names), 1),
        "mean length of a name": round(fmean(map(len, names)), 1),
        "comments per 1,000 lines": round(1000 * comments / lines, 1),
        "plain Any, % of annotated parameters": round(100 * sum(parameters) / len(parameters), 1),
        "functions returning dict[str, Any]": loose,
    }


def _tokens(text: str) -> Iterator[tokenize.TokenInfo]:
    return tokenize.generate_tokens(io.StringIO(text).readline)


def _is_order(comment: str) -> bool:
    """Whether it is meant for a program and not for a reader."""
    return re.match(r"#\s*(noqa|type:)", comment) is not None


def main(room: str = "needs") -> None:
    """Print it all."""
    for title, figures in (("Templates", template_lines()), ("", template_tags()), ("Code", code()), (f"The room {room}", cost_of(room))):
        if title:
            print(f"\n{title}")
        for name, figure in figures.items():
            print(f"  {name:<42}{figure:>10,}")
    print("\nComponents: used, typed by hand")
    for name, (used, by_hand) in components().items():
        print(f"  {name:<42}{used:>10,}{len(by_hand):>10,}")


if __name__ == "__main__":
    main(*sys.argv[1:])
