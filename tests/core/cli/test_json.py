"""What `--json` prints is one document, described by a schema that is published with Espalier."""

import io
import json
import operator
import re
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
import typer
from pydantic import BaseModel
from tests.core.models.tiny import build_tiny_model
from tests.core.release import made

from espalier.core.cli import eval as eval_verbs
from espalier.core.cli import train as train_verbs
from espalier.core.cli.__main__ import command_line, main
from espalier.core.demo.path import Done
from espalier.core.demo.report import summary as demo_summary
from espalier.core.evaluation import evaluations
from espalier.core.evaluation.evaluations import ARMS
from espalier.core.evaluation.rubric import lay_out
from espalier.core.evaluation.sandbox.tier import Capability
from espalier.core.evaluation.summary import summarise
from espalier.core.evaluation.tasks import EvaluationTask, pin
from espalier.core.findings.decisions import automatic_decisions
from espalier.core.findings.packs.form import Manifest, Signed
from espalier.core.project.file import Project
from espalier.core.project.policy import Policy, project_policy
from espalier.core.repositories import corpus
from espalier.core.sample import write
from espalier.core.training import overflow, runs
from espalier.core.training.overflow import Lost
from espalier.core.training.recipe import Recipe

Schema = dict[str, Any]
SCHEMAS = resources.files("espalier.resources").joinpath("schemas")

# The keys that others build on, by verb: those of the document, of each entry where it is a list.
PROMISED = {
    "demo": "project release report seconds loss idiom evaluation",
    "repo list": "name path commits blobs bytes languages services licences excluded",
    "findings scan": "corpus blobs bytes findings secrets not_scanned seconds ruleset",
    "findings list": "fingerprint rule kind severity confidence state muted places",
    "findings trace": "fingerprint places examples snapshots runs adapters evaluations releases texts",
    "findings rules": "rule description findings kept false_alarms precision muted mute",
    "findings difference": "corpus ruleset identity new decided gone not_scanned new_rules fingerprints",
    "findings ruleset add": "name hash rules notes added replaced ruleset",
    "findings ruleset list": "name hash identity at rules notes",
    "findings ruleset remove": "name ruleset",
    "findings second": "waiting files agreed kappa disagreements",
    "findings import": "format tools sha256 reported known placed findings left_alone not_placed proposed accepted",
    "findings accept": "pack signer fingerprint decided alike conflicts",
    "review verify": "passed why pack signer person findings",
    "review list": "fingerprint rule kind severity confidence precision path line lines decision",
    "examples list": "id kind label language service tokens split state reason provenance",
    "dataset show": "hash corpus seed tokenizer approval splits groups leaks",
    "train show": "id state snapshot model recipe seed steps loss validation_loss tokens_per_second peak_memory"
    " adapter versions device",
    "eval show": "suite tier tasks arms fixed broken gates",
    "release check": "passed signer checks",
    "release verify": "passed signer checks",
    "audit verify": "passed entries head",
    "doctor": "name state found remedy",
}
PROMISED_INSIDE = {
    ("findings list", "places"): "source repository blob path commit line start end",
    ("findings import", "not_placed"): "where path line reason",
    ("findings accept", "conflicts"): "fingerprint here by there",
    ("examples list", "provenance"): "repository commit path first_line last_line committed_at",
    ("train show", "overflow"): "gradients outputs modules",
    ("train show", "memory"): "now device expected",
    ("eval show", "gates"): "name passed why",
    ("release check", "checks"): "name passed why",
    ("release verify", "checks"): "name passed why",
}


def verbs() -> dict[str, Any]:
    """Each verb of the command line with its command."""
    top: Any = typer.main.get_command(command_line())
    return dict(_leaves(top, ()))


