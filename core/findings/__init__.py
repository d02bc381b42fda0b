"""Findings: rules, detection, decisions, sampled review and approval."""
