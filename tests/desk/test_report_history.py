"""A report's page lists what people decided on what was read from it, and each can be undone there."""

from __future__ import annotations

import re

import pytest
from desks import Desk, logged_in, token_in

pytestmark = pytest.mark.model


def test_a_rejected_account_comes_back_when_the_rejection_is_undone(either_desk: Desk) -> None:
    headers = {"Referer": either_desk.url + "/"}
    with logged_in(either_desk, "reviewer") as client:
        told = client.get("/api/accounts?limit=500&state=unreviewed").json()["rows"][-1]["account"]
        address, subject = f"/reports/{told['report_id']}/", told["account_id"]

        def state() -> str:
            rows = client.get("/api/accounts?limit=500").json()["rows"]
            found: str = next(r["state"] for r in rows if r["account"]["account_id"] == subject)
            return found

        form = {"csrfmiddlewaretoken": token_in(client.get(address).text), "reason": "it tells of another war"}
        client.post(f"{address}decision/", data={**form, "kind": "reject", "subject": subject}, headers=headers)
        assert state() == "rejected"
        history = client.get(address).text.split('id="history"')[1].split("</section>")[0]
        assert "it tells of another war" in history
        decision = re.findall(r'name="subject" value="(dec_[0-9a-f]+)"', history)[-1]
        client.post(f"{address}decision/", data={**form, "kind": "undo", "subject": decision}, headers=headers)
        assert state() == "unreviewed"
        history = client.get(address).text.split('id="history"')[1].split("</section>")[0]
        assert decision not in history and ">undone</span>" in history
