"""Mail through a provider's API (django-anymail), with the same three answers as by SMTP: no, a doubt, a no for good.

Each mail carries its Message-ID as metadata: that is what the provider gives back with each event.
"""

from collections.abc import Sequence
from typing import Any

import requests
from anymail.exceptions import AnymailRecipientsRefused, AnymailRequestsAPIError
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from urllib3.exceptions import NewConnectionError

from bandeja.services import EntregaDudosa, EntregaRechazada

METADATO = "mensaje"
# The gateway gave up on who answers: what was asked may have been done.
_SE_CORTO = {500, 502, 504}


class EmailBackend(BaseEmailBackend):
    def __init__(self, fail_silently: bool = False, **kwargs: Any) -> None:
        super().__init__(fail_silently=fail_silently)
        self.proveedor = get_connection(f"anymail.backends.{settings.PROVEEDOR_DE_CORREO}.EmailBackend", **kwargs)

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        return sum(self._enviar(mensaje) for mensaje in email_messages)

    def _enviar(self, mensaje: Any) -> int:
        if identificador := mensaje.extra_headers.get("Message-ID"):
            mensaje.metadata = {METADATO: identificador}
        try:
            return int(self.proveedor.send_messages([mensaje]) or 0)
        except AnymailRecipientsRefused as falla:
            estado = ", ".join(sorted(falla.email_message.anymail_status.status))
            raise EntregaRechazada(
                f"El proveedor de correo no escribe a esa dirección ({estado}).",
                correo=mensaje.recipients()[0],
                codigo=estado,
            ) from falla
        except AnymailRequestsAPIError as falla:
            if quizas_llego(falla):
                raise EntregaDudosa(f"El proveedor de correo no confirmó la recepción: {falla.args[0]}") from falla
            raise


def quizas_llego(falla: AnymailRequestsAPIError) -> bool:
    """Whether the provider may have taken it: who never got to it, or heard its no, has sent nothing."""
    causa = falla.__cause__
    if isinstance(causa, requests.ConnectTimeout | requests.exceptions.SSLError | requests.exceptions.ProxyError):
        return False
    if isinstance(causa, requests.ConnectionError):
        return not isinstance(getattr(causa.args[0] if causa.args else None, "reason", None), NewConnectionError)
    if causa is not None:
        return True  # it read for too long, or what came back was cut or made no sense
    return falla.status_code in _SE_CORTO
