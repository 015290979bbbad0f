"""What nodes say of themselves: one look at each, and whether it is well."""
