-- Files of a sampled review that a second person read too, without being told what the first had said.
CREATE TABLE second_reads (
  sample INTEGER NOT NULL,
  repository TEXT NOT NULL,
  object TEXT NOT NULL,
  first_missed INTEGER NOT NULL,       -- what the first said; sampled_objects.missed is the larger of both from then on
  identity TEXT NOT NULL,
  missed INTEGER NOT NULL,
  reviewed_at TEXT NOT NULL,
  PRIMARY KEY (sample, repository, object),
  FOREIGN KEY (sample, repository, object) REFERENCES sampled_objects (sample, repository, object)
) STRICT, WITHOUT ROWID;
