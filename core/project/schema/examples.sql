CREATE TABLE examples (
  id TEXT NOT NULL,                    -- digest of what it says and where; the same in every corpus that has it
  corpus TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('completion', 'change', 'repair', 'refactor', 'test', 'explain', 'review')),
  label TEXT NOT NULL CHECK (label IN ('accepted', 'rejected', 'insecure')),
  language TEXT NOT NULL,
  service TEXT NOT NULL,
  task TEXT NOT NULL,
  context TEXT NOT NULL,
  constraints TEXT NOT NULL,           -- JSON list of sentences
  solution TEXT NOT NULL,
  rationale TEXT NOT NULL DEFAULT '',
  tokens INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('kept', 'dropped', 'removed-in-review')),
  reason TEXT NOT NULL DEFAULT '',
  repository TEXT NOT NULL,
  "commit" TEXT NOT NULL,
  path TEXT NOT NULL,
  qualified_name TEXT NOT NULL DEFAULT '',
  first_line INTEGER NOT NULL,
  last_line INTEGER NOT NULL,
  committed_at TEXT NOT NULL,          -- first appearance of this solution
  licence TEXT NOT NULL DEFAULT '',
  export_class TEXT NOT NULL DEFAULT 'internal',
  build TEXT NOT NULL DEFAULT '',      -- digest of approval, model and cap; another build supersedes it
  PRIMARY KEY (corpus, id)
) STRICT;
CREATE INDEX examples_by_corpus ON examples (corpus, state, kind);

-- What a build has finished, so that a killed one goes on at the next source.
CREATE TABLE example_builds (
  corpus TEXT NOT NULL,
  build TEXT NOT NULL,
  source TEXT NOT NULL,
  counted TEXT NOT NULL,               -- JSON: reason → count of what this source gave up
  PRIMARY KEY (corpus, build, source)
) STRICT, WITHOUT ROWID;
