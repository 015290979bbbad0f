"""What an assessment is made of: one module for each thing that is looked for."""
