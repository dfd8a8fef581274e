"""Ingest as a whole: folders, standard input, overrides, keeping raw bytes, and input that wants to break it."""

from __future__ import annotations

import io
import sys
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made_files import TEXT, Takes, make_pdf, parted

from trucewatch.reading.sources import IngestSettings, Limits, ingest, keep_raw, raw_path, read_raw
from trucewatch.reading.sources.drafts import Raw
from trucewatch.reading.sources.formats import formats
from trucewatch.terms.reports import Report


def test_a_folder_is_read_by_name_with_all_below_and_without_the_hidden(tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.txt", ".git/c.txt", ".hidden.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(f"{TEXT} {name}")
    reports, doubts = parted([tmp_path])
    assert ([r.name for r in reports], doubts) == (["b.txt", "a/z.txt"], [])


def test_bad_files_are_doubts_and_the_rest_goes_on(tmp_path: Path) -> None:
    (tmp_path / "a-empty.txt").write_text("")
    (tmp_path / "b-blank.txt").write_text(" \n\n ")
    (tmp_path / "c-cut.pdf").write_bytes(make_pdf([[TEXT]])[:99])
    (tmp_path / "d-locked.pdf").write_bytes(make_pdf([[TEXT]], password="x"))
    (tmp_path / "e-no.zip").write_bytes(b"PK\x03\x04 and then nothing")
    (tmp_path / "f-good.txt").write_text(TEXT)
    reports, doubts = parted([tmp_path, tmp_path / "gone.txt"])
    assert [r.name for r in reports] == ["f-good.txt"]
    codes = ["empty-file", "empty-file", "broken-file", "locked-file", "broken-file", "no-such-file"]
    assert [d.code for d in doubts] == codes


def test_a_file_of_50_mb_is_a_doubt(take: Takes) -> None:
    assert [d.code for d in take("long.txt", b"shell " * 8_500_000)[1]] == ["file-too-large"]


def test_a_text_beyond_the_limit_is_a_doubt(take: Takes) -> None:
    assert [d.code for d in take("long.txt", "shell " * 200_000)[1]] == ["text-too-long"]


def test_standard_input_is_read_by_its_content(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = b'{"id": "one", "text": "%s"}\n' % TEXT.encode()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(lines)))
    reports, doubts = parted(["-"])
    assert ([r.name for r in reports], doubts) == (["one"], [])


def test_overrides_stand_instead_of_what_the_file_says(take: Takes) -> None:
    given_ = IngestSettings(published="2021-01-01", source="Theirs", language="fr")
    report = take("a.jsonl", f'{{"text": "{TEXT}", "published": "2020-03-07", "source": "Ours"}}', given_)[0][0]
    assert (report.published, report.source, report.language) == ("2021-01-01", "Theirs", "fr")


def test_raw_bytes_are_kept_under_their_hash(take: Takes, tmp_path: Path) -> None:
    raw_dir = tmp_path / "raw"
    report = take("a.txt", TEXT, IngestSettings(raw_dir=raw_dir))[0][0]
    assert raw_path(report.sha256, raw_dir).read_text() == TEXT


def test_keeping_twice_writes_once(tmp_path: Path) -> None:
    digest = keep_raw(b"abc", tmp_path)
    path = raw_path(digest, tmp_path)
    before = path.stat().st_mtime_ns
    assert (keep_raw(b"abc", tmp_path), path.stat().st_mtime_ns) == (sha256(b"abc").hexdigest(), before)


def test_ingest_is_lazy(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT)
    found = ingest([tmp_path / "a.txt", tmp_path / "b.txt"])
    assert isinstance(next(found), Report)
    (tmp_path / "b.txt").write_text(f"{TEXT} Two.")
    assert isinstance(next(found), Report)


def test_the_same_files_give_the_same_reports(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(make_pdf([[TEXT]]))
    (tmp_path / "b.txt").write_text(TEXT)
    assert list(ingest([tmp_path])) == list(ingest([tmp_path]))


def test_a_package_adds_a_format_by_an_entry_point(
    take: Takes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "package"
    info = package / "subtitles-1.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: subtitles\nVersion: 1\n")
    (info / "entry_points.txt").write_text(
        "[trucewatch.formats]\nsrt = subtitles_read:read\ntxt = subtitles_read:read\n"
    )
    (package / "subtitles_read.py").write_text(
        "from trucewatch.reading.sources.drafts import Draft\n"
        "def read(raw, settings):\n"
        "    content = raw.read(settings.limits.file)\n"
        "    yield Draft(raw.name, raw.where, content.decode().split('-->')[1], content, 'application/x-subrip')\n"
    )
    monkeypatch.syspath_prepend(str(package))
    formats.cache_clear()
    try:
        assert take("a.srt", f"00:01 --> {TEXT}")[0][0].text == TEXT
        assert take("a.txt", TEXT)[0][0].media_type == "text/plain"  # ours stays
    finally:
        formats.cache_clear()


STARTS = {
    "pdf": b"%PDF-1.4\n", "docx": b"PK\x03\x04", "zip": b"PK\x03\x04", "gz": b"\x1f\x8b\x08", "html": b"<html><p>",
    "xml": b"<rss><channel><item>", "eml": b"From: a@b.example\nSubject: x\n", "json": b"[{", "jsonl": b'{"text":',
    "csv": b"id,text\n1,", "md": b"---\n", "": b"",
}  # fmt: skip


@pytest.mark.parametrize("ending", sorted({*STARTS, *formats()}))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=400), start=st.booleans())
def test_no_bytes_raise_and_all_offsets_lie_in_the_text(ending: str, content: bytes, start: bool) -> None:
    content = STARTS.get(ending, b"") + content if start else content
    raw = Raw(f"x.{ending}", "x", lambda: io.BytesIO(content))
    for found in read_raw(raw, IngestSettings(limits=Limits(text_chars=10_000))):
        if isinstance(found, Report):
            assert found.text.encode()
            assert all(0 <= s.start < s.end <= len(found.text) for s in found.skipped)
