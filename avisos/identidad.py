"""The Message-ID of a mail: the same on every retry, and known to the ledger before it leaves (security.md M12)."""

import hashlib
from urllib.parse import urlsplit

from django.conf import settings


def mensaje_id(clave: str) -> str:
    return f"<{hashlib.sha256(clave.encode()).hexdigest()[:32]}@{anfitrion()}>"


def anfitrion() -> str:
    return urlsplit(settings.DOMINIO).hostname or "portal"
