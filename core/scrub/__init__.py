"""Scrubbing: decisions and text in, text without secrets out, and the proof that nothing remains."""
