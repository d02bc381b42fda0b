CREATE TABLE jobs (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL,
  lane TEXT NOT NULL CHECK (lane IN ('cpu', 'accelerator')),
  args TEXT NOT NULL,                  -- canonical JSON
  state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'paused', 'stopped', 'cancelled', 'failed', 'done')),
  request TEXT CHECK (request IN ('pause', 'stop', 'cancel')),
  done INTEGER NOT NULL DEFAULT 0,
  total INTEGER NOT NULL DEFAULT 0,
  message TEXT NOT NULL DEFAULT '',
  attempts INTEGER NOT NULL DEFAULT 0,
  attempt_started_at TEXT,             -- the estimate is taken over this attempt only
  attempt_first_done INTEGER NOT NULL DEFAULT 0,
  host TEXT, boot TEXT, pid INTEGER, process_started REAL,
  heartbeat_at TEXT,
  failure TEXT,                        -- JSON: type, sentence, remedy
  result TEXT,                         -- JSON, what the stage returned
  ended_by TEXT CHECK (ended_by IN ('itself', 'request', 'terminate', 'kill')),
  created_at TEXT NOT NULL,
  finished_at TEXT
) STRICT;
CREATE INDEX jobs_by_state ON jobs (state, lane, id);
