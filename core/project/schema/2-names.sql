-- Whose names a scan looks for, so that only new ones are looked for in what was read before; no name is in this file.
CREATE TABLE sought_names (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE            -- HMAC-SHA256 of a name, and how sure it is, under the project's key
) STRICT;

ALTER TABLE scanned ADD COLUMN sought INTEGER NOT NULL DEFAULT 0;  -- the last of them that it was looked through for
