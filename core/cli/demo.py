"""espalier demo."""

import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from espalier.core.cli.eval import report_lines, report_rows
from espalier.core.cli.output import AsJson, document, duration, note, say, table
from espalier.core.cli.waiting import wait
from espalier.core.demo.path import Done, demonstrate
from espalier.core.demo.report import NOT_DONE, idiom_rates, summary, write_report

PICTURE_SECONDS = 60


def demo(
    folder: Annotated[
        Path, typer.Argument(metavar="[DIR]", help="Where the project, the report and the bundle go.")
    ] = Path("espalier-demo"),
    repo: Annotated[
        Path | None, typer.Option(metavar="PATH", help="A local git repository; a sample one, if not given.")
    ] = None,
    json: AsJson = False,
) -> None:
    """Walk the whole path on a sample, or on a repository of yours, under the demo policy; run again, it goes on."""
    note("Demonstration, not approved: every finding is scrubbed, none is cleared, and no person looks.")
    done = demonstrate(folder.absolute(), repo, lambda project, job: wait(project, job.id), note)
    columns, rows = report_rows(done.summary)
    report = write_report(done, columns, rows, _pictures(done))
    if json:
        document(summary(done))
        return
    _print(done, report)


def _pictures(done: Done) -> list[Path]:
    """The window's own pictures, taken by another process: this one must not load Qt. None where Qt can't run."""
    folder = done.project.with_name("pictures")
    folder.mkdir(exist_ok=True)
    command = [sys.executable, "-P", "-m", "espalier.gui.picture", str(done.project), str(folder)]
    try:
        taken = subprocess.run(command, capture_output=True, timeout=PICTURE_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        note("The pictures were not taken: the window did not answer within a minute.")
        return []
    if taken.returncode != 0:
        note("The pictures were not taken: Qt can't run here. See: espalier doctor")
    return sorted(folder.glob("*.png"))


def _print(done: Done, report: Path) -> None:
    say("")
    table(("step", "time"), [(step, duration(took)) for step, took in done.seconds.items()])
    say(f"all: {duration(sum(done.seconds.values()))}\n")
    say(f"corpus   {done.corpus[:12]}: {done.scan['blobs']} blobs, {done.scan['findings']} findings, all scrubbed")
    splits = done.frozen["splits"]
    assert isinstance(splits, dict)
    counted = ", ".join(f"{name} {part['examples']}" for name, part in splits.items())
    say(f"dataset  {done.snapshot[:12]}: {counted}; held out from {str(done.frozen['test_from'])[:10]}")
    rates = idiom_rates(done.summary)
    if rates is not None:
        say(f"idiom    base {rates['base']:.0%}, adapter {rates['adapter']:.0%} of held-out functions\n")
    columns, rows = report_rows(done.summary)
    table(columns, rows)
    for line in report_lines(done.summary):
        say(line)
    say("\nNot done:")
    for sentence in NOT_DONE:
        say(f"  · {sentence}")
    say(
        f"\nproject  {done.project}\nreport   {report}\npictures {report.with_name('pictures')}\nrelease  {done.release}"
    )
    say(f"Check the bundle: espalier release verify {done.release}")
