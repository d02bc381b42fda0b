-- What a list of findings shows, kept ready so that a million of them are listed at once. Everything here follows from
-- findings, places, noted and decisions; the triggers keep it true in the transaction of what changed.
CREATE TABLE finding_lists (
  id INTEGER PRIMARY KEY,
  corpus TEXT NOT NULL,
  ruleset TEXT NOT NULL,
  complete INTEGER NOT NULL CHECK (complete IN (0, 1)),  -- 0 while a scan still fills it
  UNIQUE (corpus, ruleset)
) STRICT;

-- Each file once, so that a search looks through files and not through findings; path '' for a message, a tag or an author.
CREATE TABLE finding_files (
  id INTEGER PRIMARY KEY,
  repository TEXT NOT NULL,
  path TEXT NOT NULL,
  UNIQUE (repository, path)
) STRICT;

CREATE TABLE listed_findings (
  id INTEGER PRIMARY KEY,
  list INTEGER NOT NULL REFERENCES finding_lists (id),
  fingerprint TEXT NOT NULL,
  rule TEXT NOT NULL,
  kind TEXT NOT NULL,
  severity INTEGER NOT NULL,           -- 3 critical, 2 high, 1 medium, 0 low
  confidence INTEGER NOT NULL,         -- 2 high, 1 medium, 0 low
  state INTEGER NOT NULL,              -- 0 open, 1 scrub, 2 false-alarm, 3 block
  places INTEGER NOT NULL,
  source TEXT NOT NULL,                -- of the first place, as everything below
  repository TEXT NOT NULL,
  file INTEGER NOT NULL REFERENCES finding_files (id),
  line INTEGER NOT NULL,
  UNIQUE (fingerprint, list)
) STRICT;
CREATE INDEX listed_findings_in_order
ON listed_findings (list, state, severity DESC, places DESC, rule, repository, kind, file);

CREATE TRIGGER listed_findings_follow_decisions AFTER INSERT ON decisions BEGIN
  UPDATE listed_findings
  SET state = CASE NEW.state WHEN 'open' THEN 0 WHEN 'scrub' THEN 1 WHEN 'false-alarm' THEN 2 ELSE 3 END
  WHERE fingerprint = NEW.fingerprint;
END;
CREATE TRIGGER listed_findings_follow_findings AFTER UPDATE ON findings BEGIN
  UPDATE listed_findings
  SET rule = NEW.rule, kind = NEW.kind,
    severity = CASE NEW.severity WHEN 'critical' THEN 3 WHEN 'high' THEN 2 WHEN 'medium' THEN 1 ELSE 0 END,
    confidence = CASE NEW.confidence WHEN 'high' THEN 2 WHEN 'medium' THEN 1 ELSE 0 END
  WHERE fingerprint = NEW.fingerprint;
END;

-- What a person saw in a sampled review and no rule had found: the place of a finding, whatever the ruleset.
CREATE TABLE marked_places (
  fingerprint TEXT NOT NULL REFERENCES findings (fingerprint),
  repository TEXT NOT NULL,
  object TEXT NOT NULL,
  path TEXT,
  "commit" TEXT,
  line INTEGER NOT NULL,
  start INTEGER NOT NULL,
  "end" INTEGER NOT NULL,
  identity TEXT NOT NULL,
  marked_at TEXT NOT NULL,
  PRIMARY KEY (repository, object, start)
) STRICT, WITHOUT ROWID;
CREATE INDEX marked_places_of_a_finding ON marked_places (fingerprint);

INSERT INTO finding_lists (corpus, ruleset, complete) SELECT corpus, ruleset, 1 FROM scans ORDER BY finished_at;
INSERT INTO finding_files (repository, path) SELECT DISTINCT repository, COALESCE(path, '') FROM places;
INSERT INTO listed_findings
  (list, fingerprint, rule, kind, severity, confidence, state, places, source, repository, file, line)
SELECT found.list, f.fingerprint, f.rule, f.kind,
  CASE f.severity WHEN 'critical' THEN 3 WHEN 'high' THEN 2 WHEN 'medium' THEN 1 ELSE 0 END,
  CASE f.confidence WHEN 'high' THEN 2 WHEN 'medium' THEN 1 ELSE 0 END,
  CASE s.state WHEN 'open' THEN 0 WHEN 'scrub' THEN 1 WHEN 'false-alarm' THEN 2 ELSE 3 END,
  found.places, found.source, found.repository, files.id, found.line
FROM (
  SELECT l.id AS list, p.fingerprint AS fingerprint, MIN(p.id), COUNT(*) AS places, p.source AS source,
    p.repository AS repository, COALESCE(p.path, '') AS path, p.line AS line
  FROM finding_lists l
  JOIN noted n ON n.corpus = l.corpus AND n.ruleset = l.ruleset
  JOIN places p ON p.ruleset = n.ruleset AND p.repository = n.repository AND p.object = n.object
  GROUP BY l.id, p.fingerprint
) found
JOIN findings f ON f.fingerprint = found.fingerprint
JOIN finding_states s ON s.fingerprint = found.fingerprint
JOIN finding_files files ON files.repository = found.repository AND files.path = found.path;
