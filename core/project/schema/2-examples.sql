-- What people say of single examples. Append-only: a person's newest row about an example counts, and 'undecided' takes it back.
-- An example is named by its content, so that what is said of it holds in every build that has it.
CREATE TABLE example_reviews (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  example TEXT NOT NULL,
  verdict TEXT NOT NULL CHECK (verdict IN ('accept', 'reject', 'insecure', 'undecided')),
  quality INTEGER CHECK (quality BETWEEN 1 AND 5),
  note TEXT NOT NULL,
  identity TEXT NOT NULL REFERENCES identities (name),
  reviewed_at TEXT NOT NULL
) STRICT;
CREATE INDEX example_reviews_of_an_example ON example_reviews (example, identity, id);
CREATE TRIGGER example_reviews_never_change BEFORE UPDATE ON example_reviews BEGIN SELECT RAISE(ABORT, 'reviews are append-only'); END;
CREATE TRIGGER example_reviews_never_go BEFORE DELETE ON example_reviews BEGIN SELECT RAISE(ABORT, 'reviews are append-only'); END;
CREATE TRIGGER example_reviews_only_grow BEFORE INSERT ON example_reviews
WHEN NEW.id IS NOT NULL AND NEW.id <> -1 AND NEW.id <= (SELECT COALESCE(MAX(id), 0) FROM example_reviews)
BEGIN SELECT RAISE(ABORT, 'reviews are append-only'); END;

-- One verdict an example: whoever takes it out has the last word, so that two people must agree to keep it.
CREATE VIEW example_verdicts AS
SELECT example, CASE WHEN max(verdict = 'insecure') THEN 'insecure' WHEN max(verdict = 'reject') THEN 'reject' ELSE 'accept' END AS verdict
FROM example_reviews AS said
WHERE id = (SELECT max(id) FROM example_reviews AS own WHERE own.example = said.example AND own.identity = said.identity)
  AND verdict <> 'undecided'
GROUP BY example;

-- Everything that a list is filtered and ordered by, so that it is answered without touching the texts.
CREATE INDEX examples_listed ON examples
  (build, committed_at, id, state, kind, label, language, service, reason, tokens);
