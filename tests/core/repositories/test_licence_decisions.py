from pathlib import Path

import pytest
from tests.core.repositories.test_licences import MIT
from tests.core.repositories.workshop import Made, make

from espalier.core.failures import GateShut, UnusableInput
from espalier.core.project import audit
from espalier.core.project.file import Project
from espalier.core.project.identities import STAND_IN
from espalier.core.repositories.corpus import refresh
from espalier.core.repositories.licence_decisions import Allowances, decide_licence, licence_gate, sources, undecided
from espalier.core.repositories.licence_text import OWN
from espalier.core.repositories.repository import add

GPL = "# SPDX-License-Identifier: GPL-3.0-only\n"


@pytest.fixture
def made(tmp_path: Path) -> Made:
    """A company's own code with a permissive folder and a copyleft file in it."""
    repository = make(tmp_path / "shop")
    repository.commit({"a.py": "x = 1\n", "lib/mit/LICENSE": MIT, "lib/mit/m.py": "m = 1\n", "copied.py": GPL})
    return repository


def corpus_of(project: Project, made: Made) -> str:
    add(project, made.path)
    return refresh(project).hash


def test_that_under_solo_only_permissive_licences_decide_themselves(tmp_path: Path, made: Made) -> None:
    with Project.create(tmp_path / "p") as project:
        corpus = corpus_of(project, made)
        told = {
            one.prefix: (one.expression, one.decision, one.automatic, one.advice) for one in sources(project, corpus)
        }
    assert told == {
        "": (OWN, None, False, "review"),
        "copied.py": ("GPL-3.0-only", None, False, "deny"),
        "lib/mit/": ("MIT", "allow", True, "allow"),
    }


def test_that_under_demo_the_stand_in_takes_the_company_s_own_and_leaves_out_the_rest(
    tmp_path: Path, made: Made
) -> None:
    with Project.create(tmp_path / "p", policy="demo") as project:
        corpus = corpus_of(project, made)
        told = sources(project, corpus)
        licence_gate(project, corpus)
    assert {one.prefix: one.decision for one in told} == {"": "allow", "copied.py": "deny", "lib/mit/": "allow"}
    assert all(one.automatic and one.decided_by == STAND_IN and one.export_class == "internal" for one in told)
    assert all("nobody looked" in one.reason for one in told)


def test_that_the_gate_names_what_waits_and_opens_when_all_is_decided(tmp_path: Path, made: Made) -> None:
    with Project.create(tmp_path / "p") as project:
        corpus = corpus_of(project, made)
        with pytest.raises(GateShut) as caught:
            licence_gate(project, corpus)
        assert caught.value.items == (f"shop/: {OWN} (own, review)", "shop/copied.py: GPL-3.0-only (Copyleft, deny)")
        decide_licence(project, "shop", "", None, "allow", identity="ann", reason="we wrote it")
        decide_licence(project, "shop", "copied.py", "GPL-3.0-only", "deny", identity="ann", reason="not ours")
        licence_gate(project, corpus)


def test_that_a_gate_is_never_open_for_a_corpus_that_is_not_there(tmp_path: Path) -> None:
    with Project.create(tmp_path / "p") as project, pytest.raises(UnusableInput):
        licence_gate(project, "0" * 64)


def test_that_a_later_decision_takes_the_place_of_an_earlier_one_and_both_stay(tmp_path: Path, made: Made) -> None:
    with Project.create(tmp_path / "p") as project:
        corpus = corpus_of(project, made)
        decide_licence(project, "shop", "", None, "allow", "cloud", identity="ann", reason="we wrote it")
        decide_licence(project, "shop", "", None, "deny", identity="bob", reason="not yet")
        assert Allowances(project, corpus, "shop").of("a.py").allowed is False
        assert project.value("SELECT count(*) FROM source_decisions WHERE prefix = ''") == 2
        told = [
            (one.actor, one.detail["decision"]) for one in audit.entries(project) if one.action == "licence.decided"
        ]
        assert told[-2:] == [("ann", "allow"), ("bob", "deny")]


