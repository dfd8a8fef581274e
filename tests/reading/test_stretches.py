import pytest
from parsing import report

from trucewatch.reading.readers import Reader
from trucewatch.reading.settings import ReadingSettings
from trucewatch.terms.places import NameHit

NAMES = {"Orvash", "Tellin", "Moscow", "Ankara", "Syria"}


class Known:
    """Knows the single words of NAMES as places."""

    def hits(self, words: list[str]) -> list[NameHit]:
        return [NameHit(i, i + 1, 1, True, 0.9) for i, word in enumerate(words) if word in NAMES]


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(ReadingSettings(learned=False), Known())


def mentions(reader: Reader, text: str) -> list[tuple[str, str, tuple[str, ...]]]:
    [(context, _)] = reader.contexts([report(text)])
    for p in context.places:
        assert p.mention.span.of(text) == p.mention.name
    return [(p.mention.name, p.mention.relation, p.mention.others) for p in context.places]


@pytest.mark.parametrize(
    ("text", "name", "relation"),
    [
        ("Shells fell on a village between Orvash and Tellin.", "between Orvash and Tellin", "between"),
        (
            "Jets struck a bridge between the towns of Orvash and Tellin.",
            "between the towns of Orvash and Tellin",
            "between",
        ),
        ("A convoy was ambushed on the road from Orvash to Tellin on Monday.", "road from Orvash to Tellin", "along"),
        ("A mine went off on the highway linking Orvash with Tellin.", "highway linking Orvash with Tellin", "along"),
    ],
)
def test_two_places_that_bound_a_stretch_are_one(reader: Reader, text: str, name: str, relation: str) -> None:
    assert mentions(reader, text) == [(name, relation, ("Orvash", "Tellin"))]


@pytest.mark.parametrize(
    "text", ["Talks between Moscow and Ankara failed in Orvash.", "Shells fell in Orvash and Tellin on Monday."]
)
def test_sides_and_lists_bound_none(reader: Reader, text: str) -> None:
    assert all(not others for _, _, others in mentions(reader, text))


@pytest.mark.parametrize(
    ("text", "relation"),
    [
        ("Clashes broke out on the outskirts of the city of Orvash.", "outskirts"),
        ("Two people were killed in Orvash's northern outskirts.", "outskirts"),
        ("A drone hit a truck two kilometres west of Orvash.", "distance"),
    ],
)
def test_how_it_lies_to_a_place_is_kept(reader: Reader, text: str, relation: str) -> None:
    assert [r for name, r, _ in mentions(reader, text) if name == "Orvash"] == [relation]
