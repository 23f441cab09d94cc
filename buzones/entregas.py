"""Outbox handlers of the mail that arrives."""

from buzones import (
    entregas_propuestas,  # noqa: F401  (its handlers register themselves)
    entregas_traslados,  # noqa: F401
)
