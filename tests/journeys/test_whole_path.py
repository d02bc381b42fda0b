"""The main job as a user has it: `espalier demo` on the sample with the real model, without any network."""

import base64
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from espalier.core.cli.__main__ import main
from espalier.core.project.file import Project
from espalier.core.sample import PlantedSecret, write
from espalier.core.sample.history import SPLIT_AT

pytestmark = [pytest.mark.slow, pytest.mark.timeout(2400)]

ALONE = Path(__file__).with_name("alone.py")  # a network namespace of its own, with loopback and nothing else


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One for the whole journey: the keys of the demonstration are kept in it."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo") / "demo"


@pytest.fixture(scope="module")
def printed(folder: Path, home: Path) -> dict[str, Any]:
    """What `espalier demo --json` says of the whole path."""
    espalier = [sys.executable, "-m", "espalier.core.cli", "demo", str(folder), "--json"]
    # Root keeps its accounts: as root of a new user namespace it could not take on the one that the sandbox drops to.
    apart = ["unshare", "-n"] if os.geteuid() == 0 else ["unshare", "-rn"]
    command = [*apart, sys.executable, str(ALONE), *espalier]
    environment = {**os.environ, "ESPALIER_HOME": str(home)}
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=2400)
    assert ran.returncode == 0, ran.stderr[-4000:]
    sys.stderr.write(ran.stderr[-2000:])
    said = json.loads(ran.stdout)
    sys.stderr.write(json.dumps({key: said[key] for key in ("seconds", "loss", "idiom")}))
    return dict(said)


