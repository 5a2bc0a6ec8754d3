"""Training for programs."""
