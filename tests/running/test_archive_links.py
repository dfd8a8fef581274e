"""An archive linked window by window: what linking at once gives, on every engine, and only what changed anew."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from trucewatch.linking.incidents import Linker, LinkSettings
from trucewatch.running.archive_decisions import decide_on_archive
from trucewatch.running.archives import MOST_IN_PART, ArchiveSettings, Linked, link_archive
from trucewatch.running.engines import Engine, engine_named
from trucewatch.running.partitions import DONE, put
from trucewatch.running.progresses import Silent
from trucewatch.running.stages import copies
from trucewatch.terms.accounts import Account, Maker, Party, ReportReading, Speaker, Statement
from trucewatch.terms.counts import Count
from trucewatch.terms.errors import SettingsError
from trucewatch.terms.incidents import Incident
from trucewatch.terms.places import Place
from trucewatch.terms.records import rebuild
from trucewatch.terms.registries import Registry
from trucewatch.terms.reports import Report
from trucewatch.terms.spans import Span
from trucewatch.terms.times import Interval

columns = pytest.importorskip("trucewatch.running.columns", reason="needs pyarrow: pip install 'trucewatch[scale]'")
pq = pytest.importorskip("pyarrow.parquet")

MAKER = Maker("made", "1", "")
TOWNS = [
    Place(f"Town {n}", None, 50.0 + 0.06 * n, 20.0, 1500.0, f"t:{n}") for n in range(5)
]  # one to the next about 7 km


def archive(seed: int, n_reports: int = 60) -> list[ReportReading]:
    """Two months of reports: well dated, over two weeks, and not at all; with a denial here and there."""
    rng = random.Random(seed)
    out = []
    for number in range(n_reports):
        key = f"rep_{seed}_{number}"
        accounts = [_account(rng, key, k) for k in range(rng.randint(1, 4))]
        denial = Statement(
            f"sta_{key}", key, "denial", Party("Army"), "denied", Span(10, 16), None, MAKER
        )  # about what stands beside it
        published = None if rng.random() < 0.1 else f"2031-06-{rng.randint(1, 30):02}"
        report = Report(key, key, f"Paper {number % 7}", None, published, "en", None, "", "")
        out.append(ReportReading(report, tuple(accounts), (denial,) if rng.random() < 0.2 else ()))
    return out


def _account(rng: random.Random, report: str, number: int) -> Account:
    month, day = rng.choice(((5, 1), (5, 28), (6, 3))), rng.randint(0, 2)
    first = f"2031-{month[0]:02}-{month[1] + day:02}"
    last = first if rng.random() < 0.85 else f"2031-{month[0] + 1:02}-{month[1]:02}"
    quote = rng.choice(("shells hit the market", "a second strike hit the bakery", "the market was hit"))
    killed = rng.choice((None, 2, 3, 9))
    return Account(
        f"acc_{report}_{number}", report, rng.choice(("shelling", "airstrike", "attack")), quote, Span(0, len(quote)),
        "asserted", Interval(first, last) if rng.random() < 0.85 else None,
        (rng.choice(TOWNS),) if rng.random() < 0.9 else (), (Party(rng.choice(("Army", "Rebels"))),),
        (), None if killed is None else Count(killed, killed), None,
        (Speaker("Observatory"),) if rng.random() < 0.3 else (), False, MAKER,
    )  # fmt: skip


def write(readings: Sequence[ReportReading], folder: Path, n_parts: int = 4) -> Path:
    """As `trucewatch read` writes them, reports of any day in any partition."""
    for part in range(n_parts):
        write_one(readings[part::n_parts], folder, f"part-{part}")
    return folder


def write_one(readings: Sequence[ReportReading], folder: Path, name: str) -> None:
    for table, content in columns.tables_of(readings).items():
        (folder / table).mkdir(parents=True, exist_ok=True)
        pq.write_table(content, folder / table / f"{name}.parquet")
    put(folder / DONE / f"{name}.json", json.dumps({"fingerprint": "x", "n_reports": len(readings)}))


def link(readings: Path, output: Path, days: int = 5, engine: Engine | None = None, most: int = MOST_IN_PART) -> Linked:
    settings = ArchiveSettings(readings, output, days=days, most=most)
    return link_archive(settings, engine or engine_named("local"), Silent())


def spread(readings: Sequence[ReportReading]) -> list[ReportReading]:
    """The same, with the towns far apart: in four tiles, one on the edge of two."""

    def moved(account: Account) -> Account:
        return replace(account, places=tuple(replace(p, lon=15.0 + 1.7 * TOWNS.index(p)) for p in account.places))

    return [replace(r, accounts=tuple(map(moved, r.accounts))) for r in readings]


def rows(folder: Path) -> list[dict[str, Any]]:
    return [row for path in sorted(folder.glob("*.parquet")) for row in pq.read_table(path).to_pylist()]


def incidents(output: Path) -> list[Incident]:
    episode = {row["incident_id"]: row["episode_id"] for row in rows(output / "episodes")}
    found = [rebuild(Incident, json.loads(row["payload"])) for row in rows(output / "incidents")]
    return sorted((replace(i, episode_id=episode.get(i.incident_id)) for i in found), key=lambda i: i.incident_id)


def at_once(readings: Sequence[ReportReading]) -> list[Incident]:
    whole = Linker(LinkSettings(), Registry(()))(readings)
    return sorted((replace(i, links=()) for i in whole), key=lambda i: i.incident_id)


def files(output: Path) -> dict[str, bytes]:
    return {f"{p.parent.name}/{p.name}": p.read_bytes() for p in sorted(output.glob("[!_]*/*"))}


@pytest.mark.parametrize("days", [1, 5, 400])
@pytest.mark.parametrize("seed", [1, 2])
def test_windows_give_the_incidents_and_episodes_of_linking_at_once(tmp_path: Path, seed: int, days: int) -> None:
    readings = archive(seed)
    link(write(readings, tmp_path / "read"), tmp_path / "out", days)
    whole = at_once(readings)
    assert incidents(tmp_path / "out") == whole
    assert any(i.episode_id for i in whole) and any(len(i.account_ids) > 2 for i in whole)


@pytest.mark.parametrize("seed", [1, 2])
def test_windows_cut_by_place_give_the_incidents_and_episodes_of_linking_at_once(tmp_path: Path, seed: int) -> None:
    readings = spread(archive(seed))
    read = write(readings, tmp_path / "read")
    windows = link(read, tmp_path / "whole").n_linked
    assert link(read, tmp_path / "out", most=20).n_linked > windows + 2
    assert incidents(tmp_path / "out") == at_once(readings)
    assert {p.name.split(".")[1] for p in (tmp_path / "out" / "incidents").glob("*.*.parquet")} >= {
        "anywhere",
        "across",
    }
    assert link(read, tmp_path / "out", most=20).n_linked == 0


def test_windows_cut_by_place_are_the_same_on_several_processes(tmp_path: Path) -> None:
    read = write(spread(archive(4)), tmp_path / "read")
    link(read, tmp_path / "local", most=1)
    link(read, tmp_path / "processes", most=1, engine=engine_named("processes", 2))
    assert files(tmp_path / "local") == files(tmp_path / "processes")


def test_people_join_what_lies_in_different_tiles(tmp_path: Path) -> None:
    read, out = write(spread(archive(1)), tmp_path / "read"), tmp_path / "out"
    link(read, out, most=1)
    alone = {p.name: i for i in incidents(out) if len(i.places) == 1 and i.time for p in i.places}
    one, other = alone["Town 0"], alone["Town 4"]
    decide_on_archive(out, "merge", one.incident_id, [other.incident_id], author="ana", reason="one convoy")
    link(read, out, most=1)
    assert any({*one.account_ids, *other.account_ids} <= {*i.account_ids} for i in incidents(out))
    link(read, tmp_path / "whole")
    (tmp_path / "whole" / "decisions.jsonl").write_bytes((out / "decisions.jsonl").read_bytes())
    link(read, tmp_path / "whole")
    assert incidents(tmp_path / "whole") == incidents(out)


def test_links_are_those_of_linking_at_once(tmp_path: Path) -> None:
    readings = archive(3)
    link(write(readings, tmp_path / "read"), tmp_path / "out")
    wanted = {
        (i.incident_id, link.left_id, link.right_id, link.score, len(link.features))
        for i in Linker(LinkSettings(), Registry(()))(readings)
        for link in i.links
    }
    found = {
        (r["incident_id"], r["left_id"], r["right_id"], r["score"], len(r["features"]))
        for r in rows(tmp_path / "out" / "links")
    }
    assert found == wanted and wanted


def test_some_incidents_reach_over_the_edge_of_a_window(tmp_path: Path) -> None:
    link(write(archive(1), tmp_path / "read"), tmp_path / "out", 1)
    assert list((tmp_path / "out" / "incidents").glob("*.across.parquet"))


def test_processes_and_another_cut_of_partitions_give_the_same_files(tmp_path: Path) -> None:
    readings = archive(4)
    link(write(readings, tmp_path / "one", 1), tmp_path / "local")
    random.Random(0).shuffle(readings)
    link(write(readings, tmp_path / "many", 7), tmp_path / "processes", engine=engine_named("processes", 2))
    assert files(tmp_path / "local") == files(tmp_path / "processes")


@pytest.mark.model
def test_ray_gives_the_same_files(tmp_path: Path) -> None:
    pytest.importorskip("ray", reason="Ray is not installed (pip install 'trucewatch[scale]')")
    read = write(archive(4), tmp_path / "read")
    link(read, tmp_path / "local")
    link(read, tmp_path / "ray", engine=engine_named("ray", 2))
    assert files(tmp_path / "local") == files(tmp_path / "ray")


def test_a_new_partition_costs_only_its_days_and_ends_as_if_it_had_always_been_there(tmp_path: Path) -> None:
    readings, late = archive(5), [r for r in archive(6) if r.report.published]
    first = [replace(a, time=Interval("2031-05-02", "2031-05-02")) for a in late[0].accounts]
    late = [replace(late[0], accounts=tuple(first))]
    read = write(readings, tmp_path / "read")
    before = link(read, tmp_path / "out")
    assert link(read, tmp_path / "out") == Linked(0, 0, before.n_linked)
    write_one(late, read, "late")
    done = link(read, tmp_path / "out")
    assert done.n_sorted == 1 and 1 <= done.n_linked <= 2 and done.n_known >= before.n_linked - 2
    assert incidents(tmp_path / "out") == at_once([*readings, *late])
    for path in read.glob("*/late.*"):
        path.unlink()
    link(read, tmp_path / "out")
    link(read, tmp_path / "anew")
    assert files(tmp_path / "out") == files(tmp_path / "anew")


def test_another_length_of_windows_leaves_nothing_of_the_old(tmp_path: Path) -> None:
    read = write(archive(7), tmp_path / "read")
    link(read, tmp_path / "out", 3)
    link(read, tmp_path / "out", 11)
    link(read, tmp_path / "anew", 11)
    assert files(tmp_path / "out") == files(tmp_path / "anew")


def test_a_run_killed_between_windows_goes_on(tmp_path: Path) -> None:
    class Stopping:
        """An engine that is killed after two windows."""

        def map(self, work: Any, batches: Any) -> Any:
            for number, result in enumerate(engine_named("local").map(work, batches)):
                if number == 2 and type(work).__name__ == "WindowWork":
                    raise KeyboardInterrupt
                yield result

    read = write(archive(8), tmp_path / "read")
    with pytest.raises(KeyboardInterrupt):
        link(read, tmp_path / "out", engine=Stopping())
    assert link(read, tmp_path / "out").n_known == 2
    link(read, tmp_path / "anew")
    assert files(tmp_path / "out") == files(tmp_path / "anew")


def test_a_folder_without_readings_says_so(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="no-readings"):
        link(tmp_path, tmp_path / "out")


def syndicated() -> list[ReportReading]:
    """One agency's text in three papers over two months, once cut and once copied from a copy, and one of its own."""
    words = " ".join(f"word{n}" for n in range(120))
    texts = {
        "agency": (words, "2031-05-30"),
        "paper": (words + " edited by the night shift", "2031-05-31"),
        "weekly": (words + " edited by the night shift and printed", "2031-06-02"),
        "other": (" ".join(f"else{n}" for n in range(120)), "2031-06-01"),
    }
    out = []
    for number, (name, (text, published)) in enumerate(sorted(texts.items())):
        key = f"rep_{number}"
        told = replace(_account(random.Random(1), key, 0), said_by=(), time=Interval("2031-05-29", "2031-05-29"))
        out.append(ReportReading(Report(key, name, name.title(), None, published, "en", None, text, ""), (told,)))
    return out


