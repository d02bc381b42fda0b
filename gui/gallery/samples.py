"""What the gallery's parts show: invented rows and lines, and no secret."""

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from espalier.gui.parts.checklist import Item
from espalier.gui.states import FINDING, NEEDS_YOU, SHOWN, SHUT, Shown
from espalier.gui.tables.column import Column
from espalier.gui.tables.rows import RowsModel

MASKED = ('        "s3",', "        region_name=region,", f'        aws_access_key_id="AKIA{16 * "•"}",', "    )")
SCRUBBED = ('        aws_access_key_id="SECRET_AWS_KEY_K7Q2",', "    )")

CHANGED = (
    ("def total(lines):", "    total = 0", "    for line in lines:", "        total += line", "    return total"),
    (
        "def total(lines):",
        "    total = Amount.zero()",
        "    for line in lines:",
        "        total += line",
        "    return total",
    ),
)
LONG = (
    "def settle(batch, ledger):",
    '    """Book what came in; what can\'t be booked is told."""',
    "    for entry in batch:",
    "        if entry.amount > 0:  # refunds have a path of their own",
    "            ledger.book(entry)",
    "    return ledger.total()",
) * 6


def tr(text: str) -> str:
    return QCoreApplication.translate("gallery", text)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the table."""

    id: int
    state: Shown
    name: str
    path: str
    count: int


def rows_model() -> RowsModel[Row]:
    columns: tuple[Column[Row], ...] = (
        Column(title=tr("State"), width=120, kind="state", state=lambda row: row.state),
        Column(title=tr("Row"), text=lambda row: row.name, width=0, least=120, kind="strong"),
        Column(title=tr("Path"), text=lambda row: row.path, width=190, kind="path"),
        Column(title=tr("Count"), text=lambda row: f"{row.count:,}", width=72, kind="number", by=lambda row: row.count),
    )
    model = RowsModel(columns, lambda row: row.id)
    model.show_rows(
        [
            Row(1, FINDING["open"], tr("Selected"), "payments/config/dev.py", 14),
            Row(2, FINDING["open"], tr("To decide"), "ops/seed/load_fixtures.py", 6),
            Row(3, FINDING["scrub"], tr("Decided"), "payments/iban/parse/deep/iban_test.go", 17),
            Row(4, SHOWN["failed"], tr("A job that failed"), "certs/gateway.pem.j2", 3),
        ]
    )
    return model


def items() -> list[Item]:
    return [
        Item(
            id="1",
            state=NEEDS_YOU,
            what=tr("12 findings to decide"),
            why=tr("came with Monday's refresh of payments-api and infra"),
            note=tr("about 6 min"),
            link=tr("Findings"),
        ),
        Item(
            id="2",
            state=SHUT,
            what=tr("General ability fell 4.1 points"),
            why=tr("the policy allows 3.0"),
            link=tr("Evaluation"),
        ),
    ]


def span_of(line: str) -> tuple[int, int]:
    """Between the quotes."""
    return line.index('"') + 1, line.rindex('"')
