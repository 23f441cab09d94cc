"""SMTP that tells a failure from a doubt (security.md F08).

Up to DATA a failed conversation has sent nothing: it is tried again as often as needed. Once the text is on its way,
a cut line leaves a doubt: the server may have it. And once the server said yes, nothing that happens while saying
goodbye makes it a failure.
"""

import smtplib
from contextlib import suppress
from typing import Any

from django.core.mail.backends import smtp

from bandeja.services import EntregaDudosa


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

    def close(self) -> None:
        with suppress(OSError):
            super().close()
        self.connection = None
