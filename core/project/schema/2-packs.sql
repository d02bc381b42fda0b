-- Review packs that this project made, and the signed decisions that came back for them. Only ever added to.
CREATE TABLE review_packs (
  hash TEXT PRIMARY KEY,               -- SHA-256 of the manifest
  corpus TEXT NOT NULL,
  ruleset TEXT NOT NULL,
  manifest TEXT NOT NULL,              -- canonical JSON, the signed bytes
  signature TEXT NOT NULL,             -- armoured SSHSIG, namespace espalier-pack
  identity TEXT NOT NULL REFERENCES identities (name),
  decision INTEGER NOT NULL,           -- the newest one before its findings were read; 0: none
  created_at TEXT NOT NULL
) STRICT;
CREATE TRIGGER review_packs_never_change BEFORE UPDATE ON review_packs BEGIN SELECT RAISE(ABORT, 'packs are never changed'); END;
CREATE TRIGGER review_packs_remain BEFORE DELETE ON review_packs BEGIN SELECT RAISE(ABORT, 'packs are never deleted'); END;

CREATE TABLE packed_findings (
  pack TEXT NOT NULL REFERENCES review_packs (hash),
  fingerprint TEXT NOT NULL REFERENCES findings (fingerprint),
  PRIMARY KEY (pack, fingerprint)
) STRICT, WITHOUT ROWID;

-- The hash of a statement stands here once: what was accepted is never accepted again.
CREATE TABLE accepted_decisions (
  hash TEXT PRIMARY KEY,               -- SHA-256 of the statement
  pack TEXT NOT NULL REFERENCES review_packs (hash),
  statement TEXT NOT NULL,             -- canonical JSON, the signed bytes
  signature TEXT NOT NULL,             -- armoured SSHSIG, namespace espalier-decisions
  identity TEXT NOT NULL REFERENCES identities (name),
  accepted_at TEXT NOT NULL
) STRICT;
CREATE TRIGGER accepted_decisions_never_change BEFORE UPDATE ON accepted_decisions BEGIN SELECT RAISE(ABORT, 'accepted decisions are never changed'); END;
CREATE TRIGGER accepted_decisions_remain BEFORE DELETE ON accepted_decisions BEGIN SELECT RAISE(ABORT, 'accepted decisions are never deleted'); END;
