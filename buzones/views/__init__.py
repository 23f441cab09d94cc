"""Pages of the mail that arrives."""
