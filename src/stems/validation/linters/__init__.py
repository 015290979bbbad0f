"""Linters of other people: what each is asked, and their findings as those of stems."""
