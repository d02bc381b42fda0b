"""A finished run and the decisions behind it in; a signed bundle, which anyone can check without the project, out."""
