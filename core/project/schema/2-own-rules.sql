-- A company's own rule files as they were given, and which of them the project used when: only ever added to, the newest row
-- of a name says how it stands.
CREATE TABLE rule_texts (
  hash TEXT PRIMARY KEY,               -- SHA-256 of the text in UTF-8
  text TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE rule_uses (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL,
  hash TEXT REFERENCES rule_texts (hash),  -- NULL: taken out
  identity TEXT NOT NULL REFERENCES identities (name),
  decided_at TEXT NOT NULL
) STRICT;
CREATE INDEX rule_uses_of_a_name ON rule_uses (name, id);
CREATE TRIGGER rule_texts_never_change BEFORE UPDATE ON rule_texts BEGIN SELECT RAISE(ABORT, 'rule files are never changed'); END;
CREATE TRIGGER rule_texts_remain BEFORE DELETE ON rule_texts BEGIN SELECT RAISE(ABORT, 'rule files are never deleted'); END;
CREATE TRIGGER rule_uses_never_change BEFORE UPDATE ON rule_uses BEGIN SELECT RAISE(ABORT, 'uses of rule files are never changed'); END;
CREATE TRIGGER rule_uses_remain BEFORE DELETE ON rule_uses BEGIN SELECT RAISE(ABORT, 'uses of rule files are never deleted'); END;
