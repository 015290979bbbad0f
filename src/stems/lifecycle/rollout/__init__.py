"""A deployment on its way over the nodes, and the way back: what `deploy.py` is made of."""
