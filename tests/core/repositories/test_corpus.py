import json
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.core.repositories.test_licences import MIT
from tests.core.repositories.workshop import DAY, START, Made, make

from espalier.core.failures import UnusableInput
from espalier.core.project.file import Project
from espalier.core.repositories.corpus import CorpusRepository, corpus, corpus_hash, latest, listing, refresh
from espalier.core.repositories.repository import add, drop
from espalier.core.repositories.survey import Plan, Progress, Survey, survey
from espalier.core.repositories.walks import Walk

OIDS = st.text("0123456789abcdef", min_size=40, max_size=40)
STATES = st.builds(
    CorpusRepository,
    name=st.text(min_size=1, max_size=5),
    path=st.just(Path("/x")),
    tips=st.dictionaries(st.text(max_size=5), OIDS, max_size=4),
    head=st.none() | OIDS,
    include=st.tuples(st.text(max_size=3)),
    services=st.dictionaries(st.text(max_size=3), st.text(max_size=3), max_size=2),
)


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with Project.create(tmp_path / "p") as made:
        yield made


@pytest.fixture
def made(tmp_path: Path) -> Made:
    repository = make(tmp_path / "shop")
    repository.commit({"a.py": "x = 1\n", "LICENSE": MIT})
    return repository


@given(st.lists(STATES, max_size=4, unique_by=lambda one: one.name), st.randoms(use_true_random=False))
def test_that_neither_order_nor_place_changes_the_hash(states: list[CorpusRepository], dice: random.Random) -> None:
    moved = [_at(one, Path(f"/elsewhere/{n}")) for n, one in enumerate(states)]
    dice.shuffle(moved)
    assert corpus_hash(moved) == corpus_hash(states)


def _at(one: CorpusRepository, path: Path) -> CorpusRepository:
    tips = dict(reversed(one.tips.items()))
    return CorpusRepository(
        name=one.name, path=path, tips=tips, head=one.head, include=one.include, services=one.services
    )


@given(STATES, STATES)
def test_that_another_tip_is_another_hash(one: CorpusRepository, other: CorpusRepository) -> None:
    def content(state: CorpusRepository) -> object:
        return state.name, set(state.tips.values()), state.head, state.include, state.services

    assert (corpus_hash([one]) == corpus_hash([other])) == (content(one) == content(other))


def test_that_refreshing_what_has_not_moved_finds_the_same_corpus(project: Project, made: Made) -> None:
    add(project, made.path)
    first = refresh(project)
    assert refresh(project) == first
    assert project.value("SELECT count(*) FROM corpora") == 1


def test_that_a_new_commit_makes_a_new_corpus_and_the_old_one_stays(project: Project, made: Made) -> None:
    add(project, made.path)
    first = refresh(project)
    tip = made.commit({"a.py": "x = 2\n"}, when=START + DAY)
    second = refresh(project)
    assert second.hash != first.hash
    assert second.repositories[0].tips == {"refs/heads/main": tip}
    assert corpus(project, first.hash) == first
    assert latest(project) == second


def test_that_going_back_makes_the_old_corpus_the_latest_again(project: Project, made: Made) -> None:
    add(project, made.path)
    first = refresh(project)
    tip = made.oid("main")
    made.commit({"a.py": "x = 2\n"})
    refresh(project)
    made.run("update-ref", "refs/heads/main", tip)
    assert refresh(project) == first == latest(project)


def test_that_the_same_repositories_elsewhere_make_the_same_corpus(
    project: Project, made: Made, tmp_path: Path
) -> None:
    made.run("clone", "-q", "--bare", str(made.path), str(tmp_path / "copy.git"))
    add(project, made.path)
    with Project.create(tmp_path / "q") as other:
        add(other, tmp_path / "copy.git", name="shop")
        assert refresh(other).hash == refresh(project).hash


