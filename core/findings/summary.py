"""What a finished scan says: counts of what was found and of what could not be scanned."""

from espalier.core.project.file import Project, Row

OF_CORPUS = (
    "SELECT p.* FROM noted n JOIN places p ON p.ruleset = n.ruleset AND p.repository = n.repository AND p.object = n.object"
    " WHERE n.corpus = :corpus AND n.ruleset = :ruleset"
)


def scan_of(project: Project, corpus: str, ruleset: str) -> Row | None:
    """The finished scan, None where there is none."""
    return project.row("SELECT * FROM scans WHERE corpus = ? AND ruleset = ?", (corpus, ruleset))


def not_scanned(project: Project, corpus: str, ruleset: str) -> dict[str, int]:
    """Reason → objects that are blocked from training because nothing, or not all, can be said about them; and the commits of
    other repositories that the history points to.
    """
    rows = project.rows(
        "SELECT not_scanned, COUNT(*) AS n FROM noted WHERE corpus = :corpus AND ruleset = :ruleset"
        " AND not_scanned IS NOT NULL GROUP BY not_scanned"
        " UNION ALL SELECT 'submodule', COUNT(*) FROM submodules WHERE corpus = :corpus HAVING COUNT(*) > 0 ORDER BY 1",
        {"corpus": corpus, "ruleset": ruleset},
    )
    return {row["not_scanned"]: row["n"] for row in rows}


def summary(project: Project, corpus: str, ruleset: str) -> dict[str, object]:
    """The keys of `findings scan`."""
    scan = scan_of(project, corpus, ruleset)
    counts = project.row(
        f"SELECT COUNT(*) AS findings, COALESCE(SUM(kind = 'secret'), 0) AS secrets FROM findings"
        f" WHERE fingerprint IN (SELECT fingerprint FROM ({OF_CORPUS}))",
        {"corpus": corpus, "ruleset": ruleset},
    )
    assert counts
    return {
        "corpus": corpus,
        "blobs": scan["blobs"] if scan else 0,
        "bytes": scan["bytes"] if scan else 0,
        "findings": counts["findings"],
        "secrets": counts["secrets"],
        "not_scanned": not_scanned(project, corpus, ruleset),
        "seconds": round(scan["seconds"], 3) if scan else 0.0,
        "ruleset": ruleset,
        "archives": bool(scan and scan["archives"]),
        "unreachable": bool(scan and scan["unreachable"]),
    }
