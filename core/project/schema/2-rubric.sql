-- Blind rating: a sheet a rater, whose seed says which arm is shown as A; a rating a rater and answer.
CREATE TABLE rubric_sheets (
  evaluation INTEGER NOT NULL REFERENCES evaluations (id),
  rater TEXT NOT NULL,                 -- the identity's name
  seed TEXT NOT NULL,                  -- random; order of the tasks and of the arms follow from it
  begun_at TEXT NOT NULL,
  PRIMARY KEY (evaluation, rater)
) STRICT, WITHOUT ROWID;

CREATE TABLE rubric_ratings (
  evaluation INTEGER NOT NULL,
  task TEXT NOT NULL,
  arm TEXT NOT NULL CHECK (arm IN ('base', 'adapter')),
  rater TEXT NOT NULL,
  readability INTEGER CHECK (readability BETWEEN 1 AND 5),
  api_use INTEGER CHECK (api_use BETWEEN 1 AND 5),
  note TEXT NOT NULL DEFAULT '',
  rated_at TEXT NOT NULL,
  PRIMARY KEY (evaluation, task, arm, rater),
  FOREIGN KEY (evaluation, rater) REFERENCES rubric_sheets (evaluation, rater)
) STRICT, WITHOUT ROWID;
