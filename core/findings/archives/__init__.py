"""Archives in a history: opened in memory, to a bounded depth and size; what can't be read of one is said.

zip and tar are read by code of ours: of the Pythons that we run on, tarfile can be made to loop for ever (CVE-2025-8194) or to
take the square of a header's length (CVE-2024-6232), and zipfile puts a whole hostile directory into memory before it tells.
"""
