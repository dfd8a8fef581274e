"""`trucewatch export`: the whole dossier as files."""

from __future__ import annotations

from pathlib import Path

import click

from trucewatch.cli.options import folder_argument


@click.command("export")
@folder_argument
@click.option(
    "-o", "--output", metavar="FOLDER", type=click.Path(file_okay=False, path_type=Path), help="DIR/export without it."
)
@click.option(
    "--format", "form", type=click.Choice(["jsonl", "csv", "parquet", "geojson"]), default="jsonl", show_default=True,
    help="jsonl is the whole store; csv and parquet the tables of analysts; geojson the incidents for a map.",
)  # fmt: skip
def command(folder: Path | None, output: Path | None, form: str) -> None:
    """Write the dossier as files: the same content gives the same bytes.

    JSON Lines hold every table with counts and hashes. CSV cells are safe to open in a spreadsheet. In GeoJSON an
    incident without a place has no geometry, and is there all the same.

    \b
    trucewatch export DIR -o export/
    trucewatch export DIR --format csv -o tables/
    trucewatch export DIR --format geojson -o map/
    """
    from trucewatch.running.openings import open_dossier

    dossier, _ = open_dossier(folder)
    from trucewatch.running.exports import export

    target = output or dossier.folder / "export"
    if form != "jsonl":
        for path in _tell(dossier.folder, target, form):
            click.echo(path)
        return
    counts = export(target)
    click.echo(f"{target}: " + ", ".join(f"{n} {name}" for name, n in counts.items()))


def _tell(folder: Path, target: Path, form: str) -> list[Path]:
    from trucewatch.running.tellings import load_telling
    from trucewatch.telling.exports.csvs import to_csv
    from trucewatch.telling.exports.geojson import to_geojson
    from trucewatch.telling.exports.rows import TABLES

    telling = load_telling(folder)
    target.mkdir(parents=True, exist_ok=True)
    if form == "parquet":
        from trucewatch.telling.exports.parquet import write_parquet

        files = [target / f"{table}.parquet" for table in TABLES]
        for path in files:
            write_parquet(telling, path, path.stem)
        return files
    if form == "geojson":
        texts = {"incidents.geojson": to_geojson(telling)}
    else:
        texts = {f"{table}.csv": to_csv(telling, table) for table in TABLES}
    paths = []
    for name, text in texts.items():
        path = target / name
        path.write_bytes(text.encode())
        paths.append(path)
    return paths
