"""How a worker takes a job, and how the jobs of dead workers come back."""

from espalier.core.jobs.job import Job, Lane, job
from espalier.core.jobs.life import Life, pulse
from espalier.core.project import audit
from espalier.core.project.canonical import canonical_text
from espalier.core.project.clock import utc_now
from espalier.core.project.file import Connection, Project, Row

TRIES = 5  # a job whose worker died this often is failed: what kills it would kill it again


def claim(project: Project, lane: Lane, life: Life) -> Job | None:
    """Take the oldest waiting job of a lane for this process, or None when there is none or the lane is busy."""
    reclaim(project)
    with project.write() as db:
        if db.execute("SELECT 1 FROM jobs WHERE state = 'running' AND lane = ?", (lane,)).fetchone():
            return None
        waiting = "SELECT id FROM jobs WHERE state = 'queued' AND lane = ? ORDER BY id LIMIT 1"
        row = db.execute(waiting, (lane,)).fetchone()
        if row is None:
            return None
        db.execute(
            "UPDATE jobs SET state = 'running', request = NULL, attempts = attempts + 1, attempt_started_at = NULL,"
            " host = ?, boot = ?, pid = ?, process_started = ?, heartbeat_at = ? WHERE id = ?",
            (life.host, life.boot, life.pid, life.started, utc_now(), row["id"]),
        )
    return job(project, row["id"])


def reclaim(project: Project) -> list[int]:
    """Put the jobs of dead workers back into the queue, and return their numbers. A silent worker keeps its job."""
    if project.read_only or not project.value("SELECT 1 FROM jobs WHERE state = 'running'"):
        return []
    with project.write() as db:
        running = db.execute("SELECT * FROM jobs WHERE state = 'running'").fetchall()
        dead = [row for row in running if pulse(_life(row)) == "dead"]
        for row in dead:
            _put_back(db, row)
    return [row["id"] for row in dead]


def _put_back(db: Connection, row: Row) -> None:
    number = row["id"]
    if row["request"] in ("stop", "cancel"):
        state = "stopped" if row["request"] == "stop" else "cancelled"
        db.execute("UPDATE jobs SET state = ?, finished_at = ? WHERE id = ?", (state, utc_now(), number))
    elif row["attempts"] >= TRIES:
        failure = {
            "kind": "WorkerDied",
            "sentence": f"The worker of job {number} ended {TRIES} times without a word, most likely for want of memory.",
            "remedy": "See the log in the work folder; free memory or choose a smaller recipe, then resume the job.",
        }
        ended = (canonical_text(failure), utc_now(), number)
        db.execute("UPDATE jobs SET state = 'failed', failure = ?, finished_at = ? WHERE id = ?", ended)
    else:
        db.execute("UPDATE jobs SET state = 'queued' WHERE id = ?", (number,))
    audit.record(db, "espalier", "job.worker-died", f"job:{number}", {"pid": row["pid"], "attempt": row["attempts"]})


def _life(row: Row) -> Life:
    return Life(host=row["host"], boot=row["boot"], pid=row["pid"], started=row["process_started"])