def _leaves(command: Any, words: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    below = getattr(command, "commands", None)
    if below is None:
        yield " ".join(words), command
        return
    for name, one in below.items():
        yield from _leaves(one, (*words, name))


PRINTING = sorted(
    name for name, command in verbs().items() if any("--json" in option.opts for option in command.params)
)


def schema(verb: str) -> Schema:
    return read(f"{verb.replace(' ', '-')}.schema.json")


def read(name: str) -> Schema:
    found: Schema = json.loads(SCHEMAS.joinpath(name).read_text("utf-8"))
    return found


# The part of JSON Schema that our schemas use. Stricter in one thing: a key that no schema names is a problem.

SAID = {"$schema", "$id", "$defs", "title", "description", "default"}
TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
    "array": (list,),
    "object": (dict,),
}
OF_TEXT: dict[str, Callable[[str, Any], object]] = {
    "pattern": lambda value, asked: re.search(asked, value),
    "minLength": lambda value, asked: len(value) >= asked,
    "maxLength": lambda value, asked: len(value) <= asked,
}
OF_NUMBERS: dict[str, Callable[[Any, Any], object]] = {
    "minimum": operator.ge,
    "maximum": operator.le,
    "exclusiveMinimum": operator.gt,
    "exclusiveMaximum": operator.lt,
}


def problems(value: Any, described: Schema, root: Schema, at: str = "$") -> list[str]:
    """What a document has that its schema forbids; a keyword that isn't known here is an error."""
    found: list[str] = []
    for keyword, asked in described.items():
        if keyword not in SAID:
            found += _judged(keyword, value, asked, described, root, at)
    return found


def _judged(keyword: str, value: Any, asked: Any, described: Schema, root: Schema, at: str) -> list[str]:
    match keyword:
        case "$ref":
            return problems(value, *_referred(asked, root), at)
        case "anyOf":
            tried = [problems(value, one, root, at) for one in asked]
            return [] if [] in tried else [f"{at}: none of {len(asked)} holds: {tried}"]
        case "properties" | "required" | "additionalProperties" if isinstance(value, dict):
            return _judged_object(keyword, value, asked, described, root, at)
        case "items" if isinstance(value, list):
            return [said for number, one in enumerate(value) for said in problems(one, asked, root, f"{at}[{number}]")]
        case "properties" | "required" | "additionalProperties" | "items":
            return []
        case _:
            return [] if _holds(keyword, value, asked) else [f"{at}: {value!r} is not {keyword} {asked!r}"]


def _judged_object(
    keyword: str, value: dict[str, Any], asked: Any, described: Schema, root: Schema, at: str
) -> list[str]:
    named = described.get("properties", {})
    extra = {name: one for name, one in value.items() if name not in named}
    if keyword == "required":
        return [f"{at}: {name} is missing" for name in asked if name not in value]
    if keyword == "properties":
        undescribed = [f"{at}: {name} is not described" for name in extra if "additionalProperties" not in described]
        return undescribed + [
            said
            for name, one in asked.items()
            if name in value
            for said in problems(value[name], one, root, f"{at}.{name}")
        ]
    if asked is False:
        return [f"{at}: {name} is not allowed" for name in extra]
    return [said for name, one in extra.items() for said in problems(one, asked, root, f"{at}.{name}")]


def _holds(keyword: str, value: Any, asked: Any) -> bool:
    """A bound on numbers or text holds for whatever is neither, as JSON Schema has it."""
    if keyword == "type":
        return isinstance(value, TYPES[asked]) and (asked == "boolean" or not isinstance(value, bool))
    if keyword == "enum":
        return value in asked
    if keyword in OF_TEXT:
        return not isinstance(value, str) or bool(OF_TEXT[keyword](value, asked))
    return not isinstance(value, (int, float)) or bool(OF_NUMBERS[keyword](value, asked))


