-- Rules that a person muted, and took back again: only ever added to, the newest row of a rule says how it stands.
CREATE TABLE rule_mutes (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  rule TEXT NOT NULL,
  muted INTEGER NOT NULL CHECK (muted IN (0, 1)),  -- 0: taken back
  reason TEXT NOT NULL,
  identity TEXT NOT NULL REFERENCES identities (name),
  decision INTEGER NOT NULL,           -- the newest one before it: what a person says of a finding after it stays
  sign_off INTEGER NOT NULL REFERENCES sign_offs (id),
  muted_at TEXT NOT NULL
) STRICT;
CREATE INDEX rule_mutes_of_a_rule ON rule_mutes (rule, id);
CREATE TRIGGER rule_mutes_never_change BEFORE UPDATE ON rule_mutes BEGIN SELECT RAISE(ABORT, 'mutes are never changed'); END;
CREATE TRIGGER rule_mutes_remain BEFORE DELETE ON rule_mutes BEGIN SELECT RAISE(ABORT, 'mutes are never deleted'); END;

-- What a mute decided is in decisions like everything that was decided, with the role `muted`.
CREATE INDEX decisions_of_mutes ON decisions (fingerprint) WHERE role = 'muted';
CREATE VIEW muted_findings AS
SELECT d.fingerprint, d.identity, d.reason, d.id AS decision FROM decisions d
WHERE d.role = 'muted' AND d.state = 'false-alarm'
  AND d.id = (SELECT MAX(newest.id) FROM decisions newest WHERE newest.fingerprint = d.fingerprint);
