"""Git: the repository on the controller, the stage and the checkout on a node, the ledger and its signatures."""
