"""One request to the address and its answer: the only place of the reader that leaves the machine."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Any

from trucewatch.reading.endpoints.schemas import instructions, reading_schema
from trucewatch.reading.endpoints.settings import EndpointSettings
from trucewatch.terms.errors import TrucewatchError

_PASSING = frozenset({408, 429, 500, 502, 503, 504})  # answers that another try may better
_PAUSE_S = 0.5


class EndpointError(TrucewatchError):
    """The address does not answer as it should."""

    users_fault = False


@dataclass(frozen=True, slots=True)
class Answer:
    """The parsed JSON of the model, with the tokens it was counted for (0 where the server does not say)."""

    content: dict[str, Any]
    tokens_in: int
    tokens_out: int
    seconds: float


def ask(settings: EndpointSettings, text: str, published: str | None) -> Answer:
    """The model's reading of one text. Raises EndpointError where no try gives a JSON object."""
    began = time.monotonic()
    body = json.dumps(request_body(settings, text, published)).encode()
    for left in range(settings.tries - 1, -1, -1):
        try:
            raw = _post(settings, body)
            return _answer(raw, time.monotonic() - began)
        except urllib.error.HTTPError as err:
            if err.code not in _PASSING or not left:
                raise EndpointError("endpoint-status", f"answered {err.code}", where=settings.url) from err
        except (OSError, ValueError, KeyError, IndexError, TypeError) as err:
            if not left:
                raise EndpointError("endpoint-answer", f"no usable answer: {err}", where=settings.url) from err
        time.sleep(_PAUSE_S)
    raise EndpointError("endpoint-answer", "no usable answer", where=settings.url)


def request_body(settings: EndpointSettings, text: str, published: str | None) -> dict[str, Any]:
    """The request: temperature 0, and an answer bound to the schema."""
    return {
        "model": settings.model,
        "temperature": 0,
        "messages": [
            {"role": "system", "content": instructions()},
            {"role": "user", "content": f"Published: {published or 'not known'}\n\n{text}"},
        ],
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": "reading", "strict": True, "schema": reading_schema()},
        },
    }


def _post(settings: EndpointSettings, body: bytes) -> Any:
    headers = {"Content-Type": "application/json"}
    if settings.key:
        headers["Authorization"] = f"Bearer {settings.key}"
    request = urllib.request.Request(f"{settings.url.rstrip('/')}/chat/completions", body, headers, method="POST")
    with urllib.request.urlopen(request, timeout=settings.timeout_s) as answer:
        return json.loads(answer.read())


def _answer(raw: Any, seconds: float) -> Answer:
    content = json.loads(raw["choices"][0]["message"]["content"])
    if not isinstance(content, dict):
        raise ValueError("the answer is no JSON object")
    usage = raw.get("usage") or {}
    return Answer(content, int(usage.get("prompt_tokens", 0)), int(usage.get("completion_tokens", 0)), seconds)
