"""The page on `dossier.yaml` names every field with its default, and none that is not there."""

from __future__ import annotations

import re

from pages import ROOT

from trucewatch.running.dossiers import Dossier

PAGE = ROOT / "docs" / "reference" / "dossier.md"


def test_every_field_stands_on_the_page() -> None:
    told = re.findall(r"^\| `(\w+)` \|", PAGE.read_text("utf-8"), re.M)
    assert sorted(told) == sorted(set(Dossier.model_fields) - {"folder"})


def test_defaults_are_those_of_the_code() -> None:
    told = dict(re.findall(r"^\| `(\w+)` \| `?([\w\[\]]+)`? \|", PAGE.read_text("utf-8"), re.M))
    shown = {None: "none", False: "false", (): "[]"}
    for name, default in told.items():
        made = Dossier.model_fields[name].default
        wanted = f"[{', '.join(made)}]" if isinstance(made, tuple) and made else shown.get(made, str(made))
        assert default == wanted, name
    assert len(told) > 10
