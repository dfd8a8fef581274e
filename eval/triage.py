"""What triage leaves to parse, how fast it is, and how fast the whole reader is on what is left.

    python eval/triage.py reports.jsonl
    python eval/triage.py ecbplus_train.jsonl.gz

Triage sets texts aside in which no word shares a stem with the lexicon of acts. JSON Lines with `text`, or with the
`sentences` of ECB+ (general news, which is nearer to what a stream of all news holds). Processor time of one core.
"""

from __future__ import annotations

import gzip
import json
import sys
import time
from pathlib import Path

from trucewatch.reading.english.lexicons import english_lexicon
from trucewatch.reading.passages import triage
from trucewatch.reading.readers import Reader
from trucewatch.terms.reports import Report


def texts_of(path: Path) -> list[str]:
    """The texts of the file."""
    content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    rows = [json.loads(line) for line in content.decode("utf-8").splitlines() if line.strip()]
    return [r.get("text") or "\n".join(" ".join(map(str, words)) for words in r["sentences"].values()) for r in rows]


def main() -> None:
    for name in sys.argv[1:]:
        texts, lexicon = texts_of(Path(name)), english_lexicon()
        begun = time.process_time()
        passed = [text for text in texts if triage(text, lexicon)]
        triaged = time.process_time() - begun
        reader = Reader()
        reports = [
            Report(f"rep_{n}", str(n), None, None, "2020-01-01", "en", None, text, "")
            for n, text in enumerate(passed[:200])
        ]
        reader(reports[:5])
        begun = time.process_time()
        readings = reader(reports)
        seconds = time.process_time() - begun
        row = {
            "file": Path(name).name,
            "texts": len(texts),
            "words_each": round(sum(len(t.split()) for t in texts) / len(texts)),
            "left_share": round(len(passed) / len(texts), 3),
            "triaged_per_second": round(len(texts) / triaged),
            "read_per_second": round(len(reports) / seconds, 1),
            "accounts_each": round(sum(len(r.accounts) for r in readings) / len(readings), 2),
        }
        print(json.dumps(row))


if __name__ == "__main__":
    main()