@pytest.fixture(autouse=True)
def same_home(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("ESPALIER_HOME", str(home))
    yield


@pytest.fixture(scope="module")
def secrets(tmp_path_factory: pytest.TempPathFactory) -> tuple[PlantedSecret, ...]:
    return write(tmp_path_factory.mktemp("again") / "company").secrets


def test_that_it_learns_the_idiom_and_not_by_heart(printed: dict[str, Any]) -> None:
    assert printed["idiom"]["base"] <= 0.05
    assert printed["idiom"]["adapter"] >= 0.75
    assert printed["loss"]["adapter"] <= 0.6 * printed["loss"]["base"]


def test_that_every_check_ran_on_real_tasks(printed: dict[str, Any]) -> None:
    evaluation = printed["evaluation"]
    assert evaluation["tier"] == "bubblewrap"
    assert evaluation["tasks"] >= 48
    assert {"completion", "ticket"} <= evaluation["origins"].keys()
    for arm in ("base", "adapter"):
        rates = evaluation["arms"][arm]
        assert rates["security"]["ran"] == rates["parse"]["passed"]  # what does not parse can't be searched
        for check in ("parse", "format", "lint", "types", "tests", "idiom"):
            found = rates[check]
            assert found["ran"] >= 40, (arm, check, evaluation["not_run"])
            assert found["low"] <= found["passed"] / found["ran"] <= found["high"]
    assert {gate["name"] for gate in evaluation["gates"]} >= {"held-out loss", "security"}


def test_that_the_split_is_in_time_and_the_last_quarter_is_held_out(folder: Path, printed: dict[str, Any]) -> None:
    with Project.open(folder / "demo.espalier", read_only=True) as project:
        rows = project.rows(
            "SELECT split, min(committed_at) AS first, max(committed_at) AS last FROM snapshot_examples"
            " JOIN examples ON id = example GROUP BY split"
        )
        spans = {row["split"]: (row["first"], row["last"]) for row in rows}
        assert spans["train"][1] <= spans["validation"][0]
        assert spans["validation"][1] < SPLIT_AT <= spans["test"][0]
        kinds = {
            (row["kind"], row["label"]) for row in project.rows("SELECT kind, label FROM examples WHERE state = 'kept'")
        }
        assert {
            ("review", "rejected"),
            ("repair", "insecure"),
            ("refactor", "accepted"),
            ("completion", "accepted"),
        } <= kinds
        paths = {row["path"] for row in project.rows("SELECT path FROM examples WHERE state = 'kept'")}
        assert not any(path.startswith("vendor/") or "generated" in path for path in paths)


def test_that_nothing_decided_automatically_passes_for_a_person(folder: Path, printed: dict[str, Any]) -> None:
    with Project.open(folder / "demo.espalier", read_only=True) as project:
        assert project.value("SELECT count(*) FROM finding_states WHERE state NOT IN ('scrub')") == 0
        assert project.value("SELECT count(*) FROM rubric WHERE rater IS NOT NULL") == 0
        assert project.value("SELECT count(*) FROM identities WHERE NOT automatic") == 0
    report = (folder / "report.html").read_text()
    assert "Demonstration, not approved" in report
    assert "not done" in report


def test_that_no_planted_secret_is_anywhere_on_disk(
    folder: Path, home: Path, printed: dict[str, Any], secrets: tuple[PlantedSecret, ...], tmp_path: Path
) -> None:
    """Raw, UTF-16 and base64, in everything but the repository and the tickets that they were planted in."""
    assert len(secrets) >= 8
    main(["dataset", "export", str(folder / "demo.espalier"), str(tmp_path / "export.jsonl")])
    main(["project", "copy", str(folder / "demo.espalier"), str(tmp_path / "copy")])
    cache = Path(os.environ["ESPALIER_CACHE"])
    places = [path for root in (folder, home, tmp_path, cache) for path in root.rglob("*") if path.is_file()]
    ours = [
        path for path in places if "company" not in path.parts and path.name not in ("tickets.csv", "model.safetensors")
    ]
    assert any(path.suffix == ".espalier" for path in ours)
    for path in ours:
        content = path.read_bytes()
        for secret in secrets:
            for form in _forms(secret.value):
                assert form not in content, f"{secret.name} is in {path}"


def test_that_the_bundle_verifies_alone_and_every_change_is_refused(
    printed: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bundle = Path(printed["release"])
    assert main(["release", "verify", str(bundle)]) == 0
    assert "demonstration, not approved" in capsys.readouterr().out
    for name, change in CHANGES.items():
        target = tmp_path / name
        shutil.copytree(bundle, target)
        change(target)
        assert main(["release", "verify", str(target)]) == 1, name


def test_that_a_second_demonstration_goes_on_where_the_first_ended(
    folder: Path, printed: dict[str, Any], capsys: Any
) -> None:
    assert main(["demo", str(folder), "--json"]) == 0
    again = json.loads(capsys.readouterr().out)
    assert again["loss"] == printed["loss"]
    assert again["evaluation"] == printed["evaluation"]


def _forms(value: str) -> Iterator[bytes]:
    """How the value could lie in a file; a multi-line one is looked for by its longest line too."""
    longest = max(re.split(r"\r?\n", value), key=len)
    for text in {value, longest}:
        raw = text.encode()
        yield from (raw, text.encode("utf-16-le"), text.encode("utf-16-be"), json.dumps(text).encode()[1:-1])
        for shift in range(3):  # base64 of a longer text has the value at any of three phases
            coded = base64.b64encode(bytes(shift) + raw)
            inner = coded[4 if shift else 0 : -4]
            if len(inner) >= 8:
                yield inner


def _flip(target: Path) -> None:
    weights = target / "adapter" / "adapter_model.safetensors"
    content = bytearray(weights.read_bytes())
    content[-1] ^= 1
    weights.write_bytes(content)


CHANGES: dict[str, Callable[[Path], object]] = {
    "changed": _flip,
    "added": lambda target: (target / "extra.txt").write_text("x"),
    "missing": lambda target: (target / "MODEL_CARD.md").unlink(),
    "renamed": lambda target: (target / "MODEL_CARD.md").rename(target / "README.md"),
}
