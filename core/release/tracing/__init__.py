"""Tracing what a secret that was found late could have reached, and the quarantine that erases its text there."""
