CREATE TABLE runs (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  job INTEGER,                         -- the job that works on it now, or did last
  snapshot TEXT NOT NULL,              -- SHA-256 of the frozen snapshot's bytes
  model TEXT NOT NULL,
  base TEXT NOT NULL,                  -- digest of the base model's {file: sha256}; a changed base is refused
  recipe TEXT NOT NULL,                -- canonical JSON, whole
  seed INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'paused', 'stopped', 'failed', 'done')),
  step INTEGER NOT NULL DEFAULT 0,     -- optimizer steps that are done
  steps INTEGER,                       -- of how many; known once the snapshot has been packed
  loss REAL,                           -- of the last step, per solution token
  validation_loss REAL,                -- the newest one
  tokens_per_second REAL,              -- of this attempt, padding left out
  peak_memory INTEGER,                 -- bytes: of the process on a CPU, of the device's allocator otherwise
  adapter TEXT,                        -- SHA-256 of the artifact
  versions TEXT NOT NULL DEFAULT '{}', -- canonical JSON: torch, transformers, peft, bitsandbytes, python, espalier, threads
  device TEXT,
  created_at TEXT NOT NULL,
  started_at TEXT,
  finished_at TEXT
) STRICT;

CREATE TABLE metrics (
  run INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  step INTEGER NOT NULL,
  value REAL NOT NULL,
  PRIMARY KEY (run, name, step)
) STRICT, WITHOUT ROWID;
