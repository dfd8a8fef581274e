"""One family of errors, by whose fault it is: each says a stable code, where, what, and what to do."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class TrucewatchError(Exception):
    """Something a user can act on.

    `code` is stable and documented; `where` names a file and line, a report, a term; `todo` says what to do about it.
    `users_fault` decides the exit code of the command line: 2 where the input is to blame, 1 where we are.
    """

    users_fault = True

    def __init__(self, code: str, what: str, *, where: str = "", todo: str = "") -> None:
        super().__init__(what)
        self.code, self.what, self.where, self.todo = code, what, where, todo

    def __str__(self) -> str:
        head = f"{self.where}: " if self.where else ""
        tail = f"\n{self.todo}" if self.todo else ""
        return f"{head}{self.what} [{self.code}]{tail}"

    def __reduce__(self) -> tuple[object, ...]:
        # exceptions cross process borders in the engines; the default pickling loses keyword arguments
        return _rebuild, (type(self), self.code, self.what, self.where, self.todo)


def _rebuild(cls: type[TrucewatchError], code: str, what: str, where: str, todo: str) -> TrucewatchError:
    return cls(code, what, where=where, todo=todo)


class ReportError(TrucewatchError):
    """A report cannot be read."""


class AgreementError(TrucewatchError):
    """An agreement file does not say what it must."""


class SettingsError(TrucewatchError):
    """A dossier, an option or a setting is wrong."""


class StoreError(TrucewatchError):
    """The store refuses or has lost something."""

    users_fault = False


class ModelMissing(TrucewatchError):
    """A model or an extra that a stage needs is not installed."""

    @classmethod
    def extra(cls, name: str, what: str) -> ModelMissing:
        """The error that says which extra of the package is missing."""
        return cls("extra-missing", what, todo=f"Install it: pip install 'trucewatch[{name}]'")


def unknown_name(kind: str, name: str, known: Iterable[str]) -> str:
    """A sentence that names the unknown name, the nearest known one and the known ones."""
    names = sorted(known)
    near = get_close_matches(name, names, n=1)
    hint = f" Did you mean '{near[0]}'?" if near else ""
    shown = ", ".join(names[:30]) + (" ..." if len(names) > 30 else "")
    return f"unknown {kind} '{name}'.{hint} Known: {shown}."
