"""The project's pages, and the command lines they show."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    [
        *ROOT.glob("*.md"),
        *(p for p in (ROOT / "docs").rglob("*.md") if "_build" not in p.parts),
        *(ROOT / "examples").rglob("*.md"),
        *(ROOT / "training").rglob("*.md"),
    ]
)
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.M | re.S)
_INLINE = re.compile(r"(?<!`)`([^`]+)`(?!`)")
_PARTING = frozenset("&|;<>")


def name_of(path: Path) -> str:
    """The page's path in the project, for the names of tests."""
    return path.relative_to(ROOT).as_posix()


def shell_blocks(text: str) -> Iterator[str]:
    """The fenced blocks a reader would paste into a shell, and blocks set off by four blanks after a blank line."""
    for language, block in _FENCE.findall(text):
        if language in ("sh", "console", "bash"):
            yield block
    yield from re.findall(r"(?<=\n\n)(?: {4}\S.*\n)+", _FENCE.sub("", text))


def inline_code(text: str) -> list[str]:
    """What stands between single backticks, on one line."""
    return [" ".join(code.split()) for code in _INLINE.findall(_FENCE.sub("", text))]


def commands(block: str) -> Iterator[list[str]]:
    """The words of every simple command: lines joined where they end in a backslash, comments, redirections and
    variables set before the command left out."""
    for line in block.replace("\\\n", " ").splitlines():
        lexer = shlex.shlex(line, posix=True, punctuation_chars="".join(_PARTING))
        lexer.whitespace_split = True
        words: list[str] = []
        skip = False
        for word in lexer:
            if set(word) <= _PARTING:
                if skip := word[-1] in "<>":
                    continue
                yield from _simple(words)
                words = []
            elif skip:
                skip = False
            else:
                words.append(word)
        yield from _simple(words)


def _simple(words: list[str]) -> Iterator[list[str]]:
    while words and re.fullmatch(r"[A-Z_]+=.*", words[0]):
        words = words[1:]
    if words:
        yield words
