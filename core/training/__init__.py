"""A snapshot, a base model, a recipe and a seed in; an adapter, its metrics and resumable checkpoints out."""
