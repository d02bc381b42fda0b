CREATE TABLE models (
  name TEXT PRIMARY KEY,
  path TEXT NOT NULL,                  -- the folder; of the embedded model, where it was when it was registered
  revision TEXT NOT NULL,
  files TEXT NOT NULL,                 -- JSON {name: sha256} of every file that loading may open
  licence TEXT NOT NULL,               -- SPDX identifier, LicenseRef-… or "unknown"
  tokenizer TEXT NOT NULL,             -- sha256 of tokenizer.json
  chat_template TEXT NOT NULL,         -- sha256 of the template's text
  registered_at TEXT NOT NULL
) STRICT;
