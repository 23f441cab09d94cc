"""Addresses that no person reads: nothing is answered to them, and what they write is no person's."""

import re

_LOCALES = re.compile(
    r"(?:mailer-?daemon|postmaster|no-?reply|no-?responder?|no-?contestar?|donotreply|do-not-reply|bounces?|rebotes?"
    r"|notificaciones?-?no-?responder|auto-?reply|autorespuesta|majordomo|listserv|root|nobody|daemon)(?:[-+._=].*)?"
)


def es_de_maquina(correo: str) -> bool:
    return _LOCALES.fullmatch(correo.strip().lower().partition("@")[0]) is not None