def test_copies_have_one_origin_even_over_the_end_of_a_month_and_through_a_copy(tmp_path: Path) -> None:
    readings = syndicated()
    link(write(readings, tmp_path / "read"), tmp_path / "out")
    (incident,) = incidents(tmp_path / "out")
    assert [(o.name, len(o.account_ids)) for o in incident.origins] == [("Agency", 3), ("Other", 1)]
    flags = copies([r.report for r in readings])
    flagged = [
        replace(r, report=replace(r.report, duplicate_of=flags.get(r.report.report_id, (None,))[0])) for r in readings
    ]
    assert [incident] == at_once(flagged)


def test_a_copy_that_comes_late_changes_only_what_it_copies(tmp_path: Path) -> None:
    (agency, *rest) = syndicated()
    read = write(rest, tmp_path / "read", 2)
    link(read, tmp_path / "out")
    assert "Paper" in {o.name for o in incidents(tmp_path / "out")[0].origins}
    write_one([agency], read, "late")
    link(read, tmp_path / "out")
    link(read, tmp_path / "anew")
    assert files(tmp_path / "out") == files(tmp_path / "anew")
    assert {o.name for o in incidents(tmp_path / "out")[0].origins} == {"Agency", "Other"}


def test_copies_are_the_same_on_several_processes(tmp_path: Path) -> None:
    read = write(syndicated(), tmp_path / "read", 3)
    link(read, tmp_path / "local")
    link(read, tmp_path / "processes", engine=engine_named("processes", 2))
    assert files(tmp_path / "local") == files(tmp_path / "processes")
    found = [sorted((tmp_path / o / "_windows" / "copies").glob("*.parquet")) for o in ("local", "processes")]
    assert [p.read_bytes() for p in found[0]] == [p.read_bytes() for p in found[1]] and len(found[0]) > 1
