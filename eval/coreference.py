"""ECB+ event chains by linking's words and clustering, with weights learned on the training file.

    python -m eval.coreference ecbplus_train.jsonl.gz ecbplus_dev.jsonl.gz

B-cubed over the mentions of each gold topic. Pairs of mentions are compared by the words of their heads, sentences and
documents; a logistic regression learned on the training topics weighs these; the threshold is the best one on a fifth
of the training topics that the weights were not learned on. What is learned here stays here: ECB+ is general news, and
the product's weights are for incidents (see `trucewatch.linking.comparisons`). The figure says how far words and
clustering carry.
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np
import numpy.typing as npt

from eval.archives import bcubed
from trucewatch.linking.clusters import Constraints, gather
from trucewatch.linking.sketches import content_words

Floats = npt.NDArray[np.float64]
FEATURES = (
    "bias", "heads share a word", "heads are the same", "heads begin alike", "sentences", "documents",
    "head in the other's sentence", "one document", "heads and documents", "heads and sentences", "same, rare head",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mention:
    """One event mention with the words that are compared."""

    key: str
    document: str
    chain: str
    head: frozenset[str]
    sentence: frozenset[str]
    whole: frozenset[str]


def mentions_of(path: Path) -> dict[str, list[Mention]]:
    """The mentions of each topic, by id."""
    topics: dict[str, list[Mention]] = defaultdict(list)
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for row in map(json.loads, file):
            words = {k: content_words(" ".join(map(str, tokens))) for k, tokens in row["sentences"].items()}
            whole = frozenset(w for own in words.values() for w in own)
            for number, event in enumerate(row["events"]):
                head, around = content_words(event["text"]), words[str(event["sent"])]
                key = f"{row['id']}/{number}"
                topics[str(row["topic"])].append(Mention(key, row["id"], event["chain"], head, around, whole))
    return {topic: sorted(rows, key=lambda m: m.key) for topic, rows in topics.items()}


class Rarity:
    """How telling a word is, by the documents of a topic: words all of them share say nothing."""

    def __init__(self, mentions: Sequence[Mention]) -> None:
        documents = {m.document: m.whole for m in mentions}
        counts = Counter(w for words in documents.values() for w in words)
        self._weight = {w: math.log((1 + len(documents)) / n) for w, n in counts.items()}

    def of(self, word: str) -> float:
        """0 for a word of every document, a few for a word of one."""
        return self._weight.get(word, 0.0)

    def share(self, a: frozenset[str], b: frozenset[str]) -> float:
        """The cosine (0 to 1) of the two sets of words."""
        if not a & b:
            return 0.0
        total = math.sqrt(sum(self.of(w) ** 2 for w in a) * sum(self.of(w) ** 2 for w in b))
        return sum(self.of(w) ** 2 for w in a & b) / total if total else 0.0


def compared(mentions: Sequence[Mention]) -> tuple[list[tuple[Mention, Mention]], Floats]:
    """All pairs of a topic with their features."""
    rarity = Rarity(mentions)
    documents = {m.document: m.whole for m in mentions}
    alike = {pair: rarity.share(documents[pair[0]], documents[pair[1]]) for pair in combinations(sorted(documents), 2)}
    pairs, rows = [], []
    for a, b in combinations(mentions, 2):
        shared = a.head & b.head
        same = float(bool(a.head) and a.head == b.head)
        begin = float(any(x[:4] == y[:4] for x in a.head for y in b.head if len(x) > 3 and len(y) > 3))
        around = rarity.share(a.sentence - a.head, b.sentence - b.head)
        whole = 1.0 if a.document == b.document else alike[min(a.document, b.document), max(a.document, b.document)]
        inside = float(bool(a.head & b.sentence or b.head & a.sentence))
        alone = float(a.document == b.document)
        rare = max((rarity.of(w) for w in shared), default=0.0)
        pairs.append((a, b))
        has = float(bool(shared))
        rows.append((1.0, has, same, begin, around, whole, inside, alone, has * whole, has * around, same * rare))
    return pairs, np.array(rows)


def learn(x: Floats, y: Floats, ridge: float = 1.0, steps: int = 12) -> Floats:
    """Weights of a logistic regression, by Newton's method."""
    w = np.zeros(x.shape[1])
    for _ in range(steps):
        p = 1.0 / (1.0 + np.exp(-(x @ w)))
        hessian = (x * (p * (1 - p))[:, None]).T @ x + ridge * np.eye(len(w))
        w += np.linalg.solve(hessian, x.T @ (y - p) - ridge * w)
    return w


def score(topics: dict[str, list[Mention]], weights: Floats, threshold: float) -> tuple[float, float, float]:
    """B-cubed precision, recall and F1 of the clusters."""
    gold: dict[tuple[str, str], list[str]] = defaultdict(list)
    found: list[tuple[str, ...]] = []
    for topic in sorted(topics):
        pairs, x = compared(topics[topic])
        chances = 1.0 / (1.0 + np.exp(-(x @ weights)))
        scores = {(a.key, b.key): float(p) for (a, b), p in zip(pairs, chances, strict=True)}
        for mention in topics[topic]:
            gold[topic, mention.chain].append(mention.key)
        # every mention is its own "report": mentions of one document may be of one event
        found += gather({m.key: m.key for m in topics[topic]}, scores, Constraints(), threshold, 0.0)
    return bcubed(list(gold.values()), found)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("train", type=Path)
    parser.add_argument("dev", type=Path)
    args = parser.parse_args()
    train, dev = mentions_of(args.train), mentions_of(args.dev)
    kept = {topic: rows for n, (topic, rows) in enumerate(sorted(train.items())) if n % 5 == 0}
    learned = [compared(rows) for topic, rows in sorted(train.items()) if topic not in kept]
    x = np.concatenate([features for _, features in learned])
    y = np.array([float(a.chain == b.chain) for pairs, _ in learned for a, b in pairs])
    weights = learn(x, y)
    thresholds = [round(0.1 + 0.05 * n, 2) for n in range(14)]
    best = max(thresholds, key=lambda t: (score(kept, weights, t)[2], t))
    print(json.dumps({"weights": dict(zip(FEATURES, weights.round(2).tolist(), strict=True)), "threshold": best}))
    for name, topics in (("held-back training topics", kept), ("dev", dev)):
        p, r, f1 = score(topics, weights, best)
        n = sum(map(len, topics.values()))
        print(
            json.dumps(
                {"set": name, "mentions": n, "precision": round(p, 3), "recall": round(r, 3), "f1": round(f1, 3)}
            )
        )


if __name__ == "__main__":
    main()
