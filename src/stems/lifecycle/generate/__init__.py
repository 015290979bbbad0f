"""What other programs and people read, made from the cluster file: one module for each format."""
