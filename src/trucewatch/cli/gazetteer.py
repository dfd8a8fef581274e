"""`trucewatch gazetteer`: adds gazetteers, and searches names in them."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import click
import yaml
from platformdirs import user_data_dir

from trucewatch.cli.options import two_letters
from trucewatch.cli.tables import format_option, write_rows
from trucewatch.linking.gazetteers.downloads import GEONAMES
from trucewatch.terms.errors import SettingsError


@click.group("gazetteer")
def command() -> None:
    """Add and search gazetteers: GeoNames, OCHA lists with P-codes, plain CSV, GeoJSON points.

    \b
    trucewatch gazetteer add SY                        a GeoNames country file, from the network
    trucewatch gazetteer add villages.csv --to DIR     a file of your own, for one dossier
    trucewatch gazetteer search "Maarat al-Numan" --country SY
    """


@command.command("add")
@click.argument("what", metavar="FILE|COUNTRY")
@click.option("--to", "dossier", metavar="DIR", type=click.Path(path_type=Path), help="Keep it in this dossier.")
@click.option("--base-url", metavar="URL", default=GEONAMES, show_default=True, help="Where country files lie.")
@click.option("--sha256", metavar="HEX", help="What the fetched file must hash to.")
def add(what: str, dossier: Path | None, base_url: str, sha256: str | None) -> None:
    """Add a file, or the GeoNames file of a country by its two letters.

    It is checked row by row and compiled, then kept for `gazetteer search`, or with --to in the dossier, whose next
    `run` uses it. A transfer that broke off goes on where it stopped.

    \b
    trucewatch gazetteer add SY
    trucewatch gazetteer add villages.csv --to DIR
    """
    from trucewatch.linking.gazetteers import load_gazetteers
    from trucewatch.running.dossiers import load_dossier

    if dossier is not None:
        dossier = load_dossier(dossier).folder
    folder = dossier / "gazetteers" if dossier else shelf()
    path = Path(what)
    if path.is_file():
        # a file that is unreadable, or holds nothing, must not get onto the shelf
        if not len(load_gazetteers([path], builtin=False)):
            todo = "A table needs a header and a row with a point: docs/reference/gazetteers.md"
            raise SettingsError("gazetteer-empty", "holds no place", where=what, todo=todo)
        folder.mkdir(parents=True, exist_ok=True)
        kept = folder / path.name
        if path.resolve() != kept.resolve():
            shutil.copyfile(path, kept)
    elif len(what) == 2 and what.isalpha():
        kept = _fetch(what, folder, base_url, sha256)
    else:
        raise SettingsError(
            "gazetteer-missing",
            "no such file, and no country code",
            where=what,
            todo="Give a file, or two letters such as SY.",
        )
    n_rows = len(load_gazetteers([kept], builtin=False))
    click.echo(f"{kept.name}: {n_rows:,} places.")
    click.echo(
        _enter(dossier, kept) if dossier else f"Use it: --gazetteer {kept}, or under `gazetteers:` in dossier.yaml."
    )


@command.command("search")
@click.argument("name")
@click.option(
    "--country", metavar="CODE", callback=two_letters("SY", "UA"), help="Only there: two letters, such as SY."
)
@click.option(
    "--gazetteer",
    "files",
    metavar="FILE",
    multiple=True,
    type=click.Path(exists=True, path_type=Path),
    help="Look in these instead of those added.",
)
@click.option(
    "--limit", metavar="N", default=10, show_default=True, type=click.IntRange(1, 1000), help="At most so many."
)
@format_option
def search(name: str, country: str | None, files: Sequence[Path], limit: int, form: str) -> None:
    """Show what a name may mean, the likeliest first.

    Ends with 1 where nothing bears the name.

    \b
    trucewatch gazetteer search "Maarat al-Numan" --country SY
    trucewatch gazetteer search Kafr --gazetteer villages.csv --limit 3
    """
    from trucewatch.linking.gazetteers import load_gazetteers

    found = load_gazetteers(list(files) or shelved()).search(name, country, limit)
    rows = [
        {"id": c.place_id, "name": c.name, "kind": c.kind, "in": c.admin, "lat": c.lat, "lon": c.lon,
         "radius_m": round(c.radius_m), "weight": c.weight, "point": f"{c.lat:.5f}, {c.lon:.5f}"}
        for c in found
    ]  # fmt: skip
    at = ("point",) if form == "table" else ("lat", "lon")
    write_rows(rows, ("id", "name", "kind", "in", *at, "radius_m", "weight"), form, empty=f"Nothing is called {name}.")
    if not rows:
        raise click.exceptions.Exit(1)


def shelf() -> Path:
    """Where gazetteers that belong to no dossier are kept."""
    return Path(user_data_dir("trucewatch")) / "gazetteers"


def shelved() -> list[Path]:
    """The gazetteers kept there, by name."""
    known = (".zip", ".csv", ".gz", ".tsv", ".txt", ".geojson", ".json")
    return sorted(p for p in shelf().glob("*") if p.suffix.lower() in known) if shelf().is_dir() else []


def _fetch(code: str, folder: Path, base_url: str, sha256: str | None) -> Path:
    from trucewatch.cli.bars import Bars
    from trucewatch.linking.gazetteers.downloads import fetch_country

    reached = 0

    with Bars() as bars:

        def told(done: int, total: int | None) -> None:
            nonlocal reached
            if not reached:
                bars.begin(f"{code.upper()}.zip", total)
            bars.advance(done - reached)
            reached = done

        return fetch_country(code, folder, base_url, sha256, told)


def _enter(dossier: Path, kept: Path) -> str:
    """The line of dossier.yaml that names the file, entered where the key is not there yet."""
    file, line = dossier / "dossier.yaml", f"gazetteers/{kept.name}"
    text = file.read_text("utf-8") if file.is_file() else ""
    named = (yaml.safe_load(text) or {}).get("gazetteers") or []
    if line in named:
        return f"{file} names it already."
    if named:
        return f"Add it to `gazetteers:` in {file}: {line}"
    file.write_text(f"{text.rstrip()}\ngazetteers: [{line}]\n", "utf-8")
    return f"Named under `gazetteers:` in {file}; the next run uses it."
