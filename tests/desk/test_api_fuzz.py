"""Whatever the OpenAPI document allows, and whatever it does not, is answered; never with an error of ours."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import httpx
import pytest
import schemathesis
from desks import Desk
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis.generation import GenerationMode

pytestmark = pytest.mark.model

EXAMPLES = 12  # for each operation and each way of making requests


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["fitting", "misfit"])
def test_no_request_made_from_the_document_breaks_the_server(open_desk: Desk, mode: GenerationMode) -> None:
    document = httpx.get(open_desk.url + "/api/openapi.json").raise_for_status().json()
    broken: list[str] = []
    with httpx.Client(base_url=open_desk.url, timeout=60) as client:
        client.get("/login/")
        client.headers.update({"Referer": open_desk.url + "/", "X-CSRFToken": client.cookies.get("csrftoken", "")})
        operations = [found.ok() for found in schemathesis.openapi.from_dict(document).get_all_operations()]
        asked = [_ask(client, operation.as_strategy(generation_mode=mode), broken) for operation in operations]
    assert not broken, broken[:5]
    assert asked.count(0) <= 1, "more than one operation of the document was never asked"


def _ask(client: httpx.Client, cases: st.SearchStrategy[Any], broken: list[str]) -> int:
    """How many requests were answered; those answered with an error of ours are added to `broken`."""
    asked = 0

    @settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(case=cases)
    def ask(case: Any) -> None:
        nonlocal asked
        words = case.as_transport_kwargs(base_url=str(client.base_url))
        sent = {name: words[name] for name in ("params", "json") if name in words}
        try:
            request = client.build_request(words["method"], words["url"], **sent)
        except (ValueError, TypeError):
            return  # no HTTP client can write such an address
        answer = client.send(request)
        asked += 1
        if answer.status_code >= 500:
            broken.append(f"{answer.status_code} {request.method} {request.url} {words.get('json')!r:.300}")

    # an operation whose every request fits, such as one with nothing but a free id, has no misfit to make
    with suppress(Unsatisfiable):
        ask()
    return asked
