-- A distinct secret or piece of personal data, by its keyed fingerprint; its text is nowhere in this file.
CREATE TABLE findings (
  fingerprint TEXT PRIMARY KEY,        -- HMAC-SHA256 of kind and value under the project's key
  rule TEXT NOT NULL,                  -- the strongest rule that found it
  type TEXT NOT NULL,                  -- the word its placeholder carries
  kind TEXT NOT NULL CHECK (kind IN ('secret', 'personal')),
  severity TEXT NOT NULL CHECK (severity IN ('critical', 'high', 'medium', 'low')),
  confidence TEXT NOT NULL CHECK (confidence IN ('high', 'medium', 'low'))
) STRICT, WITHOUT ROWID;

CREATE TABLE places (
  id INTEGER PRIMARY KEY,
  fingerprint TEXT NOT NULL REFERENCES findings (fingerprint),
  ruleset TEXT NOT NULL,
  source TEXT NOT NULL CHECK (source IN ('file', 'message', 'tag', 'author', 'import')),
  repository TEXT NOT NULL,
  object TEXT NOT NULL,                -- the blob, commit or tag that was read
  blob TEXT,
  path TEXT,
  "commit" TEXT,
  line INTEGER NOT NULL,               -- from 1
  start INTEGER NOT NULL,              -- characters of the decoded text
  "end" INTEGER NOT NULL,
  UNIQUE (ruleset, repository, object, source, start)
) STRICT;
CREATE INDEX places_of_a_finding ON places (fingerprint, ruleset);

-- What has been read under a ruleset, so that a scan goes on where it was killed and reads nothing twice.
CREATE TABLE scanned (
  ruleset TEXT NOT NULL,
  repository TEXT NOT NULL,
  object TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('blob', 'commit', 'tag')),
  not_scanned TEXT,                    -- why not: such an object is blocked, never clean
  places INTEGER NOT NULL,
  PRIMARY KEY (ruleset, repository, object)
) STRICT, WITHOUT ROWID;

-- The objects of a corpus that something is to be said about: they hold places, or were not scanned.
CREATE TABLE noted (
  corpus TEXT NOT NULL,
  ruleset TEXT NOT NULL,
  repository TEXT NOT NULL,
  object TEXT NOT NULL,
  not_scanned TEXT,
  PRIMARY KEY (corpus, ruleset, repository, object)
) STRICT, WITHOUT ROWID;

CREATE TABLE scans (
  corpus TEXT NOT NULL,
  ruleset TEXT NOT NULL,
  blobs INTEGER NOT NULL,
  messages INTEGER NOT NULL,           -- commits and tags
  bytes INTEGER NOT NULL,
  seconds REAL NOT NULL,
  finished_at TEXT NOT NULL,
  PRIMARY KEY (corpus, ruleset)
) STRICT, WITHOUT ROWID;

-- Append-only; the newest row of a fingerprint is its state, and undoing is one more row.
CREATE TABLE decisions (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  fingerprint TEXT NOT NULL REFERENCES findings (fingerprint),
  state TEXT NOT NULL CHECK (state IN ('open', 'scrub', 'false-alarm', 'block')),
  reason TEXT NOT NULL,
  identity TEXT NOT NULL,
  role TEXT NOT NULL,
  decided_at TEXT NOT NULL
) STRICT;
CREATE INDEX decisions_of_a_finding ON decisions (fingerprint, id);
CREATE TRIGGER decisions_never_change BEFORE UPDATE ON decisions BEGIN SELECT RAISE(ABORT, 'decisions are append-only'); END;
CREATE TRIGGER decisions_never_go BEFORE DELETE ON decisions BEGIN SELECT RAISE(ABORT, 'decisions are append-only'); END;
CREATE TRIGGER decisions_only_grow BEFORE INSERT ON decisions
WHEN NEW.id IS NOT NULL AND NEW.id <> -1 AND NEW.id <= (SELECT COALESCE(MAX(id), 0) FROM decisions)
BEGIN SELECT RAISE(ABORT, 'decisions are append-only'); END;

CREATE VIEW finding_states AS
SELECT f.fingerprint, COALESCE((SELECT d.state FROM decisions d WHERE d.fingerprint = f.fingerprint ORDER BY d.id DESC LIMIT 1), 'open') AS state
FROM findings f;

-- Sampled review: objects without findings that a person read whole; `missed` counts secrets that the rules had not found.
CREATE TABLE samples (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  corpus TEXT NOT NULL,
  ruleset TEXT NOT NULL,
  seed INTEGER NOT NULL,
  population INTEGER NOT NULL,
  drawn_at TEXT NOT NULL
) STRICT;

CREATE TABLE sampled_objects (
  sample INTEGER NOT NULL REFERENCES samples (id),
  repository TEXT NOT NULL,
  object TEXT NOT NULL,
  identity TEXT,                       -- who read it; NULL: nobody yet
  missed INTEGER,
  reviewed_at TEXT,
  PRIMARY KEY (sample, repository, object)
) STRICT, WITHOUT ROWID;

CREATE TABLE approvals (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  corpus TEXT NOT NULL,
  ruleset TEXT NOT NULL,
  decisions_hash TEXT NOT NULL,
  statement TEXT NOT NULL,             -- canonical JSON, the signed bytes
  signature TEXT NOT NULL,
  identity TEXT NOT NULL,
  sign_off INTEGER NOT NULL REFERENCES sign_offs (id),
  approved_at TEXT NOT NULL
) STRICT;
CREATE INDEX approvals_of_a_corpus ON approvals (corpus, id);
