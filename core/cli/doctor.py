"""espalier doctor."""

from espalier.core.cli.output import AsJson, document, note, say
from espalier.core.doctor.diagnose import diagnose


def doctor(json: AsJson = False) -> None:
    """What this machine can and cannot do, and the remedy for what it lacks; takes about ten seconds."""
    if json:
        document([{name: getattr(one, name) for name in ("name", "state", "found", "remedy")} for one in diagnose()])
        return
    note("Looking at this machine…")
    for one in diagnose():
        say(f"{one.state:8} {one.name}: {one.found}")
        if one.remedy:
            say(f"         → {one.remedy}")