def _referred(reference: str, root: Schema) -> tuple[Schema, Schema]:
    """The schema that is meant and the document that it stands in."""
    file, _, pointer = reference.partition("#/$defs/")
    there = read(file) if file else root
    return (there["$defs"][pointer], there) if pointer else (there, there)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ({"id": 1, "tags": {"a": 2}}, []),
        ({"id": 1}, ["$: tags is missing"]),
        ({"id": True, "tags": {}}, ["$.id: True is not type 'integer'"]),
        ({"id": 1, "tags": {}, "new": 1}, ["$: new is not described"]),
        ({"id": 1, "tags": {"a": -1}}, ["$.tags.a: -1 is not minimum 0"]),
        ([], ["$: [] is not type 'object'"]),
    ],
)
def test_that_the_judge_sees_what_is_wrong(value: object, said: list[str]) -> None:
    counts = {"type": "object", "additionalProperties": {"$ref": "#/$defs/Count"}}
    asked = {"type": "object", "properties": {"id": {"type": "integer"}, "tags": counts}, "required": ["id", "tags"]}
    assert problems(value, asked, {"$defs": {"Count": {"type": "integer", "minimum": 0}}}) == said


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """What each verb printed in one small project, from the sample's repository to a run that is evaluated by hand."""
    folder = tmp_path_factory.mktemp("json")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ESPALIER_HOME", str(folder / "home"))
        for verb_module in (train_verbs, eval_verbs):  # a run takes minutes: it is queued, and no worker is started
            patch.setattr(verb_module, "detach", lambda project, job, lane: None)
        yield dict(_walk(folder))


def _walk(folder: Path) -> Iterator[tuple[str, Any]]:
    """In the order of the path; each pair is a verb, or a verb with a remark, and what it printed."""
    project = folder / "p.espalier"
    assert main(["init", str(project), "--policy", "demo"]) == 0
    assert main(["repo", "add", str(project), str(write(folder / "company").path)]) == 0
    build_tiny_model(folder / "tiny")
    assert main(["model", "add", str(project), str(folder / "tiny"), "tiny"]) == 0
    yield from _said(project, "repo refresh", "repo list", "repo licence", "model list", "findings scan")
    yield from _reviewed_elsewhere(project, folder)
    with Project.open(project) as opened:
        automatic_decisions(opened, corpus.latest(opened).hash)
    assert main(["findings", "approve", str(project)]) == 0
    yield from _said(
        project, "findings list", "findings rules", "findings difference", "findings sample", "findings second"
    )
    fingerprint = _document("findings", "list", project)[0]["fingerprint"]
    yield "findings show", _document("findings", "show", project, fingerprint)
    of_a_line = next(one for one in _document("findings", "list", project) if one["rule"] != "private-key")
    yield "findings draft", _document("findings", "draft", project, of_a_line["fingerprint"])
    yield "examples build", _document("examples", "build", project, "--model", "tiny")
    yield "dataset freeze", _document("dataset", "freeze", project, "--model", "tiny", "--train-limit", 40)
    yield from _said(project, "examples list", "dataset list", "dataset show", "dataset draft")
    yield "findings trace", _document("findings", "trace", project, fingerprint)
    yield "dataset balance", _document("dataset", "balance", project, "--weight", "orders=1.5")
    yield (
        "dataset compare",
        _document("dataset", "compare", project, *[_document("dataset", "list", project)[0]["hash"]] * 2),
    )
    yield "examples show", _document("examples", "show", project, _document("examples", "list", project)[0]["id"])
    yield "train estimate", _document("train", "estimate", project, "--model", "tiny")
    yield "train start", _document("train", "start", project, "--model", "tiny", "--detach")
    yield "eval run, detached", _document("eval", "run", project, 1, "--detach")
    _done_by_hand(project)
    yield "train show", _document("train", "show", project, 1)
    yield from _said(project, "train list", "eval show", "identity list", "audit log", "audit verify")
    yield from _said(project, "eval list", "eval tasks")
    yield "eval task", _document("eval", "task", project, 1, _document("eval", "tasks", project)[0]["task"])
    yield "eval rubric", _rated_by_hand(project)
    yield from _own_rules(project, folder)
    example = _document("examples", "list", project)[0]["id"]
    said = ("reject", "--quality", 2, "--note", "Too clever.", "--as", "ana")
    yield "examples review", _document("examples", "review", project, example, *said)
    ignored = folder / "report"
    ignored.write_text("gone.py:some-rule:1\n")
    yield "findings import", _document("findings", "import", project, ignored, "--as", "ana")
    yield "audit export", _document("audit", "export", project, folder / "audit.jsonl")
    yield "repo find", _document("repo", "find", folder)
    yield from _said(project, "project show", "project policy", "job list")
    yield "job show", _document("job", "show", project, 1)
    yield "release check", _document("release", "check", project, 1, status=1)
    yield "release verify", _document("release", "verify", made.write(folder / "bundle"))


