"""The reader of English reports: triage, parse, mentions, candidates, accounts, statements and tallies."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from trucewatch.reading.accounts import make_accounts, without_counted
from trucewatch.reading.attribution import find_attributions
from trucewatch.reading.candidates import Candidate, find_candidates
from trucewatch.reading.casing import common_words, recased
from trucewatch.reading.choosing import shipped_choices
from trucewatch.reading.cleaning import find_skipped
from trucewatch.reading.contexts import ReportContext
from trucewatch.reading.english.lexicons import english_lexicon
from trucewatch.reading.english.parses import Parser
from trucewatch.reading.guesses import Guess, PassageGuess
from trucewatch.reading.learned import LearnedPart
from trucewatch.reading.mentions.actors import find_actors
from trucewatch.reading.mentions.places import find_places
from trucewatch.reading.mentions.times import find_times
from trucewatch.reading.passages import break_lines, find_sentences, find_skips, triage
from trucewatch.reading.quiet import find_quiet
from trucewatch.reading.scoring import shipped_scorers
from trucewatch.reading.settings import ReadingSettings
from trucewatch.reading.statements import find_statements
from trucewatch.reading.tallies import find_tallies
from trucewatch.terms.accounts import Doubt, Maker, ReportReading, Statement, Tally
from trucewatch.terms.actors import ActorNames
from trucewatch.terms.errors import ModelMissing
from trucewatch.terms.ids import content_hash
from trucewatch.terms.places import PlaceNames
from trucewatch.terms.reports import Report

VERSION = "1"


class Reader:
    """Loads the language model when made; called with reports, returns what each holds, in the same order.

    Raises ModelMissing where the model, or the weights where the settings ask for them, are not installed.
    """

    def __init__(
        self,
        settings: ReadingSettings | None = None,
        place_names: PlaceNames | None = None,
        actor_names: ActorNames | None = None,
    ) -> None:
        self.settings = settings or ReadingSettings()
        self._places, self._actors = place_names, actor_names
        self._parser = Parser(self.settings.model)
        self._common = common_words(self._parser.nlp)
        self._lexicon = english_lexicon()
        self._learned = LearnedPart() if self.settings.learned else None
        self.maker = Maker("reading", VERSION, content_hash(self.settings)[:12])

    @property
    def learns(self) -> bool:
        """True where the learned part takes part in the reading."""
        return self._learned is not None

    def __call__(self, reports: Sequence[Report]) -> list[ReportReading]:
        """One reading per report. A report in another language is given back unread, with a doubt that says so."""
        readings: dict[int, ReportReading] = {}
        todo: list[int] = []
        for k, report in enumerate(reports):
            if report.language not in (None, "en"):
                doubt = Doubt(
                    "language-unread", report.report_id, report.name, f"no reader for language '{report.language}'"
                )
                readings[k] = ReportReading(report, doubts=(doubt,))
            elif report.text.strip() and triage(report.text, self._lexicon):
                todo.append(k)
            else:
                readings[k] = ReportReading(report)
        for k, (context, guess) in zip(todo, self.contexts([reports[k] for k in todo]), strict=True):
            readings[k] = self._read(context, guess)
        return [readings[k] for k in range(len(reports))]

    def contexts(self, reports: Sequence[Report]) -> Iterator[tuple[ReportContext, Guess]]:
        """The parse and the mentions of each report, with what the learned part guesses (nothing where it is off)."""
        docs = (break_lines(self._parser.make_doc(recased(r.text, self._common, self._places))) for r in reports)
        for report, doc in zip(reports, self._parser(docs, self.settings.batch_size), strict=True):
            guess = self._learned([doc], [report.title])[0] if self._learned is not None else Guess()
            yield self._context(report, doc), guess

    def candidates(self, context: ReportContext, guess: Guess) -> list[Candidate]:
        """Every candidate before scoring, sentences of other fields left out; what the scorers are trained on."""
        quiet = find_quiet(context.doc, context.sentences)
        return [c for c in find_candidates(context, self._lexicon, guess) if c.act.sentence not in quiet]

    def _context(self, report: Report, doc: Any) -> ReportContext:
        sentences = find_sentences(doc)
        of = [-1] * len(doc)
        for s, (start, end) in enumerate(sentences):
            of[start:end] = [s] * (end - start)
        skipped = find_skips(doc, report, sentences, find_skipped(report.text))
        actors = find_actors(doc, self._actors, sentences, skipped)
        doers = frozenset(j for m in actors if m.kind in ("armed", "body") for j in range(m.start, m.end))
        return ReportContext(
            report=report,
            doc=doc,
            sentences=sentences,
            sentence_of=tuple(of),
            times=tuple(find_times(doc, report.published)),
            places=tuple(find_places(doc, self._places, sentences, skipped, doers)),
            actors=actors,
            attributions=find_attributions(doc, sentences, skipped),
            maker=self.maker,
            skipped=skipped,
        )

    def _read(self, context: ReportContext, guess: Guess) -> ReportReading:
        candidates = self.candidates(context, guess)
        scorers, asked = shipped_scorers(), self.settings.threshold
        threshold = asked if asked is not None else scorers.confidence.threshold
        accounts = make_accounts(context, candidates, guess, scorers, shipped_choices(), threshold)
        statements, tallies, doubts = _said(context, guess.passages if self._learned is not None else None)
        return ReportReading(context.report, without_counted(accounts, tallies), statements, tallies, doubts)


def _said(
    context: ReportContext, passages: Sequence[PassageGuess] | None
) -> tuple[tuple[Statement, ...], tuple[Tally, ...], tuple[Doubt, ...]]:
    """Statements and tallies; a doubt in their place where their weights are not installed."""
    try:
        statements = find_statements(context.doc, context, passages)
        return tuple(statements), tuple(find_tallies(context.doc, context, passages)), ()
    except ModelMissing as gone:
        return (), (), (Doubt(gone.code, context.report.report_id, context.report.name, gone.what),)
