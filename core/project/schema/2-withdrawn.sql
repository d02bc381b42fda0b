-- A decision on a licence that somebody took back without another in its place: the source waits for one again.
ALTER TABLE source_decisions ADD COLUMN withdrawn INTEGER NOT NULL DEFAULT 0 CHECK (withdrawn IN (0, 1));
