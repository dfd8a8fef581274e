"""The process that does one job of adding reports: `python -m trucewatch.desk.working DIR`. Ends when it is done."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from trucewatch.store.opening import open_store
from trucewatch.terms.errors import SettingsError


def main(folder: str) -> int:
    """The exit code: 0 also where a run is under way, since the job waits and is asked for again."""
    parent = os.getppid()
    store = open_store(Path(folder), create=False)
    from trucewatch.desk.uploading import work_once

    try:
        work_once(store, parent)
    except SettingsError as error:
        if error.code != "run-under-way":
            raise
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
