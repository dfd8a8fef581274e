"""The learned part of the reader: what a small trained encoder makes of a report.

The weights stand in `weights/` beside this module, with a manifest of their checksums; how they were trained and what
they can do is in `training/README.md`. Runs with onnxruntime alone. A guess is raw material: the reader weighs it
against the parse and the lexicon.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from trucewatch.reading import decoding
from trucewatch.reading.guesses import Guess, PassageGuess, RoleGuess, TriggerGuess
from trucewatch.reading.windows import Window, Windower
from trucewatch.terms.errors import ModelMissing

__all__ = ["Guess", "LearnedPart", "PassageGuess", "RoleGuess", "TriggerGuess", "distances", "weights_folder"]

Floats = npt.NDArray[np.float32]
_EDGES = np.array([1, 2, 3, 4, 5, 6, 8, 11, 15, 20, 30, 45, 65, 100, 160, 250])


class HasText(Protocol):
    """A spaCy Doc, or anything else with a text."""

    @property
    def text(self) -> str: ...


def weights_folder() -> Path:
    """Where the weights that come with the product stand."""
    return Path(str(files("trucewatch.reading") / "weights"))


class LearnedPart:
    """Loads the weights when made; called with texts, gives one Guess for each, in order.

    `path` is a folder of weights (`manifest.json` and the files it lists), None for those that come with the product.
    `version` is that of the weights. Raises ModelMissing where a file is absent or its checksum is not the manifest's.
    """

    def __init__(self, path: str | Path | None = None, threads: int = 1) -> None:
        folder = Path(path) if path is not None else weights_folder()
        manifest = _checked(folder)
        self.version: str = manifest["version"]
        self._marks = decoding.Marks.of(manifest)
        self._windower = Windower(folder / "tokenizer.json", manifest["window"], manifest["overlap"])
        self._encoder, self._heads, self._pairs = (
            _session(folder / f"{name}.onnx", threads) for name in ("encoder", "heads", "pairs")
        )

    def __call__(self, docs: Sequence[HasText | str], titles: Sequence[str | None] | None = None) -> list[Guess]:
        """A guess for each text; its spans are code points of that text.

        A title helps where the text does not begin with it; spans never lie in it. Raises ValueError where the
        number of titles is not that of the texts.
        """
        heads = titles if titles is not None else [None] * len(docs)
        texts = [doc if isinstance(doc, str) else doc.text for doc in docs]
        return [self._read(text, title) for text, title in zip(texts, heads, strict=True)]

    def _read(self, text: str, title: str | None) -> Guess:
        marks = self._marks
        triggers: list[tuple[TriggerGuess, Floats]] = []
        passages: list[PassageGuess] = []
        for window in self._windower(text, title):
            hidden, tags, tells = self._encode(window)
            alarms = decoding.softmax(tags)
            told = decoding.softmax(tells)
            cells = decoding.words(window, text)
            runs = decoding.trigger_runs(alarms, window, cells, marks.least_trigger)
            stretches = decoding.passage_runs(told, window, cells, marks.least_passage)
            asked = [run for run, _ in runs] + [run for run, _ in stretches]
            if not asked:
                continue
            means, facts, fills = self._ask(hidden, asked, len(runs))
            filled = decoding.fillers(window, cells, fills)
            for k, (run, share) in enumerate(runs):
                triggers.append((decoding.trigger(window, run, share, facts[k], filled[k], marks), means[k]))
            for k, (run, share) in enumerate(stretches, start=len(runs)):
                passages.append(decoding.passage(window, run, share, filled[k]))
        triggers.sort(key=lambda item: item[0].span)
        passages.sort(key=lambda item: item.span)
        return Guess(tuple(t for t, _ in triggers), self._same([m for _, m in triggers]), tuple(passages))

    def _encode(self, window: Window) -> tuple[Floats, Floats, Floats]:
        feed = {"ids": window.ids[None], "segments": window.segments[None]}
        hidden, tags, passages = self._encoder.run(None, feed)
        return hidden[0], tags[0], passages[0]

    def _ask(self, hidden: Floats, runs: list[tuple[int, int]], n_triggers: int) -> tuple[Floats, Floats, Floats]:
        spread = np.zeros((len(runs), len(hidden)), dtype=np.float32)
        for k, (first, last) in enumerate(runs):
            spread[k, first:last] = 1.0 / (last - first)
        kind = (np.arange(len(runs)) >= n_triggers).astype(np.int64)
        feed = {"hidden": hidden, "spread": spread, "apart": distances(runs, len(hidden)), "kind": kind}
        means, facts, fills = self._heads.run(None, feed)
        return means, facts, fills.reshape(len(runs), len(hidden), -1, 2)

    def _same(self, means: list[Floats]) -> tuple[tuple[int, int, float], ...]:
        if len(means) < 2:
            return ()
        rows = np.stack(means)
        left, right = np.triu_indices(len(rows), 1)
        (logits,) = self._pairs.run(None, {"left": rows[left], "right": rows[right]})
        probs = decoding.sigmoid(logits)
        return tuple(
            (int(i), int(j), decoding.shown(p)) for i, j, p in zip(left, right, probs, strict=True) if p >= 0.02
        )


def distances(runs: Sequence[tuple[int, int]], n: int) -> npt.NDArray[np.int64]:
    """Buckets (runs x n) of how far each of n pieces is from each run (half-open): 0 within, odd before, even after."""
    at = np.arange(n)
    out = np.zeros((len(runs), n), dtype=np.int64)
    for k, (first, last) in enumerate(runs):
        before, after = np.maximum(first - at, 0), np.maximum(at - last + 1, 0)
        steps = np.searchsorted(_EDGES, before + after, side="right")
        out[k] = np.where(before > 0, 2 * steps - 1, np.where(after > 0, 2 * steps, 0))
    return out


def _checked(folder: Path) -> dict[str, Any]:
    """The manifest of a folder of weights whose files are all there and unchanged."""
    todo = "Install the package again, or train anew: python -m training.train"
    try:
        manifest: dict[str, Any] = json.loads((folder / "manifest.json").read_text("utf-8"))
    except FileNotFoundError as err:
        raise ModelMissing("weights-missing", "there are no weights", where=str(folder), todo=todo) from err
    for name, wanted in sorted(manifest["files"].items()):
        path = folder / name
        if not path.is_file():
            raise ModelMissing("weights-missing", f"'{name}' is not there", where=str(folder), todo=todo)
        if hashlib.sha256(path.read_bytes()).hexdigest() != wanted:
            what = f"the checksum of '{name}' is not the one in the manifest"
            raise ModelMissing("weights-changed", what, where=str(folder), todo=todo)
    return manifest


def _session(path: Path, threads: int) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    # spinning threads would take the core from the parser that runs beside
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
