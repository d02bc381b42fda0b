"""Git objects, corpora, services, languages, generated and vendored files, licences: what can be learnt from a repository."""
