"""How a project file says what it is: SQLite's application id, and the number of its shape."""

APPLICATION_ID = 0x45_53_50_41  # "ESPA"
VERSION = 2
