-- When the repositories of a corpus were worked on: commits by week, as they say they were committed. No name is kept.
CREATE TABLE weekly_commits (
  corpus TEXT NOT NULL REFERENCES corpora (hash),
  repository TEXT NOT NULL,
  week TEXT NOT NULL,                  -- its Monday in UTC, YYYY-MM-DD
  commits INTEGER NOT NULL,
  PRIMARY KEY (corpus, repository, week)
) STRICT, WITHOUT ROWID;

CREATE TABLE activity (
  corpus TEXT NOT NULL REFERENCES corpora (hash),
  repository TEXT NOT NULL,
  authors INTEGER NOT NULL,            -- distinct addresses
  first_commit TEXT NOT NULL,          -- by date of commit
  last_commit TEXT NOT NULL,
  PRIMARY KEY (corpus, repository)
) STRICT, WITHOUT ROWID;
