CREATE TABLE meta (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE identities (
  name TEXT PRIMARY KEY,
  person TEXT NOT NULL,
  fingerprint TEXT NOT NULL UNIQUE,
  public_key TEXT NOT NULL,
  roles TEXT NOT NULL,                 -- JSON list
  automatic INTEGER NOT NULL CHECK (automatic IN (0, 1)),
  added_at TEXT NOT NULL
) STRICT;

CREATE TABLE sign_offs (
  id INTEGER PRIMARY KEY,
  subject TEXT NOT NULL,               -- what is signed: approval:…, release:…, checkpoint:…
  namespace TEXT NOT NULL,
  statement TEXT NOT NULL,             -- canonical JSON, the signed bytes
  signature TEXT NOT NULL,             -- armoured SSHSIG
  identity TEXT NOT NULL REFERENCES identities (name),
  signed_at TEXT NOT NULL
) STRICT;
CREATE INDEX sign_offs_by_subject ON sign_offs (subject);

CREATE TABLE artifacts (
  sha256 TEXT PRIMARY KEY,
  size INTEGER NOT NULL,
  media_type TEXT NOT NULL,
  stored_at TEXT NOT NULL
) STRICT;

CREATE TABLE artifact_chunks (
  sha256 TEXT NOT NULL,
  number INTEGER NOT NULL,
  bytes BLOB NOT NULL,
  PRIMARY KEY (sha256, number)
) STRICT;

-- Append-only and hash-chained: each entry's hash covers the entry and the hash before it.
CREATE TABLE audit (
  seq INTEGER PRIMARY KEY,
  at TEXT NOT NULL,
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  subject TEXT NOT NULL,
  detail TEXT NOT NULL,                -- canonical JSON
  previous TEXT NOT NULL,
  hash TEXT NOT NULL
) STRICT;
CREATE TRIGGER audit_never_changes BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit chain is append-only'); END;
CREATE TRIGGER audit_never_shrinks BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit chain is append-only'); END;
-- REPLACE fires no delete trigger unless recursive triggers are on; the order of numbers and hashes stops it here.
CREATE TRIGGER audit_only_grows BEFORE INSERT ON audit
WHEN NEW.seq IS NOT (SELECT COALESCE(MAX(seq), 0) + 1 FROM audit)
  OR NEW.previous IS NOT COALESCE((SELECT hash FROM audit ORDER BY seq DESC LIMIT 1), (SELECT value FROM meta WHERE key = 'id'))
BEGIN SELECT RAISE(ABORT, 'the audit chain is append-only'); END;
