from pathlib import Path

import pytest
from made_accounts import account, reading

from trucewatch.linking.actors import ActorLinker, load_registry
from trucewatch.terms.errors import SettingsError

ACTORS = """
actors:
  - {id: syria, name: Syria, kind: state, aliases: [{name: the regime, kind: description}]}
  - {id: saa, name: Syrian Arab Army, kind: army, aliases: [SAA], memberships: [syria]}
  - {id: russia, name: Russia, kind: state}
  - {id: ruaf, name: Russian Aerospace Forces, kind: army, memberships: [{of: russia}]}
  - {id: turkey, name: Turkey, kind: state}
  - {id: hts, name: Hayat Tahrir al-Sham, aliases: [HTS, {name: Nusra Front, until: 2016-07-28, kind: formerly}]}
"""


@pytest.fixture
def actors(tmp_path: Path) -> ActorLinker:
    path = tmp_path / "actors.yaml"
    path.write_text(ACTORS, "utf-8")
    return ActorLinker(load_registry(path))


@pytest.mark.parametrize(
    ("name", "actor_id"),
    [
        ("HTS", "hts"),
        ("HTS fighters", "hts"),
        ("the regime", "saa"),
        ("regime forces", "saa"),
        ("Russian warplanes", "ruaf"),
        ("Russian Defence Ministry", "russia"),
        ("Turkish soldiers", "turkey"),
        ("Turkish-backed groups", None),
        ("unknown gunmen", None),
        ("anti-regime forces", None),
        ("SAA artillery", "saa"),
    ],
)
def test_names_and_descriptions_resolve(actors: ActorLinker, name: str, actor_id: str | None) -> None:
    out = actors([reading("r1", account("r1", actors=(name,)))])[0]
    expected = "syria" if name == "the regime" else actor_id
    assert out.accounts[0].actors[0].actor_id == expected


def test_an_alias_is_held_against_the_day_of_the_account(actors: ActorLinker) -> None:
    early, late = account("r1", 0, actors=("Nusra Front",), day="2016-01-01"), account("r1", 1, actors=("Nusra Front",))
    out = actors([reading("r1", early, late)])[0]
    assert [a.actors[0].actor_id for a in out.accounts] == ["hts", None]


def test_an_unresolved_actor_is_one_doubt_for_each_report(actors: ActorLinker) -> None:
    rows = [account("r1", n, actors=("masked men",)) for n in range(3)]
    out = actors([reading("r1", *rows)])[0]
    assert [(d.code, d.subject_id) for d in out.doubts] == [("unresolved-actor", "acc_r1_0")]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("actors: 3", "actors-list"),
        ("actors: [{name: X}]", "actors-entry"),
        ("actors: [", "actors-yaml"),
        ("actors: [{id: a, name: A, colour: red}]", "actors-entry"),
    ],
)
def test_a_wrong_file_says_what_and_where(tmp_path: Path, content: str, code: str) -> None:
    path = tmp_path / "actors.yaml"
    path.write_text(content, "utf-8")
    with pytest.raises(SettingsError) as caught:
        load_registry(path)
    assert caught.value.code == code and str(path) in caught.value.where
