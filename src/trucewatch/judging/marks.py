"""Reads YAML and keeps where in the file everything stands, so that an error can name its line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from trucewatch.terms.errors import AgreementError

Path_ = tuple[str | int, ...]
Marks = dict[Path_, int]


class _Loader(yaml.SafeLoader):
    """Safe loader that leaves dates as text: `2020-03-06` must not become an object without its precision."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - PyYAML's own class attribute
        key: [(tag, regexp) for tag, regexp in rules if tag != "tag:yaml.org,2002:timestamp"]
        for key, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


def read_yaml(path: Path) -> tuple[Any, Marks]:
    """The content of a YAML file and the line (from 1) of every value by its path.

    Raises AgreementError where the file cannot be read, is not YAML, or names a key twice.
    """
    try:
        text = path.read_text("utf-8")
    except OSError as error:
        raise AgreementError(
            "agreement-unreadable", f"cannot be read: {error.strerror}", where=str(path), todo="Check the path."
        ) from error
    except UnicodeDecodeError as error:
        raise AgreementError(
            "agreement-encoding", f"is not UTF-8 at byte {error.start}", where=str(path), todo="Save the file as UTF-8."
        ) from error
    try:
        node = yaml.compose(text, Loader=_Loader)
        marks: Marks = {}
        return (None if node is None else _build(node, (), marks, path)), marks
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = f":{mark.line + 1}" if mark else ""
        raise AgreementError(
            "agreement-yaml",
            f"is not YAML: {error.problem or error.context}",
            where=f"{path}{line}",
            todo="Check indentation, quotes and colons on that line and the one before.",
        ) from error


def _build(node: yaml.Node, at: Path_, marks: Marks, path: Path) -> Any:
    marks[at] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        out: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            if key in out:
                raise AgreementError(
                    "agreement-key-twice",
                    f"'{key}' stands twice in the same mapping; the first would be lost",
                    where=f"{path}:{key_node.start_mark.line + 1}",
                    todo="Keep one of the two.",
                )
            out[key] = _build(value_node, (*at, key), marks, path)
            marks[(*at, key)] = key_node.start_mark.line + 1
        return out
    if isinstance(node, yaml.SequenceNode):
        return [_build(child, (*at, i), marks, path) for i, child in enumerate(node.value)]
    loader = _Loader("")
    try:
        return loader.construct_object(node, deep=True)
    finally:
        loader.dispose()


def line_of(at: Path_, marks: Marks) -> int | None:
    """The line of a path, or of the nearest thing around it that stands in the file."""
    while at not in marks and at:
        at = at[:-1]
    return marks.get(at)


def path_text(at: Path_) -> str:
    """A path as people write it: `terms[2].area`."""
    out = ""
    for part in at:
        out += f"[{part}]" if isinstance(part, int) else (f".{part}" if out else str(part))
    return out or "the file"
