"""The project file: what opens, what is refused with which sentence, and what survives."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from espalier.core.failures import UnusableInput, WorkFailed
from espalier.core.project.file import Project, patiently
from espalier.core.project.format import VERSION
from espalier.core.project.migrations import MIGRATIONS, first_schema, statements
from espalier.core.project.sqlite import sqlite

LATER = Migrations("espalier")
LATER()(first_schema)


@LATER()
def add_a_table(db: Database) -> None:
    db.execute("CREATE TABLE later (x TEXT)")


def test_that_a_new_project_is_private_whole_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    with Project.create(tmp_path / "a") as project:
        assert project.path.name == "a.espalier"
        assert project.path.stat().st_mode & 0o777 == 0o600
        assert project.value("PRAGMA integrity_check") == "ok"
        assert project.value("PRAGMA journal_mode") == "wal"
    assert [path.name for path in tmp_path.iterdir()] == ["a.espalier"]


def test_that_an_existing_file_is_never_overwritten(tmp_path: Path) -> None:
    with Project.create(tmp_path / "a") as project:
        first = project.id
    with pytest.raises(UnusableInput, match="already exists"):
        Project.create(tmp_path / "a")
    with Project.open(tmp_path / "a") as project:
        assert project.id == first


@pytest.mark.parametrize("content", [b"", b"hello", b"SQLite format 3\0" + b"\0" * 4096, os.urandom(8192)])
def test_that_a_file_of_something_else_is_refused_and_left_as_it_is(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.espalier"
    path.write_bytes(content)
    with pytest.raises(UnusableInput, match=r"is not an Espalier project|is damaged"):
        Project.open(path)
    assert path.read_bytes() == content


def test_that_another_programs_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.espalier"
    connection = sqlite.connect(path)
    connection.execute("CREATE TABLE t (x)")
    connection.close()
    with pytest.raises(UnusableInput, match="is not an Espalier project"):
        Project.open(path)


def test_that_a_file_of_a_newer_version_is_refused_with_both_versions(tmp_path: Path) -> None:
    with Project.create(tmp_path / "a") as project, project.write() as db:
        db.execute("PRAGMA user_version = 999")
    with pytest.raises(UnusableInput, match=f"newer Espalier \\(format 999; this one knows {VERSION}\\)"):
        Project.open(tmp_path / "a")


def test_that_a_folder_and_a_missing_file_get_their_own_sentences(tmp_path: Path) -> None:
    with pytest.raises(UnusableInput, match="is a folder"):
        Project.open(tmp_path)
    with pytest.raises(UnusableInput, match="There is no project at"):
        Project.open(tmp_path / "nothing")


def test_that_a_read_only_file_opens_for_looking_only(tmp_path: Path) -> None:
    with Project.create(tmp_path / "a") as project:
        path = project.path
    path.chmod(0o444)
    with pytest.raises(UnusableInput, match="is read-only"):
        Project.open(path)
    with Project.open(path, read_only=True) as project:
        assert project.id
        with pytest.raises(UnusableInput, match="read-only"), project.write():
            pass


def test_that_a_file_in_a_folder_that_is_read_only_opens_for_looking_only(tmp_path: Path) -> None:
    """Also for root, whom no mode keeps from writing."""
    folder = tmp_path / "archive"
    folder.mkdir()
    with Project.create(folder / "a") as project:
        path = project.path
    folder.chmod(0o555)
    try:
        with pytest.raises(UnusableInput, match="is read-only"):
            Project.open(path)
        with Project.open(path, read_only=True) as project:
            assert project.id
        assert [one.name for one in folder.iterdir()] == ["a.espalier"]
    finally:
        folder.chmod(0o755)


def test_that_a_full_disk_is_told_and_nothing_committed_is_lost(tmp_path: Path) -> None:
    with Project.create(tmp_path / "a") as project:
        pages = project.value("PRAGMA page_count")
        project.value(f"PRAGMA max_page_count = {pages}")
        with project.write() as db:
            db.execute("INSERT INTO meta VALUES ('small', '1')")
        with pytest.raises(WorkFailed, match=r"The disk that holds .* is full"), project.write() as db:
            db.execute("INSERT INTO meta VALUES ('large', ?)", ("x" * 1_000_000,))
        assert project.meta("small") == "1"
        assert project.meta("large") == ""
        assert project.value("PRAGMA integrity_check") == "ok"


def test_that_a_copy_has_the_rows_that_are_still_in_the_log(tmp_path: Path) -> None:
    with Project.create(tmp_path / "a") as project:
        for number in range(200):
            with project.write() as db:
                db.execute("INSERT INTO meta VALUES (?, 'x')", (f"row {number}",))
        shutil.copy(project.path, tmp_path / "plain.espalier")
        copied = project.copy_to(tmp_path / "copy")
        with Project.open(copied) as copy:
            assert copy.value("SELECT count(*) FROM meta WHERE key LIKE 'row %'") == 200
            assert copy.id == project.id
        assert copied.stat().st_mode & 0o777 == 0o600


def test_that_scouring_leaves_no_byte_of_what_was_deleted(tmp_path: Path) -> None:
    with Project.create(tmp_path / "a") as project:
        with project.write() as db:
            db.execute("INSERT INTO meta VALUES ('gone', ?)", ("tulips" * 2000,))
        size = project.path.stat().st_size
        with project.write() as db:
            db.execute("UPDATE meta SET value = '' WHERE key = 'gone'")
        log = tmp_path / "a.espalier-wal"
        assert b"tulips" in log.read_bytes()
        project.scour()
        assert log.stat().st_size == 0
        assert b"tulips" not in project.path.read_bytes()
        assert project.path.stat().st_size <= size
        assert project.value("PRAGMA integrity_check") == "ok"


def test_that_a_log_that_is_being_read_is_not_called_empty(tmp_path: Path) -> None:
    with Project.create(tmp_path / "a") as project, Project.open(tmp_path / "a", read_only=True) as other:
        project.value("PRAGMA busy_timeout = 50")
        cursor = other._connection.execute("SELECT * FROM meta")
        cursor.fetchone()
        with project.write() as db:
            db.execute("INSERT INTO meta VALUES ('x', '1')")
        with pytest.raises(WorkFailed, match="is being read"):
            project.scour()
        cursor.close()
        project.scour()


def test_that_a_copy_never_overwrites(tmp_path: Path) -> None:
    with Project.create(tmp_path / "a") as project, pytest.raises(UnusableInput, match="already exists"):
        project.copy_to(tmp_path / "a.espalier")


def test_that_migrating_keeps_a_copy_of_the_old_file(tmp_path: Path) -> None:
    with Project.create(tmp_path / "a") as project, project.write() as db:
        db.execute("INSERT INTO meta VALUES ('kept', 'yes')")
    with Project.open(tmp_path / "a", migrations=(LATER, VERSION + 1)) as project:
        assert project.value("SELECT count(*) FROM later") == 0
        assert project.meta("kept") == "yes"
    with pytest.raises(UnusableInput, match="newer Espalier"):
        Project.open(tmp_path / "a")
    with Project.open(tmp_path / f"a.format-{VERSION}") as old:
        assert old.meta("kept") == "yes"


def test_that_a_migration_that_fails_changes_nothing(tmp_path: Path) -> None:
    broken = Migrations("espalier")
    broken()(first_schema)

    @broken()
    def fails(db: Database) -> None:
        db.execute("CREATE TABLE half (x)")
        raise RuntimeError("no")

    with Project.create(tmp_path / "a"):
        pass
    with pytest.raises(RuntimeError):
        Project.open(tmp_path / "a", migrations=(broken, VERSION + 1))
    with Project.open(tmp_path / "a") as project:
        assert project.value("SELECT count(*) FROM sqlite_schema WHERE name = 'half'") == 0


def test_that_a_file_of_the_first_format_still_opens(tmp_path: Path) -> None:
    saved = Path(__file__).parents[2] / "data" / "format-1.espalier"
    shutil.copy(saved, tmp_path / "old.espalier")
    with Project.open(tmp_path / "old") as project:
        assert project.meta("policy")
        assert project.value("PRAGMA user_version") == VERSION


def test_that_a_project_made_today_has_the_shape_of_the_saved_one(tmp_path: Path) -> None:
    """A released migration is never edited: a change needs a new one, and a new saved file."""
    saved = Path(__file__).parents[2] / "data" / "format-1.espalier"
    shutil.copy(saved, tmp_path / "old.espalier")
    with Project.create(tmp_path / "new") as new, Project.open(tmp_path / "old") as old:
        shape = "SELECT name, sql FROM sqlite_schema ORDER BY name"
        assert [tuple(row) for row in new.rows(shape)] == [tuple(row) for row in old.rows(shape)]


def test_that_writers_in_several_processes_lose_nothing(tmp_path: Path) -> None:
    with Project.create(tmp_path / "a") as project:
        program = (
            "import sys; from pathlib import Path; from espalier.core.project.file import Project\n"
            "project = Project.open(Path(sys.argv[1]))\n"
            "for n in range(50):\n"
            "    with project.write() as db: db.execute('INSERT INTO meta VALUES (?, 1)', (f'{sys.argv[2]}-{n}',))\n"
            "project.close()"
        )
        writers = [subprocess.Popen([sys.executable, "-c", program, str(project.path), name]) for name in "abc"]
        assert [writer.wait() for writer in writers] == [0, 0, 0]
        assert project.value("SELECT count(*) FROM meta WHERE key LIKE '_-%'") == 150
        assert project.value("PRAGMA integrity_check") == "ok"


def test_that_a_failed_write_is_rolled_back(tmp_path: Path) -> None:
    with Project.create(tmp_path / "a") as project:
        with pytest.raises(ZeroDivisionError), project.write() as db:
            db.execute("INSERT INTO meta VALUES ('x', '1')")
            raise ZeroDivisionError
        assert project.meta("x") == ""


def test_that_another_connection_is_told_by_the_data_version(tmp_path: Path) -> None:
    with Project.create(tmp_path / "a") as project, Project.open(tmp_path / "a", read_only=True) as reader:
        before = reader.data_version()
        with project.write() as db:
            db.execute("INSERT INTO meta VALUES ('x', '1')")
        assert reader.data_version() != before


def test_that_statements_are_split_where_sqlite_says_so() -> None:
    script = "CREATE TABLE a (x);\n-- a; comment\nCREATE TRIGGER t BEFORE UPDATE ON a BEGIN SELECT 1; SELECT 2; END;\n"
    assert len(list(statements(script))) == 2
    with pytest.raises(ValueError, match="unfinished"):
        list(statements("CREATE TABLE a (x)"))


def test_that_the_migrations_are_known() -> None:
    assert MIGRATIONS.pending(Database(memory=True))


def test_that_a_file_that_is_locked_for_a_moment_is_opened_after_it() -> None:
    waiting = iter(["database is locked", "database is busy"])

    def opens() -> str:
        if message := next(waiting, ""):
            raise sqlite.OperationalError(message)
        return "opened"

    assert patiently(opens) == "opened"


@pytest.mark.parametrize(("message", "seconds"), [("no such table: meta", 10.0), ("database is locked", 0.0)])
def test_that_any_other_failure_and_a_lock_that_stays_are_told(message: str, seconds: float) -> None:
    asked: list[str] = []

    def opens() -> None:
        asked.append(message)
        raise sqlite.OperationalError(message)

    with pytest.raises(sqlite.OperationalError, match=message):
        patiently(opens, seconds)
    assert len(asked) <= 2


OPENED_AND_CLOSED = """
import sys
from pathlib import Path
from espalier.core.project.file import Project
for _ in range(int(sys.argv[2])):
    with Project.open(Path(sys.argv[1]), read_only=sys.argv[3] == "ro") as project:
        project.value("SELECT COUNT(*) FROM jobs")
"""


@pytest.mark.slow
def test_that_processes_that_open_and_close_it_at_once_do_not_shut_each_other_out(tmp_path: Path) -> None:
    with Project.create(tmp_path / "p") as project:
        path = project.path
    command = [sys.executable, "-c", OPENED_AND_CLOSED, str(path)]
    several = [subprocess.Popen([*command, "500", mode]) for mode in ("rw", "rw", "ro")]
    assert [one.wait(timeout=120) for one in several] == [0, 0, 0]
