"""Making rows equal to what is wanted, touching only what differs: where nothing is new, nothing is written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from django.db.models import Model, QuerySet

M = TypeVar("M", bound=Model)
BATCH = 500  # rows per statement; below SQLite's limit of variables for every table here


@dataclass(frozen=True, slots=True)
class Changes:
    """The primary keys of rows that a sync has added, changed and removed, each sorted."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)


def sync(
    present: QuerySet[M],
    wanted: Iterable[M],
    columns: Sequence[str],
    *,
    compare: Sequence[str] = ("payload",),
    leaving: Callable[[Sequence[str]], None] | None = None,
) -> Changes:
    """The rows of `present` now equal `wanted`: by primary key, told apart by the columns `compare`.

    A row that stays keeps the columns that are not in `columns`, such as its review state. `leaving` is called first,
    with the keys of the rows about to be changed or removed.
    """
    model = present.model
    by_key = {str(row.pk): row for row in wanted}
    old = {str(key): value for key, *value in present.values_list("pk", *compare)}
    added = sorted(by_key.keys() - old.keys())
    removed = sorted(old.keys() - by_key.keys())
    changed = sorted(
        key for key in by_key.keys() & old.keys() if [getattr(by_key[key], name) for name in compare] != old[key]
    )
    if leaving is not None:
        leaving(sorted([*changed, *removed]))
    for start in range(0, len(removed), BATCH):
        model._default_manager.filter(pk__in=removed[start : start + BATCH]).delete()
    model._default_manager.bulk_create([by_key[key] for key in added], batch_size=BATCH)
    model._default_manager.bulk_update([by_key[key] for key in changed], columns, batch_size=100)
    return Changes(tuple(added), tuple(changed), tuple(removed))
