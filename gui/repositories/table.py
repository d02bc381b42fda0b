"""The tables of the page: repositories, and the sources whose licences are decided."""

from PySide6.QtCore import QCoreApplication

from espalier.core.repositories.licence_decisions import Source
from espalier.gui.figures import ABSENT, count, size
from espalier.gui.repositories.reading import RepositoryRow
from espalier.gui.repositories.words import (
    VERDICTS,
    advice,
    new,
    shares,
    span,
    state,
)
from espalier.gui.rights import class_word, licence
from espalier.gui.tables.column import Column
from espalier.gui.tables.rows import RowsModel


def tr(text: str) -> str:
    return QCoreApplication.translate("repositories.table", text)


def repositories_model() -> RowsModel[RepositoryRow]:
    columns: tuple[Column[RepositoryRow], ...] = (
        Column(
            title=tr("Repository"),
            text=lambda row: row.repository.name,
            width=0,
            least=112,
            kind="strong",
            by=lambda row: row.repository.name.casefold(),
        ),
        Column(title=tr("State"), width=144, kind="state", state=state, by=lambda row: state(row).word),
        Column(title=tr("Commits"), text=_commits, width=76, kind="number", by=lambda row: _of(row, "commits")),
        Column(title=tr("New"), text=new, width=60, kind="number", by=lambda row: row.new.commits if row.new else 0),
        Column(title=tr("Span"), text=span, width=92, least=92, by=span),
        Column(title=tr("Size"), text=_size, width=76, kind="number", by=lambda row: _of(row, "bytes")),
        Column(title=tr("Authors"), text=_authors, width=66, kind="number", by=_by_authors),
        Column(title=tr("Languages"), text=_languages, width=140, kind="muted"),
    )
    return RowsModel(columns, lambda row: row.repository.id)


def sources_model() -> RowsModel[tuple[int, Source]]:
    """Each source with a number that stays the same while the corpus does."""
    columns: tuple[Column[tuple[int, Source]], ...] = (
        Column(title=tr("Repository"), text=lambda row: row[1].repository, width=128, kind="strong", by=_repository),
        Column(title=tr("Where"), text=lambda row: row[1].prefix or "/", width=0, least=120, kind="path", by=_where),
        Column(title=tr("Licence"), text=lambda row: licence(row[1].expression), width=164, by=_expression),
        Column(title=tr("Category"), text=lambda row: row[1].category, width=124, kind="muted", by=_category),
        Column(title=tr("Advice"), text=lambda row: advice(row[1]), width=124, by=lambda row: row[1].advice),
        Column(
            title=tr("Decision"),
            width=108,
            kind="state",
            state=lambda row: VERDICTS[row[1].decision],
            by=lambda row: row[1].decision or "",
        ),
        Column(title=tr("Export"), text=_export, width=92, by=_export),
        Column(
            title=tr("By"),
            text=lambda row: row[1].decided_by,
            width=128,
            kind="muted",
            by=lambda row: row[1].decided_by,
        ),
    )
    return RowsModel(columns, lambda row: row[0])


def _commits(row: RepositoryRow) -> str:
    return count(row.numbers.commits) if row.numbers else ABSENT


def _size(row: RepositoryRow) -> str:
    return size(row.numbers.bytes) if row.numbers else ABSENT


def _authors(row: RepositoryRow) -> str:
    return count(row.activity.authors) if row.activity else ABSENT


def _by_authors(row: RepositoryRow) -> int:
    return row.activity.authors if row.activity else -1


def _languages(row: RepositoryRow) -> str:
    return shares(row.numbers.languages, 2) if row.numbers and row.numbers.languages else ""


def _of(row: RepositoryRow, name: str) -> int:
    return int(getattr(row.numbers, name)) if row.numbers else -1


def _export(row: tuple[int, Source]) -> str:
    return class_word(row[1].export_class) if row[1].decision == "allow" else ""


def _repository(row: tuple[int, Source]) -> str:
    return row[1].repository.casefold()


def _where(row: tuple[int, Source]) -> str:
    return row[1].prefix


def _expression(row: tuple[int, Source]) -> str:
    return row[1].expression


def _category(row: tuple[int, Source]) -> str:
    return row[1].category
