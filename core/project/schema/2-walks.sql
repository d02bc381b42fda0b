-- The last walk through each repository's history, so that the next one reads only what came after it. Nothing else depends on it.
CREATE TABLE walks (
  repository TEXT PRIMARY KEY,
  reading TEXT NOT NULL,               -- by which code it was read: what another one read counts for nothing
  writer TEXT NOT NULL,                -- who wrote it last, by a name drawn anew each time
  written INTEGER NOT NULL DEFAULT 0 CHECK (written IN (0, 1)),  -- 0: still being written, and not to be read
  tips TEXT NOT NULL DEFAULT '[]',     -- JSON list of object ids, sorted
  heads TEXT NOT NULL DEFAULT '[]',    -- JSON list of the commits that no other follows
  commits INTEGER NOT NULL DEFAULT 0,
  "order" TEXT NOT NULL DEFAULT '',    -- SHA-256 over the ids of the commits, oldest first
  submodules TEXT NOT NULL DEFAULT '[]',  -- JSON list of [path, commit of another repository]
  licences TEXT NOT NULL DEFAULT '{}'  -- JSON: path → [commit, blob], the last licence file or manifest there
) STRICT, WITHOUT ROWID;

CREATE TABLE walked_blobs (
  repository TEXT NOT NULL,
  object TEXT NOT NULL,
  size INTEGER NOT NULL,
  path TEXT NOT NULL,                  -- where history first shows it
  mode TEXT NOT NULL,
  "commit" TEXT NOT NULL,
  committed_at INTEGER NOT NULL,       -- Unix seconds
  signs TEXT,                          -- words for what its bytes say it is; NULL where it is too large to read
  interpreter TEXT,                    -- the language that its first line names
  licence TEXT,                        -- that its first lines name, '' for none; NULL where nobody looked
  holder TEXT,
  PRIMARY KEY (repository, object)
) STRICT, WITHOUT ROWID;
