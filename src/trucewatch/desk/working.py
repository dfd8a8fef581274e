"""The process that does one job of adding reports: `python -m trucewatch.desk.working DIR`. Ends when it is done."""

from __future__ import annotations

import os
import sys

from trucewatch.running.openings import open_dossier
from trucewatch.terms.errors import SettingsError


def main(folder: str) -> int:
    """The exit code: 0 also where a run is under way, since the job waits and is asked for again."""
    parent = os.getppid()
    _, store = open_dossier(folder)
    from trucewatch.desk.uploading import work_once

    try:
        work_once(store, parent)
    except SettingsError as error:
        if error.code != "run-under-way":
            raise
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
