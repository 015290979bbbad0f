"""What a node is found to be: one module for each kind of fact, with what asks for it and what reads the answer."""
