-- How far a scan went: into archives, to what no ref leads to, and what it met of other repositories.
-- A place in an archive names the file in it; a place that no ref leads to has neither path nor commit.
CREATE TABLE places_with_inner (
  id INTEGER PRIMARY KEY,
  fingerprint TEXT NOT NULL REFERENCES findings (fingerprint),
  ruleset TEXT NOT NULL,
  source TEXT NOT NULL CHECK (source IN ('file', 'message', 'tag', 'author', 'import')),
  repository TEXT NOT NULL,
  object TEXT NOT NULL,                -- the blob, commit or tag that was read
  blob TEXT,
  path TEXT,                           -- of a file in an archive: outer.zip!/inner
  "commit" TEXT,
  line INTEGER NOT NULL,               -- from 1
  start INTEGER NOT NULL,              -- characters of the decoded text
  "end" INTEGER NOT NULL,
  inner TEXT NOT NULL DEFAULT '',      -- the file in the archive `object`; '' where it is no archive
  unreachable INTEGER NOT NULL DEFAULT 0 CHECK (unreachable IN (0, 1)),
  UNIQUE (ruleset, repository, object, source, inner, start)
) STRICT;
INSERT INTO places_with_inner (id, fingerprint, ruleset, source, repository, object, blob, path, "commit", line, start, "end")
SELECT id, fingerprint, ruleset, source, repository, object, blob, path, "commit", line, start, "end" FROM places;
DROP TABLE places;
ALTER TABLE places_with_inner RENAME TO places;
CREATE INDEX places_of_a_finding ON places (fingerprint, ruleset);

ALTER TABLE scanned ADD COLUMN archive INTEGER;  -- 1: it is one, and was opened; 0: it is none; NULL: nobody looked
ALTER TABLE scanned ADD COLUMN unreachable INTEGER NOT NULL DEFAULT 0;
ALTER TABLE scans ADD COLUMN archives INTEGER NOT NULL DEFAULT 0;     -- 1: every archive of the corpus was opened
ALTER TABLE scans ADD COLUMN unreachable INTEGER NOT NULL DEFAULT 0;  -- 1: objects that no ref leads to were read too

-- Commits of other repositories that a history points to; what they hold is not scanned.
CREATE TABLE submodules (
  corpus TEXT NOT NULL,
  repository TEXT NOT NULL,
  path TEXT NOT NULL,
  "commit" TEXT NOT NULL,
  PRIMARY KEY (corpus, repository, path, "commit")
) STRICT, WITHOUT ROWID;
