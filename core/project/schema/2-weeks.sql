-- Commits of a repository by the week in which they were made, of all its tips.
CREATE TABLE corpus_weeks (
  corpus TEXT NOT NULL REFERENCES corpora (hash),
  repository TEXT NOT NULL,
  week TEXT NOT NULL,                  -- its Monday: YYYY-MM-DD, in UTC
  commits INTEGER NOT NULL,
  PRIMARY KEY (corpus, repository, week)
) STRICT, WITHOUT ROWID;
