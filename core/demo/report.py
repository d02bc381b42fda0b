"""The report of a demonstration: one HTML file that needs nothing beside it but its pictures, and a JSON summary."""

import html
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from espalier.core.demo.path import Done

NOT_DONE = (
    "No person looked at a finding: the stand-in scrubbed every one of them, false alarms included.",
    "Sampled review of what no detector flagged: not done.",
    "Rubric (readability, API use) by people: not done; the forms are in the project file.",
    "Legal review of licences and training rights: not done; the stand-in allowed own and permissive code for internal use.",
)

STYLE = """
body { font: 14px/1.5 system-ui, sans-serif; color: #14171c; background: #fff; max-width: 62rem; margin: 2rem auto; padding: 0 1.5rem }
h1 { font-size: 1.6rem; margin: 0 } h2 { font-size: 1.05rem; margin: 2rem 0 .5rem }
p.notice { background: #fcf1dc; color: #6b4000; padding: .6rem .9rem; border-radius: 6px }
table { border-collapse: collapse; font-variant-numeric: tabular-nums } td, th { padding: .25rem 1.2rem .25rem 0; text-align: left; border-bottom: 1px solid #e3e6ea }
th { font-weight: 500; color: #59626e } code { font-family: ui-monospace, monospace; font-size: .92em } img { max-width: 100% }
@media (prefers-color-scheme: dark) { body { color: #e8ebef; background: #1a1d22 } td, th { border-color: #2a2f37 } th { color: #949daa } p.notice { background: #352913; color: #e3ac52 } }
"""


def summary(done: Done) -> dict[str, object]:
    """What `demo --json` prints."""
    loss = done.summary["loss"]
    return {
        "project": str(done.project),
        "release": str(done.release),
        "report": str(report_path(done)),
        "seconds": done.seconds,
        "loss": loss,
        "idiom": idiom_rates(done.summary),
        "evaluation": done.summary,
        "not_done": list(NOT_DONE),
    }


def idiom_rates(summary: Mapping[str, object]) -> dict[str, float] | None:
    """Share of answers with the whole idiom, by arm; None where there is no idiom to look for."""
    arms = summary["arms"]
    assert isinstance(arms, dict)
    found = {arm: checks.get("idiom") for arm, checks in arms.items()}
    if not all(one and one["ran"] for one in found.values()):
        return None
    return {arm: one["passed"] / one["ran"] for arm, one in found.items()}


def report_path(done: Done) -> Path:
    return done.project.with_name("report.html")


def write_report(done: Done, columns: Sequence[str], rows: Iterable[Sequence[str]], pictures: Sequence[Path]) -> Path:
    """Write the report beside the project; every word of it is escaped, whatever a repository called its files."""
    body = "\n".join(
        [
            "<h1>Espalier: a demonstration</h1>",
            '<p class="notice"><strong>Demonstration, not approved.</strong> '
            "The demo policy scrubs everything and clears nothing, and no person stands behind it.</p>",
            _facts(done),
            "<h2>Base against adapter, held-out tasks</h2>",
            _table(columns, rows),
            "<h2>Gates</h2>",
            _table(("gate", "state", "why"), _gates(done)),
            "<h2>Not run</h2>",
            _list(f"{count} × {why}" for why, count in _mapping(done.summary["not_run"]).items()),
            "<h2>Not done</h2>",
            _list(NOT_DONE),
            "<h2>Time by step</h2>",
            _table(("step", "seconds"), [(step, f"{took:.0f}") for step, took in done.seconds.items()]),
            *(
                f'<h2>{html.escape(one.stem)}</h2><img alt="" src="pictures/{html.escape(one.name)}">'
                for one in pictures
            ),
        ]
    )
    page = f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Espalier report</title><style>{STYLE}</style>{body}</html>'
    target = report_path(done)
    target.write_text(page, encoding="utf-8")
    return target


def _facts(done: Done) -> str:
    frozen, scan = done.frozen, done.scan
    splits = _mapping(frozen["splits"])
    parts = ", ".join(f"{name} {part['examples']}" for name, part in splits.items())
    return _table(
        ("what", "is"),
        [
            ("corpus", done.corpus),
            ("scanned", f"{scan['blobs']} blobs, {scan['bytes']} bytes; {scan['findings']} findings"),
            ("snapshot", done.snapshot),
            ("examples", parts),
            ("held out from", str(frozen["test_from"])[:10]),
            (
                "taken out as leaks",
                ", ".join(f"{count} {why}" for why, count in _mapping(frozen["leaks"]).items()) or "none",
            ),
            ("project", str(done.project)),
            ("release", str(done.release)),
        ],
    )


def _gates(done: Done) -> list[tuple[str, str, str]]:
    gates = done.summary["gates"]
    assert isinstance(gates, list)
    return [(gate["name"], "open" if gate["passed"] else "shut", gate["why"]) for gate in gates]


def _table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    head = "".join(f"<th>{html.escape(column)}</th>" for column in columns)
    lines = ("<tr>" + "".join(f"<td>{html.escape(str(cell))}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><tr>{head}</tr>{''.join(lines)}</table>"


def _list(items: Iterable[str]) -> str:
    found = "".join(f"<li>{html.escape(item)}</li>" for item in items)
    return f"<ul>{found}</ul>" if found else "<p>Nothing.</p>"


def _mapping(value: object) -> Mapping[str, dict[str, object]]:
    assert isinstance(value, dict)
    return value
