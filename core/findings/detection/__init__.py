"""Detection: what rules, plugins and structured detectors find in a text, and how sure they are of it."""
