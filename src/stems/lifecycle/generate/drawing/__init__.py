"""The diagram of a cluster: what is on a card, where cards lie, how arrows run between them, and the SVG of it all."""
