"""Outbox handlers of the mail that arrives."""

from buzones import entregas_traslados  # noqa: F401  (its handlers register themselves)
