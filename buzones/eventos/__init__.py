"""What people are told of the mail that arrives: each module registers its own when it is imported."""

from buzones.eventos import lectura, propuestas, respuestas, traslados  # noqa: F401
