"""What people are told of the mail that arrives."""

from buzones import (
    eventos_propuestas,  # noqa: F401  (its events register themselves)
    eventos_traslados,  # noqa: F401
)
