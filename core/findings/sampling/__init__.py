"""Sampled review: people read files in which nothing was found, to bound how much the rules miss."""
