"""What the guide on archives shows runs: its queries, the page of the example, the notebook."""

from __future__ import annotations

import ast
import importlib.util
import json
import re
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import test_archive_links as made

duckdb = pytest.importorskip("duckdb", reason="needs duckdb: pip install 'trucewatch[scale]'")
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Readings and incidents of a small archive, in folders of the guide's names."""
    folder = tmp_path_factory.mktemp("analysis")
    made.link(made.write(made.archive(1), folder / "readings"), folder / "incidents")
    return folder


def test_the_queries_of_the_guide_have_answers(folder: Path) -> None:
    text = (ROOT / "docs/guides/archives.md").read_text("utf-8")
    (block,) = re.findall(r"```sql\n(.*?)```", text, re.S)
    some_id = duckdb.sql(f"select min(incident_id) from '{folder}/incidents/incidents/*.parquet'").fetchall()[0][0]
    for query in filter(str.strip, block.replace("inc_...", some_id).split(";")):
        named = re.sub(r"'(incidents|readings)/", rf"'{folder}/\1/", query)
        assert duckdb.sql(named).fetchall(), query


def test_the_page_of_the_example_draws_every_question(folder: Path) -> None:
    analysis = load(ROOT / "examples/archive/analysis.py")
    answers = analysis.ask(folder / "incidents")
    page = analysis.page(answers)
    n_incidents, n_accounts = answers["overview"][0][:2]
    assert n_accounts == sum(len(r.accounts) for r in made.archive(1)) and n_incidents == len(
        made.at_once(made.archive(1))
    )
    assert page.count("<svg") == page.count("</svg>") == len(analysis.QUESTIONS) - 1
    assert f"{n_incidents:,} incidents from {n_accounts:,} accounts" in page


def test_every_cell_of_the_notebook_runs(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    book = json.loads((ROOT / "examples/archive/million.ipynb").read_text("utf-8"))
    monkeypatch.setenv("INCIDENTS", str(folder / "incidents"))
    monkeypatch.setenv("READINGS", str(folder / "readings"))
    monkeypatch.syspath_prepend(str(ROOT / "examples/archive"))
    cells = [cell for cell in book["cells"] if cell["cell_type"] == "code"]
    space: dict[str, Any] = {}
    shown = [run("".join(cell["source"]), space) for cell in cells]
    assert (
        shown[0].fetchall()
        == duckdb.sql(f"""
        select (select count(*) from '{folder}/readings/accounts/*.parquet'),
               (select count(*) from '{folder}/incidents/incidents/*.parquet')""").fetchall()
    )
    plots = [drawing._repr_html_() for drawing in shown if type(drawing).__name__ == "Drawing"]
    assert len(plots) == 5 and all("<svg" in plot and "nan" not in plot for plot in plots)
    # what is stored was run too, and shows plots where these cells do
    stored = ["".join(o["data"]["text/html"]) for cell in cells for o in cell["outputs"] if "data" in o]
    assert sum("<svg" in markup for markup in stored) == len(plots)


def run(code: str, space: dict[str, Any]) -> Any:
    """The value of the last line of a cell, as a notebook shows it."""
    tree = ast.parse(code)
    last = tree.body.pop()
    exec(compile(tree, "cell", "exec"), space)
    return eval(compile(ast.Expression(last.value), "cell", "eval"), space) if isinstance(last, ast.Expr) else None


def load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
