"""Our detection against kingfisher's, in one process and over the same texts: which engine a scan is to be built on.

    python -m tests.benchmarks.engines [--rounds N] CLONES

CLONES holds clones of the repositories that tests/data/labelled names. Printed are, for each repository, seconds of processor time
over all texts of its history, round by round in turn, the least of each, and their ratio; and for all labelled places together, and
for those held out, recall and precision as `tests.benchmarks.judging` has them. Reading git and splitting off what is no text is not
counted for either. The rival is kingfisher's SDK (PyPI: kingfisher-secret-scanner) with the rules that come with it, base64 two deep,
wherever it can be imported from; it works in memory and without a network. It gives its findings a confidence of their own.
"""

import argparse
import importlib.util
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from espalier.core.findings.decode import decode
from espalier.core.findings.detection.detect import Detector
from espalier.core.findings.detection.rules import bundled
from tests.benchmarks.judging import HELD_OUT, Place, labelled

Find = Callable[[str, str], list[tuple[int, int]]]  # of a text and its path, where secrets begin and end, in characters
OURS, THEIRS, SDK = "espalier", "kingfisher's SDK", "kingfisher_sdk"


def main() -> None:
    parser = argparse.ArgumentParser(prog="tests.benchmarks.engines")
    parser.add_argument("clones", type=Path, metavar="CLONES")
    parser.add_argument("--rounds", type=int, default=2)
    chosen = parser.parse_args()
    engines = {OURS: _ours, **({THEIRS: _theirs} if importlib.util.find_spec(SDK) else {})}
    places, texts = labelled(chosen.clones)
    for name in sorted({place.repository for place in places}):
        _race(chosen.clones / name, engines, chosen.rounds)
    for title, some in (("held out", [one for one in places if one.repository in HELD_OUT]), ("all", places)):
        for engine, make in engines.items():
            _say(f"{title}: {engine:18} {_quality(some, texts, make())}")


def _race(clone: Path, engines: dict[str, Callable[[], Find]], rounds: int) -> None:
    texts = list(_texts(clone))
    least = dict.fromkeys(engines, float("inf"))
    for _ in range(rounds):
        for engine, make in engines.items():
            find = make()
            find("", "a.py")
            started = time.process_time()
            for text, path in texts:
                find(text, path)
            least[engine] = min(least[engine], time.process_time() - started)
    size = sum(len(text) for text, _ in texts) / 1e6
    told = ", ".join(f"{engine} {seconds:.2f} s cpu" for engine, seconds in least.items())
    ratio = f", ratio {least[OURS] / least[THEIRS]:.2f}" if THEIRS in least else ""
    _say(f"{clone.name:20} {len(texts):6} texts {size:6.1f} MB  {told}{ratio}")


def _texts(clone: Path) -> Iterator[tuple[str, str]]:
    """Every text of the history, and a path of it."""
    git = ["git", "-C", str(clone)]
    listed = subprocess.run(
        [*git, "rev-list", "--objects", "--all", "--missing=allow-any"], check=True, capture_output=True
    )
    paths = dict(line.partition(b" ")[::2] for line in listed.stdout.splitlines())
    with subprocess.Popen([*git, "cat-file", "--batch"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin and process.stdout
        for oid, path in paths.items():
            process.stdin.write(oid + b"\n")
            process.stdin.flush()
            told = process.stdout.readline().split()
            data = process.stdout.read(int(told[2]) + 1)[:-1] if len(told) == 3 else b""
            if told[1] == b"blob" and (text := decode(data).text):
                yield text, path.decode("utf-8", "replace")


def _ours() -> Find:
    detector = Detector(bundled())

    def find(text: str, path: str) -> list[tuple[int, int]]:
        spans = detector.spans(text, path)
        return [(span.start, span.end) for span in spans if span.kind == "secret" and span.confidence != "low"]

    return find


def _theirs() -> Find:
    sdk: Any = importlib.import_module(SDK)
    scanner = sdk.Scanner(sdk.Rules(), policy=sdk.DetectionPolicy())

    def find(text: str, path: str) -> list[tuple[int, int]]:
        data = text.encode("utf-8", "surrogatepass")
        found = [one.location for one in scanner.scan(data) if one.visible]
        return [(_characters(data, one["start_offset"]), _characters(data, one["end_offset"])) for one in found]

    return find


def _characters(data: bytes, at: int) -> int:
    return len(data[:at].decode("utf-8", "ignore"))


def _quality(places: Sequence[Place], texts: Mapping[tuple[str, str], str], find: Find) -> str:
    files: dict[tuple[str, str, str], list[Place]] = {}
    for place in places:
        files.setdefault((place.repository, place.blob, place.path), []).append(place)
    met = Counter[str]()
    for (repository, blob, path), some in files.items():
        spans = find(texts[repository, blob], path)
        met.update(one.label for one in some if any(start < one.end and one.start < end for start, end in spans))
    secrets, wrong = sum(place.label == "secret" for place in places), met["none"] + met["placeholder"]
    precision = met["secret"] / max(1, met["secret"] + wrong)
    return f"recall {met['secret'] / secrets:.3f}  precision {precision:.3f}  false {wrong}"


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
