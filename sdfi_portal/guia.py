"""What the style page shows: every part with made-up content, in every state."""

from typing import Any


def ejemplos() -> dict[str, Any]:
    return {}
