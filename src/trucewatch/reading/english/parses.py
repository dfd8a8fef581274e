"""The parse of English texts: the pipes of the language model but for names, at less cost, with the same outcome."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from spacy.attrs import DEP, LEMMA, MORPH, ORTH, POS, TAG
from spacy.matcher import Matcher
from spacy.tokens import Doc
from thinc.api import NumpyOps

from trucewatch.terms.errors import ModelMissing

_KEY, _SET = [ORTH, TAG, DEP], [TAG, POS, MORPH, LEMMA, DEP]
_MOST_KEPT = 200_000  # forms; about 60 MB, more than a language needs, so that a stream of misprints cannot fill memory
_APART = "|"  # keeps forms that are looked up together from being taken for one phrase

_Form = tuple[int, int, int]


class Parser:
    """Loads the language model when made. Raises ModelMissing where it is not installed."""

    def __init__(self, name: str) -> None:
        self.nlp = _loaded(name)
        ops = NumpyOps(use_blis=False)  # on wide processors numpy multiplies matrices in a third of the time of BLIS
        for pipe in ("tok2vec", "tagger", "parser"):
            for node in self.nlp.get_pipe(pipe).model.walk():
                node.ops = ops
        self._forms = _Forms(self.nlp.get_pipe("attribute_ruler"), self.nlp.get_pipe("lemmatizer"))
        self.nlp.select_pipes(disable=["attribute_ruler", "lemmatizer"])

    def make_doc(self, text: str) -> Doc:
        """The tokens of a text, without a parse."""
        return self.nlp.make_doc(text)

    def __call__(self, docs: Iterable[Doc], batch_size: int) -> Iterator[Doc]:
        """The docs with tags, lemmas and parse, in the same order."""
        for doc in self.nlp.pipe(docs, batch_size=batch_size):
            yield self._forms(doc)


class _Forms:
    """What ruler and lemmatizer say of a form with its tag and place in the parse, asked once for each.

    Only the ruler's few patterns of several tokens look beyond one; where they fit, the run is asked by itself.
    """

    def __init__(self, ruler: Any, lemmatizer: Any) -> None:
        self._pipes = (ruler, lemmatizer)
        self._vocab = ruler.vocab
        self._known: dict[_Form, tuple[int, ...]] = {}
        self._phrases = Matcher(self._vocab)
        for n, row in enumerate(ruler.patterns):
            if phrases := [pattern for pattern in row["patterns"] if len(pattern) > 1]:
                self._phrases.add(str(n), phrases)

    def __call__(self, doc: Doc) -> Doc:
        if not len(doc):
            return doc
        forms = list(map(tuple, doc.to_array(_KEY).tolist()))
        if len(self._known) > _MOST_KEPT:
            self._known.clear()
        if unseen := sorted(set(forms).difference(self._known)):
            self._known.update(zip(unseen, self._asked(unseen, apart=True), strict=True))
        rows = [self._known[form] for form in forms]
        for start, end in _merged(self._phrases(doc, allow_missing=True)):
            rows[start:end] = self._asked(forms[start:end], apart=False)
        return doc.from_array(_SET, np.array(rows, dtype=np.uint64))

    def _asked(self, forms: list[_Form], *, apart: bool) -> list[tuple[int, ...]]:
        strings = self._vocab.strings
        words, tags, deps = ([strings[form[n]] for form in forms] for n in range(3))
        step = 1
        if apart:
            step = 2
            words = [word for form in words for word in (form, _APART)]
            tags = [tag for form in tags for tag in (form, "SYM")]
            deps = [dep for form in deps for dep in (form, "")]
        doc = Doc(self._vocab, words, tags=tags, deps=deps, heads=list(range(len(words))))
        for pipe in self._pipes:
            doc = pipe(doc)
        return list(map(tuple, doc.to_array(_SET)[::step].tolist()))


def _merged(found: Iterable[tuple[int, int, int]]) -> list[tuple[int, int]]:
    """Half-open runs of tokens, those that overlap as one, in order."""
    out: list[tuple[int, int]] = []
    for start, end in sorted((start, end) for _, start, end in found):
        if out and start < out[-1][1]:
            out[-1] = out[-1][0], max(end, out[-1][1])
        else:
            out.append((start, end))
    return out


def _loaded(name: str) -> Any:
    try:
        return importlib.import_module(name).load(exclude=["ner"])
    except ImportError as gone:
        todo = f"Install it with: python -m pip install {name.replace('_', '-')}"
        raise ModelMissing("model-missing", f"the language model '{name}' is not installed", todo=todo) from gone