def _reviewed_elsewhere(project: Path, folder: Path) -> Iterator[tuple[str, Any]]:
    """A pack goes out, one of its findings is decided, and comes back."""
    pack, back = folder / "out.zip", folder / "back.json"
    assert main(["identity", "add", str(project), "rey", "--role", "security"]) == 0
    assert main(["findings", "pack", str(project), str(pack)]) == 0
    yield "review verify", _document("review", "verify", pack)
    fingerprint = _document("review", "list", pack)[0]["fingerprint"]
    assert main(["review", "decide", str(pack), fingerprint, "scrub"]) == 0
    yield "review list", _document("review", "list", pack)
    yield "review show", _document("review", "show", pack, fingerprint)
    assert main(["review", "sign", str(pack), str(back), "--key", str(folder / "home" / "identities" / "rey")]) == 0
    yield "findings accept", _document("findings", "accept", project, back)


def _said(project: Path, *verbs: str) -> Iterator[tuple[str, Any]]:
    yield from ((verb, _document(*verb.split(), project)) for verb in verbs)


def _document(*arguments: object, status: int = 0) -> Any:
    out = io.StringIO()
    with redirect_stdout(out):
        assert main([*map(str, arguments), "--json"]) == status
    return json.loads(out.getvalue())


def _done_by_hand(project: Path) -> None:
    """What a trained and evaluated run leaves, written through the functions that write it; the figures are made up."""
    outcomes = (("base", "tests", 0, None), ("adapter", "tests", 1, None), ("adapter", "idiom", None, None))
    losses = (("base", "loss", None, 20.0), ("adapter", "loss", None, 16.0))
    with Project.open(project) as opened:
        figures: dict[str, Any] = {
            "loss": 1.5,
            "validation_loss": 1.75,
            "tokens_per_second": 80.5,
            "peak_memory": 1 << 30,
        }
        lost = overflow.rows({"down_proj": Lost(count=2, of=64)})
        held = {"memory": 5e8, "device_memory": 2.0**33}
        runs.update(opened, 1, [(name, 2, value) for name, value in (lost | held).items()])
        runs.update(opened, 1, step=3, steps=3, state="done", adapter="a" * 64, device="CPU", **figures)
        task = _task(opened)
        with opened.write() as db:
            rows = [(1, task.id, *one, "10") for one in (*outcomes, *losses)]
            db.executemany("INSERT INTO results VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
            db.executemany(
                "INSERT INTO answers VALUES (1, ?, ?, 'return 1', 3, 'stop')", [(task.id, arm) for arm in ARMS]
            )
            pin(db, 1, [task])
        lay_out(opened, 1, [task])
        one = evaluations.evaluation(opened, 1)
        can = Capability(tier="bubblewrap", version="0.8.0")
        evaluations.finish(opened, 1, summarise(opened, one, [task], can, project_policy(opened)))


def _rated_by_hand(project: Path) -> Any:
    """A person with an identity rates the one task."""
    assert main(["identity", "add", str(project), "ana", "--role", "ml"]) == 0
    name = _document("eval", "rubric", project, "--as", "ana")["pairs"][0]["task"]
    return _document("eval", "rubric", project, 1, name, "--a", "4,3", "--b", "2,5", "--note-a", "clear", "--as", "ana")


def _own_rules(project: Path, folder: Path) -> Iterator[tuple[str, Any]]:
    rules = folder / "acme.toml"
    rules.write_text("[[rules]]\nid = 'token'\nregex = 'ACME-[0-9]{9}'\nkeywords = ['acme-']\n")
    yield "findings ruleset add", _document("findings", "ruleset", "add", project, rules, "--as", "ana")
    yield "findings ruleset list", _document("findings", "ruleset", "list", project)
    yield "findings ruleset remove", _document("findings", "ruleset", "remove", project, "acme", "--as", "ana")


def _task(project: Project) -> EvaluationTask:
    return EvaluationTask(
        suite=evaluations.SUITE,
        origin="completion",
        title="orders.open",
        snapshot=runs.run(project, 1).snapshot,
        example="",
        repository="company",
        commit="0" * 40,
        path="orders.py",
        qualified_name="open",
        service="orders",
        messages=({"role": "user", "content": "Finish it."},),
        reference="return 1",
        tests=(),
    )


def test_that_every_verb_with_json_has_a_schema() -> None:
    assert [verb for verb in PRINTING if not SCHEMAS.joinpath(f"{verb.replace(' ', '-')}.schema.json").is_file()] == []


@pytest.mark.parametrize("verb", [verb for verb in PRINTING if verb not in ("demo", "doctor", "eval run")])
def test_that_what_a_verb_prints_is_what_its_schema_says(verb: str, printed: dict[str, Any]) -> None:
    assert problems(printed[verb], schema(verb), schema(verb)) == []


@pytest.mark.parametrize("verb", [verb for verb in PRINTING if verb.endswith((" list", " log", " licence"))])
def test_that_no_list_is_judged_empty(verb: str, printed: dict[str, Any]) -> None:
    assert printed[verb]


def test_that_an_evaluation_prints_its_summary_or_detached_the_number_of_its_job(printed: dict[str, Any]) -> None:
    described = schema("eval run")
    assert isinstance(printed["eval run, detached"], int)
    assert problems(printed["eval run, detached"], described, described) == []
    assert problems(printed["eval show"], described, described) == []


@pytest.mark.parametrize("idiom", [None, {"passed": 1, "ran": 2, "low": 0.1, "high": 0.9}])
def test_that_a_demonstration_prints_what_its_schema_says(idiom: object, printed: dict[str, Any]) -> None:
    evaluation = json.loads(json.dumps(printed["eval show"]))
    for arm in evaluation["arms"].values():
        arm.pop("idiom")
        arm |= {"idiom": idiom} if idiom else {}
    done = Done(
        project=Path("demo.espalier"),
        release=Path("release"),
        corpus=printed["repo refresh"]["corpus"],
        snapshot=printed["dataset show"]["hash"],
        run=1,
        evaluation=1,
        seconds={"repository": 1.5},
        summary=evaluation,
        scan=printed["findings scan"],
        built=printed["examples build"],
        frozen=printed["dataset freeze"],
    )
    said = json.loads(json.dumps(demo_summary(done)))
    assert (said["idiom"] is None) == (idiom is None)
    assert problems(said, schema("demo"), schema("demo")) == []


@pytest.mark.slow
def test_that_the_doctor_prints_what_its_schema_says() -> None:
    said = _document("doctor")
    assert said
    assert problems(said, schema("doctor"), schema("doctor")) == []


@pytest.mark.parametrize("verb", PROMISED)
def test_that_the_schema_asks_for_every_promised_key(verb: str) -> None:
    entry, root = _entry(schema(verb), schema(verb))
    assert set(PROMISED[verb].split()) <= set(entry["required"])
    for (of, key), keys in PROMISED_INSIDE.items():
        if of == verb:
            assert set(keys.split()) <= set(_entry(entry["properties"][key], root)[0]["required"])


def _entry(described: Schema, root: Schema) -> tuple[Schema, Schema]:
    """The object that a schema is about: itself, one of a list, or what it refers to."""
    if "$ref" in described:
        return _entry(*_referred(described["$ref"], root))
    if "anyOf" in described:
        return _entry(described["anyOf"][0], root)
    return _entry(described["items"], root) if "items" in described else (described, root)


FORMATS = [("project-policy", Policy), ("recipe", Recipe), ("pack-manifest", Manifest), ("pack-decisions", Signed)]


@pytest.mark.parametrize(("name", "kind"), FORMATS)
def test_that_a_published_file_format_is_the_one_that_is_read(name: str, kind: type[BaseModel]) -> None:
    published = read(f"{name}.schema.json")
    assert published.pop("$schema").endswith("/2020-12/schema")
    assert published == kind.model_json_schema()
