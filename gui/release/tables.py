"""The columns of the sign-offs, the licences and the bundles."""

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from espalier.gui.figures import count, day
from espalier.gui.release.reading import Bundled, Release, RoleSigned
from espalier.gui.rights import class_word, licence
from espalier.gui.roles import role_title
from espalier.gui.states import ASKED, LIMITED, MISSING, SIGNED, Shown
from espalier.gui.tables.column import Column
from espalier.gui.tables.rows import RowsModel


def tr(text: str) -> str:
    return QCoreApplication.translate("release.tables", text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Licence:
    """A licence, of what, what it asks for, and how far it lets the adapter travel."""

    licence: str
    of: str
    asks: str
    export: str


def sign_offs_model() -> RowsModel[tuple[int, RoleSigned]]:
    columns: tuple[Column[tuple[int, RoleSigned]], ...] = (
        Column(title=tr("Sign-off"), text=lambda row: role_title(row[1].role), width=112, kind="strong"),
        Column(title=tr("Person"), text=_person, width=0, least=120),
        Column(title=tr("Key"), text=_key, width=196, kind="code"),
        Column(title=tr("When"), text=lambda row: day(row[1].at) if row[1].at else "", width=104, kind="muted"),
        Column(title=tr("State"), state=_signed, width=112, kind="state"),
    )
    return RowsModel(columns, lambda row: row[0])


def licences_model() -> RowsModel[tuple[int, Licence]]:
    columns: tuple[Column[tuple[int, Licence]], ...] = (
        Column(title=tr("Licence"), text=lambda row: row[1].licence, width=160, kind="strong"),
        Column(title=tr("Of"), text=lambda row: row[1].of, width=196),
        Column(title=tr("Asks for"), text=lambda row: row[1].asks, width=0, least=120, kind="muted"),
        Column(title=tr("May travel"), text=lambda row: row[1].export, width=112),
    )
    return RowsModel(columns, lambda row: row[0])


def bundles_model() -> RowsModel[tuple[int, Bundled]]:
    columns: tuple[Column[tuple[int, Bundled]], ...] = (
        Column(title=tr("Run"), text=lambda row: str(row[1].run), width=56, kind="strong"),
        Column(title=tr("Version"), text=lambda row: str(row[1].version), width=64, kind="number"),
        Column(title=tr("Signed by"), text=lambda row: row[1].identity, width=0, least=90),
        Column(title=tr("When"), text=lambda row: day(row[1].created_at), width=92, kind="muted"),
    )
    return RowsModel(columns, lambda row: row[0])


def licences_of(read: Release) -> list[tuple[int, Licence]]:
    """The base model's first, then those of the sources."""
    if read.run is None or not read.base_licence:
        return []
    base = Licence(
        licence=read.base_licence,
        of=tr("the base model"),
        asks=" ".join(read.base_asks),
        export=class_word(read.export) if read.export else tr("nowhere"),
    )
    found = [
        Licence(
            licence=licence(source.licence),
            of=tr("{repository}, {examples} examples").format(
                repository=source.repository, examples=count(source.examples)
            ),
            asks="",
            export=class_word(source.export),
        )
        for source in read.sources
    ]
    return list(enumerate([base, *found]))


def _person(row: tuple[int, RoleSigned]) -> str:
    signed, able = row[1].signed, row[1].able
    if signed is not None:
        return signed.person
    return tr("{names} could").format(names=", ".join(able)) if able else tr("nobody here has this role")


def _key(row: tuple[int, RoleSigned]) -> str:
    signed = row[1].signed
    return "" if signed is None else f"{signed.fingerprint[:13]}…{signed.fingerprint[-4:]}"


def _signed(row: tuple[int, RoleSigned]) -> Shown:
    signed = row[1].signed
    if signed is None:
        return ASKED if row[1].able else MISSING
    return LIMITED if signed.automatic else SIGNED
