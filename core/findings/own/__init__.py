"""A company's own rule files: gitleaks' TOML read unchanged, and which of them a project uses."""
