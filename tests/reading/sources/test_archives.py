"""Zip and gzip archives, and what hides in them."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Mapping

from made_files import TEXT, Takes

from trucewatch.reading.sources import IngestSettings, Limits


def make_zip(members: Mapping[str, bytes | str], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def test_members_are_read_by_name_whatever_their_format(take: Takes) -> None:
    reports, doubts = take("r.zip", make_zip({"b/two.txt": TEXT + " Two.", "a.jsonl": '{"id":"one","text":"A text."}'}))
    assert [r.name for r in reports] == ["one", "b/two.txt"]
    assert reports[1].origin_file is not None and reports[1].origin_file.endswith("r.zip!b/two.txt")
    assert [d.code for d in doubts] == ["language-unsure"]


def test_an_archive_in_an_archive_is_read(take: Takes) -> None:
    assert [r.name for r in take("r.zip", make_zip({"inner.zip": make_zip({"a.txt": TEXT})}))[0]] == ["a.txt"]


def test_archives_nested_too_deep_are_a_doubt(take: Takes) -> None:
    content = make_zip({"a.txt": TEXT})
    for _ in range(5):
        content = make_zip({"inner.zip": content})
    reports, doubts = take("r.zip", content)
    assert reports == []
    assert [d.code for d in doubts] == ["archive-too-deep"]


def test_a_bomb_is_not_unpacked(take: Takes) -> None:
    reports, doubts = take("bomb.zip", make_zip({"zeros.txt": b"0" * 50_000_000, "a.txt": TEXT}))
    assert reports == []
    assert [d.code for d in doubts] == ["archive-ratio"]


def test_an_archive_that_unpacks_to_too_much_is_a_doubt(take: Takes) -> None:
    settings = IngestSettings(limits=Limits(unpacked=5_000))
    content = make_zip({f"{n}.txt": TEXT * 20 for n in range(3)})
    assert [d.code for d in take("r.zip", content, settings)[1]] == ["archive-too-large"]


def test_an_archive_of_too_many_members_is_a_doubt(take: Takes) -> None:
    settings = IngestSettings(limits=Limits(entries=3))
    assert [d.code for d in take("r.zip", make_zip({f"{n}.txt": TEXT for n in range(4)}), settings)[1]] == [
        "archive-too-many"
    ]


def test_overlapping_members_are_a_doubt(take: Takes) -> None:
    plain = make_zip({"a.txt": TEXT}, zipfile.ZIP_STORED)
    out = io.BytesIO(plain)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_STORED) as archive:
        again = archive.infolist()[0]
        archive.filelist.extend([again] * 5)
        archive._didModify = True  # type: ignore[attr-defined]
    assert [d.code for d in take("r.zip", out.getvalue())[1]] == ["archive-ratio"]


def test_a_locked_member_is_a_doubt_and_the_rest_is_read(take: Takes) -> None:
    content = bytearray(make_zip({"a.txt": TEXT, "b.txt": TEXT + " Two."}, zipfile.ZIP_STORED))
    content[content.index(b"PK\x01\x02") + 8] |= 1  # the flag of the first entry in the directory
    reports, doubts = take("r.zip", bytes(content))
    assert [r.name for r in reports] == ["b.txt"]
    assert [d.code for d in doubts] == ["locked-file"]


def test_a_damaged_member_is_a_doubt_and_the_rest_is_read(take: Takes) -> None:
    content = make_zip({"a.txt": TEXT, "b.txt": TEXT + " Two."}, zipfile.ZIP_STORED).replace(b"killing", b"kissing", 1)
    reports, doubts = take("r.zip", content)
    assert [r.name for r in reports] == ["b.txt"]
    assert [(d.code, d.where.rpartition("!")[2]) for d in doubts] == [("broken-file", "a.txt")]


def test_a_cut_archive_is_a_doubt(take: Takes) -> None:
    assert [d.code for d in take("r.zip", make_zip({"a.txt": TEXT})[:60])[1]] == ["broken-file"]


def test_resource_forks_of_the_mac_are_left_out(take: Takes) -> None:
    reports, doubts = take("r.zip", make_zip({"__MACOSX/._a.txt": b"\x00\x05\x16\x07", "a.txt": TEXT}))
    assert (len(reports), doubts) == (1, [])


def test_a_gzip_file_is_read_as_what_it_holds(take: Takes) -> None:
    reports, _ = take("r.jsonl.gz", gzip.compress(b'{"id": "one", "text": "%s"}\n' % TEXT.encode()))
    assert [(r.name, r.media_type) for r in reports] == [("one", "application/jsonl")]


def test_a_gzip_bomb_is_not_unpacked(take: Takes) -> None:
    assert [d.code for d in take("r.txt.gz", gzip.compress(b"0" * 50_000_000))[1]] == ["archive-ratio"]
