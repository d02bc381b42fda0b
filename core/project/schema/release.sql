-- What left this project, as it was signed; a bundle may be anywhere now.
CREATE TABLE releases (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  bundle TEXT NOT NULL UNIQUE,
  run INTEGER NOT NULL,
  version INTEGER NOT NULL,            -- counts the releases of a run
  evaluation INTEGER NOT NULL,
  demonstration INTEGER NOT NULL CHECK (demonstration IN (0, 1)),
  manifest TEXT NOT NULL,              -- canonical JSON, the signed bytes
  signature TEXT NOT NULL,             -- armoured SSHSIG, namespace espalier-release
  identity TEXT NOT NULL,
  created_at TEXT NOT NULL,
  UNIQUE (run, version)
) STRICT;
CREATE TRIGGER releases_never_change BEFORE UPDATE ON releases BEGIN SELECT RAISE(ABORT, 'releases are never changed'); END;
CREATE TRIGGER releases_remain BEFORE DELETE ON releases BEGIN SELECT RAISE(ABORT, 'releases are never deleted'); END;
