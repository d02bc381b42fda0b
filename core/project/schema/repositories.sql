-- A repository that the project learns from; everything after `added_at` was found out when it was added or refreshed.
CREATE TABLE repositories (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  path TEXT NOT NULL UNIQUE,
  include TEXT NOT NULL,               -- JSON list of globs; empty: every path
  services TEXT NOT NULL,              -- JSON: path prefix → service, as the person said
  added_at TEXT NOT NULL,
  bare INTEGER NOT NULL CHECK (bare IN (0, 1)),
  shallow INTEGER NOT NULL CHECK (shallow IN (0, 1)),
  notes TEXT NOT NULL                  -- JSON list of sentences: what limits it
) STRICT;

-- The state of all repositories at one moment; the hash is over names, tips, head, globs and services, never paths.
CREATE TABLE corpora (
  hash TEXT PRIMARY KEY,
  created_at TEXT NOT NULL,
  refreshed_at TEXT NOT NULL           -- the last time that a refresh found this state
) STRICT;

CREATE TABLE corpus_repositories (
  corpus TEXT NOT NULL REFERENCES corpora (hash),
  repository TEXT NOT NULL,            -- its name; it may have been dropped since
  path TEXT NOT NULL,
  tips TEXT NOT NULL,                  -- JSON: ref → object id
  head TEXT,                           -- the commit whose tree is "now"
  include TEXT NOT NULL,
  services TEXT NOT NULL,
  commits INTEGER NOT NULL,
  blobs INTEGER NOT NULL,              -- distinct, over the whole history
  bytes INTEGER NOT NULL,              -- of those blobs
  languages TEXT NOT NULL,             -- JSON: language → files in the tree of `head`
  service_files TEXT NOT NULL,         -- JSON: service → files in the tree of `head`
  licences TEXT NOT NULL,              -- JSON: licence expression → files in the tree of `head`
  excluded TEXT NOT NULL,              -- JSON: reason → blobs of the history, and submodules
  PRIMARY KEY (corpus, repository)
) STRICT, WITHOUT ROWID;

-- Whose code is it: what a corpus holds under one prefix by one licence.
CREATE TABLE sources (
  corpus TEXT NOT NULL REFERENCES corpora (hash),
  repository TEXT NOT NULL,
  prefix TEXT NOT NULL,                -- '' for the root; a folder ends in '/'; else one file
  expression TEXT NOT NULL,            -- SPDX; 'LicenseRef-own' without a licence, 'LicenseRef-unknown' for unknown words
  category TEXT NOT NULL,
  found_in TEXT NOT NULL,              -- the file that says so; '' where none does
  PRIMARY KEY (corpus, repository, prefix, expression)
) STRICT, WITHOUT ROWID;

-- Append-only; the last one for a repository, prefix and expression counts, in every corpus.
CREATE TABLE source_decisions (
  id INTEGER PRIMARY KEY,
  repository TEXT NOT NULL,
  prefix TEXT NOT NULL,
  expression TEXT NOT NULL,
  decision TEXT NOT NULL CHECK (decision IN ('allow', 'deny')),
  export_class TEXT NOT NULL CHECK (export_class IN ('internal', 'contractors', 'cloud')),
  decided_by TEXT NOT NULL,
  automatic INTEGER NOT NULL CHECK (automatic IN (0, 1)),
  reason TEXT NOT NULL,
  decided_at TEXT NOT NULL
) STRICT;
CREATE INDEX source_decisions_by_source ON source_decisions (repository, prefix, expression, id);
CREATE TRIGGER source_decisions_stay BEFORE UPDATE ON source_decisions BEGIN SELECT RAISE(ABORT, 'decisions are never changed'); END;
CREATE TRIGGER source_decisions_remain BEFORE DELETE ON source_decisions BEGIN SELECT RAISE(ABORT, 'decisions are never deleted'); END;
