"""The YAML files of a dossier that people write, read one way."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from trucewatch.terms.errors import SettingsError


def read_yaml(path: Path, kind: str) -> Any:
    """The content of the file, None where it is empty.

    Raises SettingsError with the file, and the line where there is one: `{kind}-missing`, `not-utf8`, `{kind}-yaml`.
    Agreement files are read apart (`judging.agreements`): their errors name the line of any field.
    """
    try:
        return yaml.safe_load(path.read_text("utf-8"))
    except FileNotFoundError as error:
        raise SettingsError(
            f"{kind}-missing", "there is no such file", where=str(path), todo="Check the path."
        ) from error
    except UnicodeDecodeError as error:
        raise SettingsError("not-utf8", "is not UTF-8", where=str(path), todo="Save it as UTF-8.") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{path}:{mark.line + 1}" if mark else str(path)
        todo = "Check indentation, quotes and colons on that line and the one before."
        problem = f"is not YAML: {getattr(error, 'problem', error)}"
        raise SettingsError(f"{kind}-yaml", problem, where=where, todo=todo) from error
