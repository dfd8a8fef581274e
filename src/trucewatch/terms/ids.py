"""Ids: SHA-256 over the canonical JSON of named parts, so that the same thing has the same id on every machine."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any

ID_HEX = 24  # 96 bits: a collision among 10 million ids has a chance of about 1e-15

PREFIXES = {
    "report": "rep", "account": "acc", "statement": "sta", "tally": "tal", "incident": "inc", "finding": "fin",
    "obligation": "obl", "decision": "dec", "run": "run", "bulletin": "bul", "issue": "iss", "episode": "epi",
    "origin": "ori",
}  # fmt: skip


_PLAIN = frozenset((str, int, float, bool, type(None)))  # most of what is asked about, so it is asked first


@cache
def _names(kind: type[Any]) -> tuple[str, ...]:
    """The fields of a dataclass in their order; none of any other type."""
    return tuple(f.name for f in fields(kind)) if is_dataclass(kind) else ()


def plain(value: Any) -> Any:
    """The value as JSON types: dataclasses become objects in field order, tuples lists, dates ISO strings."""
    kind = type(value)
    if kind in _PLAIN:
        return value
    if names := _names(kind):  # type: ignore[arg-type]  # every class can be hashed
        return {name: plain(getattr(value, name)) for name in names}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, frozenset | set):
        return sorted(plain(v) for v in value)
    if isinstance(value, tuple | list):
        return [plain(v) for v in value]
    return value


def canonical_json(value: Any) -> str:
    """JSON with sorted keys, no spaces and no escapes; equal values give equal text."""
    return json.dumps(plain(value), sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def content_hash(value: Any) -> str:
    """SHA-256, in hex, of the canonical JSON."""
    return hashlib.sha256(canonical_json(value).encode()).hexdigest()


def file_hash(path: Path) -> str:
    """SHA-256, in hex, of the file's bytes, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def make_id(kind: str, **parts: Any) -> str:
    """An id such as `acc_0f3a...`: the prefix of the kind and 24 hex digits made from the named parts."""
    return f"{PREFIXES[kind]}_{content_hash({'kind': kind, **parts})[:ID_HEX]}"


def kind_of(some_id: str) -> str | None:
    """The kind an id names, or None where the prefix is not ours."""
    prefix = some_id.split("_", 1)[0]
    return next((kind for kind, p in PREFIXES.items() if p == prefix), None)
