"""Review packs: findings that travel masked to a reviewer on another machine, and the decisions that come back."""
