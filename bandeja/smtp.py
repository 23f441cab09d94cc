"""SMTP that tells a failure from a doubt (security.md F08).

Up to DATA a failed conversation has sent nothing: it is tried again as often as needed. Once the text is on its way,
a cut line leaves a doubt: the server may have it. And once the server said yes, nothing that happens while saying
goodbye makes it a failure. A no to the address itself is another thing: trying it again tells nothing new.
"""

import smtplib
from contextlib import suppress
from typing import Any

from django.core.mail import EmailMessage
from django.core.mail.backends import smtp

from bandeja.rechazos import Gravedad, clasificar, estado_en
from bandeja.services import EntregaDudosa, EntregaRechazada


class _ConDuda:
    def data(self, msg: Any) -> tuple[int, bytes]:
        try:
            return super().data(msg)  # type: ignore[misc,no-any-return]
        except smtplib.SMTPDataError:
            raise  # the server answered, and said no
        except OSError as falla:
            raise EntregaDudosa(f"El servidor de correo no confirmó la recepción ({type(falla).__name__}).") from falla


class ConexionSMTP(_ConDuda, smtplib.SMTP):
    pass


class ConexionSMTPS(_ConDuda, smtplib.SMTP_SSL):
    pass


class EmailBackend(smtp.EmailBackend):
    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return ConexionSMTPS if self.use_ssl else ConexionSMTP

    def _send(self, email_message: EmailMessage) -> bool:
        try:
            return bool(super()._send(email_message))  # type: ignore[misc]
        except smtplib.SMTPRecipientsRefused as falla:
            correo, (codigo, respuesta) = next(iter(falla.recipients.items()))
            texto = respuesta.decode("utf-8", "replace") if isinstance(respuesta, bytes) else str(respuesta)
            gravedad = clasificar(texto, codigo=codigo)
            if gravedad is Gravedad.AJENA or codigo < 500:
                raise
            raise EntregaRechazada(
                f"El servidor de correo rechazó la dirección {correo}: {codigo} {texto}",
                correo=correo,
                codigo=estado_en(texto) or str(codigo),
                definitiva=gravedad is Gravedad.DURA,
            ) from falla

    def close(self) -> None:
        with suppress(OSError):
            super().close()
        self.connection = None
