CREATE TABLE tasks (
  id TEXT PRIMARY KEY,                 -- digest of origin, prompt and place
  snapshot TEXT NOT NULL,
  suite TEXT NOT NULL,
  origin TEXT NOT NULL CHECK (origin IN ('completion', 'ticket', 'incident', 'refactor')),
  title TEXT NOT NULL,
  example TEXT,                        -- the held-out example that it was drawn from
  repository TEXT NOT NULL,
  "commit" TEXT NOT NULL,
  path TEXT NOT NULL,
  qualified_name TEXT NOT NULL,
  service TEXT NOT NULL,
  messages TEXT NOT NULL,              -- JSON, the prompt; scrubbed
  reference TEXT NOT NULL,             -- scrubbed
  tests TEXT NOT NULL                  -- JSON list of the test files that name the function
) STRICT;
CREATE INDEX tasks_by_suite ON tasks (snapshot, suite);

CREATE TABLE evaluations (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  run INTEGER NOT NULL,
  suite TEXT NOT NULL,
  tier TEXT NOT NULL DEFAULT '',
  self_test TEXT NOT NULL DEFAULT '',  -- SHA-256 of the sandbox's self-test results
  settings TEXT NOT NULL,              -- JSON: decoding, batch, limits
  state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'done', 'failed', 'stopped')),
  summary TEXT NOT NULL DEFAULT '{}',  -- JSON: the keys of `eval show`
  created_at TEXT NOT NULL,
  finished_at TEXT
) STRICT;

-- What an evaluation asks, pinned before the first answer. Which tests decide a task depends on the machine's sandbox.
CREATE TABLE asked (
  evaluation INTEGER NOT NULL REFERENCES evaluations (id),
  task TEXT NOT NULL REFERENCES tasks (id),
  tests TEXT,                          -- JSON list of pytest ids; NULL: not looked for yet
  reason TEXT NOT NULL DEFAULT '',     -- why there are none
  PRIMARY KEY (evaluation, task)
) STRICT, WITHOUT ROWID;

CREATE TABLE answers (
  evaluation INTEGER NOT NULL REFERENCES evaluations (id),
  task TEXT NOT NULL,
  arm TEXT NOT NULL CHECK (arm IN ('base', 'adapter')),
  text TEXT NOT NULL,                  -- scanned before it is stored
  tokens INTEGER NOT NULL,
  finished TEXT NOT NULL,
  PRIMARY KEY (evaluation, task, arm)
) STRICT, WITHOUT ROWID;

CREATE TABLE results (
  evaluation INTEGER NOT NULL REFERENCES evaluations (id),
  task TEXT NOT NULL,
  arm TEXT NOT NULL CHECK (arm IN ('base', 'adapter')),
  "check" TEXT NOT NULL,
  passed INTEGER CHECK (passed IN (0, 1)),   -- NULL: not run, the detail says why
  value REAL,
  detail TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (evaluation, task, arm, "check")
) STRICT, WITHOUT ROWID;

-- Forms for people. A form without an answer is a rubric that was not done.
CREATE TABLE rubric (
  evaluation INTEGER NOT NULL REFERENCES evaluations (id),
  task TEXT NOT NULL,
  arm TEXT NOT NULL CHECK (arm IN ('base', 'adapter')),
  rater TEXT,
  readability INTEGER CHECK (readability BETWEEN 1 AND 5),
  api_use INTEGER CHECK (api_use BETWEEN 1 AND 5),
  note TEXT NOT NULL DEFAULT '',
  rated_at TEXT,
  PRIMARY KEY (evaluation, task, arm)
) STRICT, WITHOUT ROWID;