def test_that_only_the_repository_that_moved_is_read_again(
    project: Project, made: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    still = make(tmp_path / "still")
    still.commit({"b.py": "y = 1\n"})
    add(project, made.path)
    add(project, still.path)
    refresh(project)
    before = listing(project)
    made.commit({"a.py": "x = 2\n"})
    read: list[str] = []

    def watched(plan: Plan, earlier: Walk, said: Progress) -> tuple[Survey, Walk]:
        read.append(plan.name)
        return survey(plan, earlier, said)

    monkeypatch.setattr("espalier.core.repositories.corpus.survey", watched)
    refresh(project)
    assert read == ["shop"]
    after = listing(project)
    assert {**after[1], "corpus": ""} == {**before[1], "corpus": ""}
    assert after[0]["commits"] == 2


def test_that_a_dropped_repository_is_in_no_later_corpus(project: Project, made: Made, tmp_path: Path) -> None:
    other = make(tmp_path / "other")
    other.commit({"b": "1"})
    add(project, made.path)
    add(project, other.path)
    both = refresh(project)
    drop(project, "shop")
    assert [one.name for one in refresh(project).repositories] == ["other"]
    assert [one.name for one in corpus(project, both.hash).repositories] == ["other", "shop"]


def test_that_a_project_without_repositories_is_told_how_to_add_one(project: Project) -> None:
    with pytest.raises(UnusableInput, match="repo add"):
        refresh(project)
    with pytest.raises(UnusableInput, match="repo refresh"):
        latest(project)


def test_that_a_repository_that_went_away_is_named_and_nothing_is_recorded(project: Project, made: Made) -> None:
    add(project, made.path)
    made.path.rename(made.path.with_name("moved"))
    with pytest.raises(UnusableInput, match="'shop' is no longer at"):
        refresh(project)
    assert project.value("SELECT count(*) FROM corpora") == 0


def test_that_damage_after_adding_is_found_by_refresh(project: Project, made: Made) -> None:
    add(project, made.path)
    tip = made.commit({"new.py": "z = 1\n"})
    oid = made.oid(f"{tip}:new.py")
    (made.path / ".git" / "objects" / oid[:2] / oid[2:]).unlink()
    with pytest.raises(UnusableInput, match="git fsck"):
        refresh(project)
    assert project.value("SELECT count(*) FROM corpora") == 0


def test_that_a_corpus_is_found_by_the_beginning_of_its_hash_and_by_no_other(project: Project, made: Made) -> None:
    add(project, made.path)
    held = refresh(project)
    assert corpus(project, held.hash[:8]) == held
    for wrong in ("", "0" * 64, "%", held.hash + "0"):
        with pytest.raises(UnusableInput):
            corpus(project, wrong)


def test_that_the_listing_counts_what_is_there(project: Project, made: Made) -> None:
    made.commit(
        {
            "services/pay/pay.py": "y = 1\n", "uv.lock": "x", "vendor/six.py": "z", "logo.png": b"\x89PNG\0", "link": ("120000", b"a.py"),
            "sub": ("160000", b"1" * 40), "gone.min.js": "g", "web/app.ts": "let x\n", "lib/gpl.py": "# SPDX-License-Identifier: GPL-3.0-only\n",
        }
    )  # fmt: skip
    made.commit({"gone.min.js": None})
    add(project, made.path)
    (before,) = listing(project)
    assert before["commits"] is None
    held = refresh(project)
    (told,) = json.loads(json.dumps(listing(project)))
    assert told["corpus"] == held.hash
    assert (told["name"], told["path"], told["commits"], told["blobs"]) == ("shop", str(made.path), 3, 10)
    assert told["bytes"] == sum(int(made.run("cat-file", "-s", oid)) for oid in _blobs(made))
    assert told["languages"] == {"Python": 3, "Other": 1, "TypeScript": 1}
    assert told["services"] == {"shop": 2, "lib": 1, "pay": 1, "web": 1}
    assert told["licences"] == {"MIT": 4, "GPL-3.0-only": 1}
    assert told["excluded"] == dict.fromkeys(["binary", "lockfile", "minified", "submodule", "symlink", "vendored"], 1)


def _blobs(made: Made) -> list[str]:
    listed = made.run("cat-file", "--batch-check", "--batch-all-objects").splitlines()
    return [line.split()[0] for line in listed if line.split()[1] == "blob"]


def test_that_globs_leave_the_rest_out_and_say_so(project: Project, made: Made) -> None:
    made.commit({"src/b.py": "y = 1\n", "docs/c.md": "z\n"})
    add(project, made.path, include=["src/"])
    refresh(project)
    (told,) = listing(project)
    assert told["languages"] == {"Python": 1}
    assert told["excluded"] == {"not-included": 3}


def test_that_progress_is_told(project: Project, made: Made) -> None:
    add(project, made.path)
    heard: list[tuple[int, int, str]] = []
    refresh(project, said=lambda done, total, message: heard.append((done, total, message)))
    assert heard == [(0, 4, "Reading shop")]
