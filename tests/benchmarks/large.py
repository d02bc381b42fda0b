"""A project of the size that the window must bear: a million findings, a million metric rows, a hundred thousand examples."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from espalier.core.examples.build import decided
from espalier.core.findings import approval, decisions, index
from espalier.core.findings.detection.detect import bundled_digest
from espalier.core.findings.detection.spans import Kind
from espalier.core.findings.fingerprint import fingerprint
from espalier.core.project import artifacts, audit, identities
from espalier.core.project.canonical import canonical, canonical_text
from espalier.core.project.clock import utc_now
from espalier.core.project.file import Connection, Project
from espalier.core.project.identities import signing_key
from espalier.core.project.key import ProjectKey, project_key
from espalier.core.project.signoffs import insert
from espalier.core.project.sshsig import REVIEW, sign
from espalier.core.repositories import corpus
from espalier.core.repositories.repository import add
from espalier.core.training import runs
from tests.gui.made import recipe

FILES, ENTRIES, STEPS_APART = 5_000, 20_000, 10
LINE = 40  # characters of a line of a file, its end included; each holds a finding
UNSURE = "high-entropy-base64"  # the rule of RULES that finds with low confidence, and can be muted
RULES = ("aws-access-key", "private-key", "database-url", "high-entropy-base64", "slack-webhook", "email-address")
# fmt: off
COUNTED = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :rows) "
FINGERPRINT = "fingerprint(i)"
OBJECT = f"(SELECT oid FROM temp.files WHERE number = i % {FILES})"
PATH = f"printf('service%d/%s/part_%d/module_%d.py', i % {FILES} % 17, CASE i % 3 WHEN 0 THEN 'config' WHEN 1 THEN 'fixtures/seed' ELSE 'src' END, i % {FILES} % 61, i % {FILES})"
RULE = "CASE i % 6 " + " ".join(f"WHEN {n} THEN '{rule}'" for n, rule in enumerate(RULES)) + " END"

FINDINGS = COUNTED + (
    f"INSERT INTO findings SELECT {FINGERPRINT}, {RULE}, 'SECRET', CASE WHEN i % 6 = 5 THEN 'personal' ELSE 'secret' END,"
    " CASE i % 11 WHEN 0 THEN 'critical' WHEN 1 THEN 'high' WHEN 2 THEN 'medium' ELSE 'low' END, CASE i % 6 WHEN 3 THEN 'low' ELSE 'high' END FROM n"
)
PLACES = COUNTED + (
    "INSERT INTO places (fingerprint, ruleset, source, repository, object, blob, path, \"commit\", line, start, \"end\")"
    f" SELECT {FINGERPRINT}, :ruleset, 'file', 'large', {OBJECT}, {OBJECT}, {PATH}, :head, 1 + i / {FILES}, {LINE} * (i / {FILES}) + 8, {LINE} * (i / {FILES}) + 24 FROM n"
)
NOTED = COUNTED + f"INSERT INTO noted SELECT :corpus, :ruleset, 'large', {OBJECT}, NULL FROM n"
SCANNED = COUNTED + f"INSERT INTO scanned SELECT :ruleset, 'large', {OBJECT}, 'blob', NULL, 1, NULL, 0 FROM n"
DECISIONS = COUNTED + (
    "INSERT INTO decisions (fingerprint, state, reason, identity, role, decided_at)"
    f" SELECT {FINGERPRINT}, 'scrub', 'real secret', 'Ana', 'reviewer', :at FROM n WHERE i % 4 = 0"
)
EXAMPLES = COUNTED + (
    "INSERT INTO examples SELECT :build, printf('%040x', i), CASE i % 4 WHEN 0 THEN 'change' ELSE 'completion' END, 'accepted', 'python',"
    " printf('service%d', i % 17), printf('Write function_%d as the module asks.', i), 'import money' || char(10), '[]',"
    " printf('def function_%d(amount: Money) -> Money:%s    return amount * %d%s', i, char(10), i, char(10)), '', 40 + i % 900,"
    f" CASE i % 9 WHEN 0 THEN 'dropped' ELSE 'kept' END, CASE i % 9 WHEN 0 THEN 'near duplicate' ELSE '' END, 'large', :head, {PATH},"
    " printf('function_%d', i), 1, 2, strftime('%Y-%m-%dT%H:%M:%fZ', '2020-01-01', printf('+%d minutes', i * 20)), '', 'internal' FROM n"
)
METRICS = COUNTED + (
    "INSERT INTO metrics SELECT :run, :name, i, 0.8 + 1.0 / (1 + i * 0.01) + abs(random()) % 1000 * 0.0001 FROM n"
)
# fmt: on
NAMES = ("loss", "gradient_norm", "learning_rate", "noise_scale", "tokens_per_second", "solution_tokens")
ZERO = ("overflow", "overflow_activations", "zero_share", "subnormal_share")


def make(folder: Path, *, findings: int, metrics: int, examples: int) -> Path:
    """The project's path; the folder is new, and holds a small git repository as well."""
    repository = folder / "large"
    objects = _git(repository, 1 + findings // FILES)
    with Project.create(folder / "large-project") as project:
        add(project, repository)
        held = corpus.refresh(project)
        head = held.repositories[0].head
        named: dict[str, object] = {
            "corpus": held.hash,
            "ruleset": bundled_digest(),
            "head": head,
            "at": utc_now(),
        }
        name_of = _fingerprints(project_key(project))
        with project.write() as db:
            db.create_function("fingerprint", 1, name_of, deterministic=True)
            db.execute("CREATE TEMP TABLE files (number INTEGER PRIMARY KEY, oid TEXT NOT NULL)")
            db.executemany("INSERT INTO temp.files VALUES (?, ?)", enumerate(objects))
            _findings(db, named, findings)
        _say(f"  {findings:,} findings with their places")
        index.fill(project, held.hash, bundled_digest())
        _say("  their list")
        _examples(project, named, examples)
        _metrics(project, metrics)
        with project.write() as db:
            for number in range(ENTRIES):
                audit.record(db, "Ana", "finding.decided", f"finding:{number:08x}", {"state": "scrub"})
        _say(f"  {examples:,} examples, {metrics:,} metric rows, {ENTRIES:,} audit entries")
        return project.path


def reviewed(path: Path, name: str) -> None:
    """As a reviewer meets it: there is an identity of this name, who signed for how the findings stood, and much is open since."""
    with Project.open(path) as project:
        who = identities.add(project, name, roles=("security", "builder"))
        held = corpus.latest(project).hash
        said = approval.statement(project, held, who)
        signature = sign(signing_key(project, who), canonical(said), REVIEW)
        sql = (
            "INSERT INTO approvals (corpus, ruleset, decisions_hash, statement, signature, identity, sign_off, approved_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
        )
        with project.write() as db:
            number = insert(db, who, f"approval:{held}", said, signature, REVIEW)
            row = (
                held,
                said["ruleset"],
                said["decisions"],
                canonical_text(said),
                signature,
                who.name,
                number,
                utc_now(),
            )
            db.execute(sql, row)
        some = project.rows("SELECT fingerprint FROM findings ORDER BY fingerprint LIMIT 2000")
        decisions.decide_all(project, [one["fingerprint"] for one in some], "scrub", who=who)


def _findings(db: Connection, named: dict[str, object], findings: int) -> None:
    files = min(FILES, findings)
    for sql, rows in (
        (FINDINGS, findings),
        (PLACES, findings),
        (NOTED, files),
        (SCANNED, files),
        (DECISIONS, findings // 10),
    ):
        db.execute(sql, {**named, "rows": rows})
    db.execute("INSERT INTO scans VALUES (:corpus, :ruleset, :files, 0, 0, 1.0, :at, 0, 0)", {**named, "files": files})


def _examples(project: Project, named: dict[str, object], examples: int) -> None:
    """In a finished build of what is decided now."""
    now = decided(project, str(named["corpus"]))
    with project.write() as db:
        row = ("0" * 40, named["corpus"], now.scrub, now.rights, "0" * 64, 512, named["at"], named["at"])
        db.execute("INSERT INTO builds VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
        db.execute(EXAMPLES, {**named, "build": "0" * 40, "rows": examples})


def _metrics(project: Project, metrics: int) -> None:
    """Of one run that is done; validation every so many steps."""
    steps = metrics // (len(NAMES) + len(ZERO))
    snapshot = artifacts.store(project, b"{}\n", "application/jsonl")
    files = {"model.safetensors": "0" * 64}
    run = runs.create(project, snapshot=snapshot, model="smollm2-135m", base_files=files, recipe=recipe(), seed=17)
    for name in (*NAMES, *ZERO):
        with project.write() as db:
            db.execute(METRICS, {"run": run, "name": name, "rows": steps})
            if name in ZERO:
                db.execute("UPDATE metrics SET value = 0 WHERE run = ? AND name = ?", (run, name))
    validation = [("validation_loss", step, 0.9) for step in range(50, steps, 50 * STEPS_APART)]
    runs.update(project, run, validation, state="done", step=steps, steps=steps, loss=0.8, validation_loss=0.9)


def _fingerprints(key: ProjectKey) -> Callable[[int], str]:
    """By a finding's number: of what stands in its line."""
    kinds: dict[bool, Kind] = {True: "personal", False: "secret"}
    return lambda number: fingerprint(key, _value(number % FILES, number // FILES), kinds[number % 6 == 5])


def _value(file: int, line: int) -> str:
    return f"{file:08}{line:08}"


def _git(folder: Path, lines: int) -> list[str]:
    """The object ids of its files, each of so many lines."""
    (folder / "src").mkdir(parents=True)
    for number in range(FILES):
        text = "".join(f"name = '{_value(number, line)}'".ljust(LINE - 1) + "\n" for line in range(lines))
        (folder / "src" / f"{number:05}.py").write_text(text, encoding="ascii")
    who = ("-c", "user.name=Ana", "-c", "user.email=ana@example.com")
    for words in (("init", "-q"), ("add", "src"), (*who, "commit", "-q", "-m", "Begin")):
        subprocess.run(["git", *words], cwd=folder, check=True)
    staged = subprocess.run(["git", "ls-files", "-s"], cwd=folder, check=True, capture_output=True, text=True).stdout
    return [line.split()[1] for line in staged.splitlines()]


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
