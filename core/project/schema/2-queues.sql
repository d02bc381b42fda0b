-- Sampled review over all corpora: what was drawn from which one, in an order that a keyed hash gives each stratum. What a person
-- read is a fact about the file, in sampled_objects, and counts wherever that order comes by it.
CREATE TABLE queues (
  corpus TEXT NOT NULL,
  ruleset TEXT NOT NULL,
  service TEXT NOT NULL,
  language TEXT NOT NULL,
  epoch INTEGER NOT NULL,              -- files of the stratum that had shown a miss, in whatever corpus: each begins its order anew
  rank INTEGER NOT NULL,               -- from 0 on by the hash; below 0 what was drawn before there was an order
  repository TEXT NOT NULL,
  object TEXT NOT NULL,
  sample INTEGER NOT NULL REFERENCES samples (id),
  PRIMARY KEY (corpus, ruleset, service, language, epoch, rank, repository, object)
) STRICT, WITHOUT ROWID;
CREATE INDEX sampled_files ON sampled_objects (repository, object);

-- samples.seed is of draws before there was an order; 0 since.
CREATE VIEW read_files AS
SELECT sample, repository, object, service, language, identity, MAX(missed) AS missed
FROM sampled_objects WHERE identity IS NOT NULL GROUP BY repository, object;

CREATE VIEW epochs AS
SELECT service, language, COUNT(*) AS epoch FROM read_files WHERE missed > 0 AND service IS NOT NULL GROUP BY service, language;

-- What is drawn in the order that stands; `sample` is the one in which it was read, or waits.
DROP VIEW standing_draws;
CREATE VIEW standing_draws AS
SELECT q.corpus, q.ruleset, COALESCE(r.sample, q.sample) AS sample, q.repository, q.object, r.identity, r.missed,
  q.service, q.language, q.rank
FROM queues q LEFT JOIN epochs e ON e.service = q.service AND e.language = q.language
LEFT JOIN read_files r ON r.repository = q.repository AND r.object = q.object
WHERE q.epoch = COALESCE(e.epoch, 0) AND COALESCE(r.missed, 0) = 0;
