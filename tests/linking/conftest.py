"""A small made-up gazetteer and accounts by hand: one valley, two towns of one name, a far namesake."""

from __future__ import annotations

from pathlib import Path

import pytest

from trucewatch.linking.gazetteers import Gazetteer, load_gazetteers

PLACES = """name,aliases,lat,lon,kind,country,admin1,population
Idlib,Idleb|إدلب,35.93,36.63,city,SY,Idlib,165000
Idlib,,35.83,36.70,province,SY,,1500000
Kafr Nabl,Kafranbel,35.613,36.561,town,SY,Idlib,20000
Ma'arrat al-Nu'man,,35.643,36.668,town,SY,Idlib,58000
Saraqib,Saraqeb,35.864,36.806,town,SY,Idlib,34000
al-Bara,,35.685,36.536,village,SY,Idlib,3000
Burayj,,35.37,35.98,village,SY,Latakia,500
Burayj,,35.95,37.60,village,SY,Aleppo,500
Taybah,,14.20,44.10,village,YE,Ibb,400
Marea,,36.48,37.20,town,SY,Aleppo,16000
"""


@pytest.fixture(scope="session")
def places_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("gazetteer") / "valley.csv"
    path.write_text(PLACES, "utf-8")
    return path


@pytest.fixture(scope="session")
def gazetteer(places_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Gazetteer:
    return load_gazetteers([places_file], builtin=False, folder=tmp_path_factory.mktemp("index"))
