-- Sampled review by stratum: the service and the language of each blob that is drawn, and how many clean blobs each stratum has.
-- NULL where it was drawn before there were strata, until the next draw.
ALTER TABLE sampled_objects ADD COLUMN service TEXT;
ALTER TABLE sampled_objects ADD COLUMN language TEXT;

CREATE TABLE strata (
  corpus TEXT NOT NULL,
  ruleset TEXT NOT NULL,
  service TEXT NOT NULL,
  language TEXT NOT NULL,
  size INTEGER NOT NULL,               -- clean blobs, read ones included
  PRIMARY KEY (corpus, ruleset, service, language)
) STRICT, WITHOUT ROWID;

CREATE INDEX missed_in_samples ON sampled_objects (service, language, sample) WHERE missed > 0;

-- What counts: a miss ends the draw of its stratum, and with it what was read and what waits there.
CREATE VIEW standing_draws AS
SELECT s.corpus, s.ruleset, o.sample, o.repository, o.object, o.identity, o.missed, o.service, o.language
FROM sampled_objects o JOIN samples s ON s.id = o.sample
WHERE NOT EXISTS (
  SELECT 1 FROM sampled_objects m JOIN samples t ON t.id = m.sample
  WHERE m.missed > 0 AND m.service = o.service AND m.language = o.language AND m.sample >= o.sample
    AND t.corpus = s.corpus AND t.ruleset = s.ruleset
);
