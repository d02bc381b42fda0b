"""What this machine has of what Espalier uses, and the remedy for what it lacks."""
