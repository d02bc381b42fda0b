CREATE TABLE snapshots (
  hash TEXT PRIMARY KEY,               -- SHA-256 of the JSON lines, which are an artifact of the same address
  corpus TEXT NOT NULL,
  build TEXT NOT NULL REFERENCES builds (id),
  seed INTEGER NOT NULL,
  tokenizer TEXT NOT NULL,             -- SHA-256 of tokenizer.json
  approval INTEGER NOT NULL,
  settings TEXT NOT NULL,              -- JSON: cuts, cap, balance
  summary TEXT NOT NULL,               -- JSON: the keys of `dataset show`
  frozen_at TEXT NOT NULL
) STRICT;

-- `example` is one of the snapshot's build.
CREATE TABLE snapshot_examples (
  snapshot TEXT NOT NULL REFERENCES snapshots (hash),
  example TEXT NOT NULL,
  split TEXT NOT NULL CHECK (split IN ('train', 'validation', 'test')),
  repeats INTEGER NOT NULL,
  PRIMARY KEY (snapshot, example)
) STRICT, WITHOUT ROWID;
CREATE INDEX snapshots_of_an_example ON snapshot_examples (example);
