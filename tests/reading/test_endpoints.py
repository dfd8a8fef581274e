"""The optional reader against a real server process on this machine."""

import json
from pathlib import Path

import pytest

from trucewatch.reading.endpoints import EndpointReader, EndpointSettings
from trucewatch.terms.errors import SettingsError
from trucewatch.terms.reports import Report
from trucewatch.terms.spans import grounded

TEXT = (
    "Rebels shelled the town of Qarin on Thursday, killing four people. "
    "The army accused the rebels of breaking the truce."
)


def report(text=TEXT):
    return Report("rep_1", "one", None, None, "2021-06-18", "en", None, text, "")


def account(**changes):
    row = {
        "type": "shelling", "quote": "Rebels shelled the town of Qarin on Thursday", "reality": "asserted",
        "date": {"earliest": "2021-06-17", "latest": "2021-06-17"}, "places": ["Qarin"], "actors": ["Rebels"],
        "targets": [], "killed": {"min": 4, "max": 4}, "injured": None, "said_by": None, "breach": False,
    }  # fmt: skip
    return {"accounts": [{**row, **changes}], "statements": [], "tallies": []}


def read(url, **settings):
    reader = EndpointReader(EndpointSettings(url, "small", **settings))
    return reader, reader([report()])[0]


def test_a_grounded_account_is_kept_with_its_offsets(serve):
    url, _ = serve(account())
    _, reading = read(url)
    (found,) = reading.accounts
    assert grounded(TEXT, found.span, found.quote)
    assert (found.places[0].name, found.actors[0].name, found.killed.min) == ("Qarin", "Rebels", 4)
    assert reading.doubts == ()


def test_a_quote_that_is_not_in_the_text_drops_the_row_and_is_counted(serve):
    url, _ = serve(account(quote="Rebels bombed Qarin"))
    _, reading = read(url)
    assert reading.accounts == ()
    assert [d.code for d in reading.doubts] == ["quote-ungrounded"]


def test_an_ungrounded_name_drops_the_field_alone(serve):
    url, _ = serve(account(actors=["Rebels", "The Northern Front"], said_by="the mayor"))
    _, reading = read(url)
    assert [a.name for a in reading.accounts[0].actors] == ["Rebels"]
    assert reading.accounts[0].said_by == ()
    assert [d.code for d in reading.doubts] == ["field-ungrounded"] * 2


def test_a_type_outside_the_codebook_is_refused(serve):
    url, _ = serve(account(type="skirmish"))
    _, reading = read(url)
    assert reading.accounts == ()
    assert [d.code for d in reading.doubts] == ["value-unknown"]


def test_the_request_is_bound_to_the_codebook_and_carries_the_key(serve):
    url, seen = serve(account())
    read(url, key="secret")
    asked = json.loads(Path(seen).read_text())
    schema = asked["body"]["response_format"]["json_schema"]["schema"]
    assert asked["path"] == "/v1/chat/completions"
    assert asked["key"] == "Bearer secret"
    assert "drone_strike" in schema["properties"]["accounts"]["items"]["properties"]["type"]["enum"]


def test_the_cost_is_counted_from_the_tokens(serve):
    url, _ = serve(account())
    reader, _ = read(url, price_in=3.0, price_out=15.0)
    assert (reader.usage.n_reports, reader.usage.tokens_in, reader.usage.tokens_out) == (1, 1000, 200)
    assert reader.usage.cost == pytest.approx(0.006)


def test_a_passing_failure_is_tried_again(serve):
    url, _ = serve((503, "{}"), account())
    _, reading = read(url)
    assert len(reading.accounts) == 1


def test_a_lasting_failure_is_a_doubt_and_not_an_exception(serve):
    url, _ = serve((401, "{}"))
    _, reading = read(url)
    assert [d.code for d in reading.doubts] == ["endpoint-status"]


def test_an_answer_that_is_no_json_is_a_doubt(serve):
    url, _ = serve((200, "Sorry, no."))
    _, reading = read(url, tries=1)
    assert [d.code for d in reading.doubts] == ["endpoint-answer"]


def test_a_text_longer_than_is_sent_is_never_cut(serve):
    url, seen = serve(account())
    _, reading = read(url, max_chars=20)
    assert [d.code for d in reading.doubts] == ["endpoint-too-long"]
    assert not Path(seen).exists()


def test_an_address_of_another_scheme_is_refused():
    with pytest.raises(SettingsError):
        EndpointSettings("file:///etc/passwd", "small")


def test_the_key_does_not_show():
    assert "secret" not in repr(EndpointSettings("http://localhost/v1", "small", key="secret"))
