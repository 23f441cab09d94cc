"""Forms of the mail that arrives."""
