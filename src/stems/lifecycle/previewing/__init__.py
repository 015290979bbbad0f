"""What every tool would do on every node, and what a person reads beside it."""
