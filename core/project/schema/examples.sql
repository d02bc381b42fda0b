-- The examples of a corpus under one set of decisions, named by all that they depend on: other decisions, other build.
CREATE TABLE builds (
  id TEXT PRIMARY KEY,                 -- digest of corpus, scrub, rights, tokenizer, cap and the builder's version
  corpus TEXT NOT NULL,
  scrub TEXT NOT NULL,                 -- digest of the ruleset and of what is decided about each finding
  rights TEXT NOT NULL,                -- digest of what is decided about each licence
  tokenizer TEXT NOT NULL,             -- SHA-256 of tokenizer.json
  cap INTEGER NOT NULL,                -- tokens
  begun_at TEXT NOT NULL,
  finished_at TEXT
) STRICT;
CREATE INDEX builds_of_a_corpus ON builds (corpus, begun_at);

-- What a build has finished, so that a killed one goes on at the next source.
CREATE TABLE built_sources (
  build TEXT NOT NULL REFERENCES builds (id),
  source TEXT NOT NULL,
  PRIMARY KEY (build, source)
) STRICT, WITHOUT ROWID;

CREATE TABLE examples (
  build TEXT NOT NULL REFERENCES builds (id),
  id TEXT NOT NULL,                    -- digest of what is said and where: another build may say the same
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
  PRIMARY KEY (build, id)
) STRICT;
CREATE INDEX examples_by_state ON examples (build, state, kind);
