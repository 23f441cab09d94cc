"""What people are told of the mail that arrives."""

from buzones import eventos_traslados  # noqa: F401  (its events register themselves)
