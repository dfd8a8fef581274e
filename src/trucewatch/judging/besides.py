"""The files an agreement file builds its areas from."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml


def files_beside(path: Path) -> list[Path]:
    """The GeoJSON files that an agreement file names and that are there, each once, in the order of their names.

    A file that is no YAML names none: whoever loads it is told what is wrong.
    """
    return [found for name in _named(str(path), path.stat().st_mtime_ns) if (found := path.parent / name).is_file()]


@lru_cache(maxsize=64)
def _named(path: str, changed: int) -> tuple[str, ...]:
    try:
        content = yaml.load(Path(path).read_bytes(), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except (yaml.YAMLError, ValueError):
        return ()
    parts = [content.get(key) for key in ("lines", "areas")] if isinstance(content, dict) else []
    return tuple(sorted({name for part in parts for name in _files(part)}))


def _files(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, child in value.items():
            if key == "file" and isinstance(child, str):
                yield child
            else:
                yield from _files(child)
    elif isinstance(value, list):
        for child in value:
            yield from _files(child)
