"""Documents as lines for people: aligned, grouped, coloured by meaning and readable without colour."""
