-- What was erased because it held a secret that was found later: its hashes and ids stay everywhere, its text nowhere.
CREATE TABLE quarantines (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  fingerprint TEXT NOT NULL REFERENCES findings (fingerprint),
  reason TEXT NOT NULL,
  identity TEXT NOT NULL,
  sign_off INTEGER NOT NULL REFERENCES sign_offs (id),
  begun_at TEXT NOT NULL,
  finished_at TEXT                     -- NULL: it broke off, and goes on when it is asked for again
) STRICT;
CREATE INDEX quarantines_of_a_finding ON quarantines (fingerprint, id);

-- Written before anything is erased, so that a killed quarantine knows what it was about; what is named here stays out.
CREATE TABLE quarantined (
  kind TEXT NOT NULL CHECK (kind IN ('example', 'snapshot', 'run', 'adapter')),
  name TEXT NOT NULL,                  -- id, hash, number, hash
  quarantine INTEGER NOT NULL REFERENCES quarantines (id),
  PRIMARY KEY (kind, name, quarantine)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER quarantined_never_change BEFORE UPDATE ON quarantined BEGIN SELECT RAISE(ABORT, 'what is quarantined stays so'); END;
CREATE TRIGGER quarantined_remain BEFORE DELETE ON quarantined BEGIN SELECT RAISE(ABORT, 'what is quarantined stays so'); END;
CREATE TRIGGER quarantines_remain BEFORE DELETE ON quarantines BEGIN SELECT RAISE(ABORT, 'what is quarantined stays so'); END;
