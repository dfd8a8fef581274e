"""A country's GeoNames file fetched from a server: resumed where it broke off, whole or not there at all."""

from __future__ import annotations

import re
import urllib.error
import urllib.request
import zipfile
from collections.abc import Callable
from pathlib import Path

from trucewatch.terms.errors import SettingsError
from trucewatch.terms.ids import file_hash

GEONAMES = "https://download.geonames.org/export/dump/"
_CHUNK = 1 << 16
_TIMEOUT_S = 30.0
_TRIES = 5


def fetch_country(
    code: str,
    folder: Path,
    base_url: str = GEONAMES,
    sha256: str | None = None,
    told: Callable[[int, int | None], None] | None = None,
) -> Path:
    """The path of `<CODE>.zip` in `folder`, fetched unless it is there already with that checksum.

    A broken transfer is taken up where it stopped, also by a later call. `sha256` (hex) None leaves the check to the
    zip's own CRC of every member. `told` hears bytes so far and in all (None: not told by the server). Raises
    SettingsError where the code is none, the server does not answer, or the content is not what it should be; nothing
    half done is left under the final name.
    """
    if not re.fullmatch(r"[A-Za-z]{2}", code):
        raise SettingsError(
            "country-code", f"'{code}' is no country code", todo="Give two letters, such as SY (ISO 3166-1)."
        )
    name = f"{code.upper()}.zip"
    target, part = folder / name, folder / f"{name}.part"
    if target.is_file() and (sha256 is None or file_hash(target) == sha256.lower()):
        return target
    folder.mkdir(parents=True, exist_ok=True)
    url = base_url.rstrip("/") + "/" + name
    for attempt in range(_TRIES):
        try:
            _fetch(url, part, told)
            break
        except urllib.error.HTTPError as error:
            raise SettingsError(
                "download-refused", f"the server answers {error.code}", where=url, todo="Check code and --base-url."
            ) from error
        except (OSError, EOFError) as error:
            if attempt == _TRIES - 1:
                raise SettingsError(
                    "download-failed",
                    f"broke off: {error}",
                    where=url,
                    todo="Run it again: it goes on where it stopped.",
                ) from error
    _verify(part, sha256, url)
    part.replace(target)
    return target


def _fetch(url: str, part: Path, told: Callable[[int, int | None], None] | None) -> None:
    have = part.stat().st_size if part.exists() else 0
    request = urllib.request.Request(url, headers={"User-Agent": "trucewatch"})
    if have:
        request.add_header("Range", f"bytes={have}-")
    try:
        answer = urllib.request.urlopen(request, timeout=_TIMEOUT_S)
    except urllib.error.HTTPError as error:
        if error.code == 416 and have:  # nothing beyond what is here: it was whole already
            return
        raise
    with answer:
        resumed = answer.status == 206
        start = have if resumed else 0
        length = answer.headers.get("Content-Length")
        total = start + int(length) if length else None
        with part.open("ab" if resumed else "wb") as file:
            while chunk := answer.read(_CHUNK):
                file.write(chunk)
                start += len(chunk)
                if told:
                    told(start, total)
    if total is not None and start < total:
        raise EOFError(f"{start} of {total} bytes")


def _verify(part: Path, sha256: str | None, url: str) -> None:
    problem = None
    if sha256 is not None and file_hash(part) != sha256.lower():
        problem = "its SHA-256 is not the one given"
    else:
        try:
            with zipfile.ZipFile(part) as archive:
                bad = archive.testzip()
                problem = f"the member {bad} is damaged" if bad else None
        except zipfile.BadZipFile as error:
            problem = str(error)
    if problem:
        part.unlink()  # a resumed transfer of a file that has changed on the server ends here: start anew
        raise SettingsError("download-damaged", problem, where=url, todo="Run it again; it starts from the beginning.")