@pytest.mark.parametrize("sql", ["UPDATE source_decisions SET decision = 'allow'", "DELETE FROM source_decisions"])
def test_that_a_decision_can_be_neither_changed_nor_deleted(tmp_path: Path, made: Made, sql: str) -> None:
    with Project.create(tmp_path / "p", policy="demo") as project:
        corpus_of(project, made)
        with pytest.raises(Exception, match="never"), project.write() as db:  # either sqlite library's error
            db.execute(sql)


def test_that_a_decision_holds_in_the_next_corpus_until_the_licence_changes(tmp_path: Path, made: Made) -> None:
    with Project.create(tmp_path / "p") as project:
        corpus_of(project, made)
        decide_licence(project, "shop", "", None, "allow", identity="ann", reason="we wrote it")
        made.commit({"a.py": "x = 2\n"})
        assert [one.prefix for one in undecided(project, refresh(project).hash)] == ["copied.py"]
        made.commit({"LICENSE": "Business Source License 1.1"})
        first = undecided(project, refresh(project).hash)[0]
        assert (first.prefix, first.expression) == ("", "BUSL-1.1")


def test_that_a_path_answers_by_its_longest_prefix(tmp_path: Path, made: Made) -> None:
    with Project.create(tmp_path / "p") as project:
        corpus = corpus_of(project, made)
        decide_licence(project, "shop", "", None, "allow", "contractors", identity="ann", reason="we wrote it")
        allowances = Allowances(project, corpus, "shop")
        assert (allowances.of("deep/er/x.py").allowed, allowances.of("x.py").export_class) == (True, "contractors")
        assert (allowances.of("lib/mit/m.py").expression, allowances.of("lib/mit/m.py").allowed) == ("MIT", True)
        assert allowances.of("copied.py").allowed is False
        assert "not decided" in allowances.of("copied.py").why


def test_that_a_folder_may_be_named_without_its_slash(tmp_path: Path, made: Made) -> None:
    with Project.create(tmp_path / "p") as project:
        corpus = corpus_of(project, made)
        decide_licence(project, "shop", "lib/mit", None, "deny", identity="ann", reason="not needed")
        assert Allowances(project, corpus, "shop").of("lib/mit/m.py").allowed is False


def test_that_of_two_licences_at_one_place_both_must_be_allowed(tmp_path: Path, made: Made) -> None:
    made.commit({"copied.py": "# SPDX-License-Identifier: ISC\n"})
    with Project.create(tmp_path / "p") as project:
        allowances = Allowances(project, corpus_of(project, made), "shop")
        assert allowances.of("copied.py").expression == "GPL-3.0-only AND ISC"
        assert allowances.of("copied.py").allowed is False


def test_that_a_licence_file_of_a_vendored_folder_asks_for_no_decision(tmp_path: Path, made: Made) -> None:
    made.commit({"vendor/x/LICENSE": "Business Source License 1.1", "vendor/x/x.py": "x\n"})
    with Project.create(tmp_path / "p") as project:
        assert "vendor/x/" not in {one.prefix for one in sources(project, corpus_of(project, made))}


def test_that_a_licence_removed_in_a_later_revision_still_speaks_for_its_folder(tmp_path: Path, made: Made) -> None:
    made.commit({"old/LICENSE": "Business Source License 1.1", "old/x.py": "x = 1\n"})
    made.commit({"old/LICENSE": None, "old/x.py": None})
    with Project.create(tmp_path / "p") as project:
        assert ("old/", "BUSL-1.1") in {
            (one.prefix, one.expression) for one in sources(project, corpus_of(project, made))
        }


@pytest.mark.parametrize(
    ("prefix", "expression", "reason"), [("nowhere/", None, "x"), ("", "MIT", "x"), ("", None, " ")]
)
def test_that_a_decision_about_nothing_or_without_a_reason_is_refused(
    tmp_path: Path, made: Made, prefix: str, expression: str | None, reason: str
) -> None:
    with Project.create(tmp_path / "p") as project:
        corpus_of(project, made)
        with pytest.raises(UnusableInput):
            decide_licence(project, "shop", prefix, expression, "allow", identity="ann", reason=reason)
