"""Speed, as ratios against what else one would use; run by hand: python -m tests.benchmarks.NAME."""
