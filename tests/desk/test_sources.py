"""The page of sources: what each has reported, and which reports only repeat another."""

from __future__ import annotations

import pytest
from desks import Desk, logged_in
from test_uploads import added, ended

pytestmark = pytest.mark.model
STORY = (
    "Saraqib, 11 March 2020. Government forces shelled the eastern quarter of Saraqib on Wednesday morning, residents "
    "and a local council said. Two people were killed and five were injured, among them a nurse on her way to work. "
    "The council said that eleven shells had landed within half an hour near the bakery and the bus station. It asked "
    "the monitors of the ceasefire to come and see the craters. A spokesman of the army did not answer. The road "
    "to the north was closed until noon, and the school in the quarter will stay shut for the rest of the week."
)


def test_a_report_that_repeats_another_is_named_with_it_and_sources_lead_to_reports(open_desk: Desk) -> None:
    with logged_in(open_desk, None) as client:
        files = [("first.txt", STORY.encode()), ("second.txt", STORY.replace("Two people", "Two men").encode())]
        answer = added(client, open_desk, files, source="Echo Wire", published="2020-03-11")
        assert ">done</span>" in ended(client, answer.headers["location"])
        page = client.get("/sources/").text
    copies = page.split('id="copies"')[1]
    assert "Echo Wire" in copies and "%" in copies
    assert '/reports/?source=Echo%20Wire">' in page
    assert "/reports/?source=Levant%20Wire" in page
