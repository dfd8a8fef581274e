"""From plain JSON back to the dataclasses of the vocabulary: the way back of `ids.plain`."""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from trucewatch.terms.errors import StoreError

T = TypeVar("T")
Builder = Callable[[Any], Any]


def rebuild(cls: type[T], value: Mapping[str, Any]) -> T:
    """The dataclass made from what `plain` made of it: `rebuild(type(x), plain(x)) == x`.

    Unknown keys are an error, missing keys take the field's default. Raises StoreError naming the class and the key.
    """
    made: T = _dataclass_builder(cls)(value)  # type: ignore[arg-type]  # every class can be hashed
    return made


@cache
def _dataclass_builder(cls: type[Any]) -> Builder:
    hints = get_type_hints(cls)
    builders = {f.name: _builder(hints[f.name]) for f in fields(cls) if f.init}
    required = {f.name for f in fields(cls) if f.init and f.default is MISSING and f.default_factory is MISSING}

    def build(value: Any) -> Any:
        if unknown := value.keys() - builders.keys():
            raise StoreError("record-fields", f"{cls.__name__} has no field {', '.join(sorted(unknown))}")
        if missing := required - value.keys():
            raise StoreError("record-fields", f"{cls.__name__} lacks {', '.join(sorted(missing))}")
        return cls(**{name: None if part is None else builders[name](part) for name, part in value.items()})

    return build


def _builder(hint: Any) -> Builder:
    """How a JSON value becomes one of that type. None is handled by the caller: it stays None."""
    origin, args = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        inner = [a for a in args if a is not type(None)]
        return _builder(inner[0]) if len(inner) == 1 else _same
    if origin is tuple:
        if len(args) == 2 and args[1] is Ellipsis:
            item = _builder(args[0])
            return tuple if item is _same else lambda value: tuple(None if v is None else item(v) for v in value)
        items = [_builder(a) for a in args]
        return lambda value: tuple(None if v is None else b(v) for b, v in zip(items, value, strict=True))
    if origin is Literal:
        return _same
    if is_dataclass(hint) and isinstance(hint, type):
        return _dataclass_builder(hint)
    if hint is float:
        return float
    return _same


def _same(value: Any) -> Any:
    return value
