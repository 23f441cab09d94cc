"""Outbox handlers of the mail that arrives: each module registers its own when it is imported."""

from buzones.entregas import equipo, propuestas, respuestas, traslados  # noqa: F401
