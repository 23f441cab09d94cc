"""Machines that answer whatever reaches them, by real SMTP: each has a server of its own and writes to ours."""

import smtplib
from collections.abc import Callable
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import make_msgid, parseaddr
from typing import Any, Self

from tests.soporte.correo import _Servidor
from tests.soporte.pila import puerto_libre

Responde = Callable[[EmailMessage], EmailMessage]


class _Buzon:
    """What a server took, each with who it was handed over for."""

    def __init__(self) -> None:
        self.llegados: list[tuple[bytes, str, list[str]]] = []

    async def handle_DATA(self, servidor: Any, sesion: Any, sobre: Any) -> str:
        self.llegados.append((bytes(sobre.content), sobre.mail_from or "", list(sobre.rcpt_tos)))
        return "250 Recibido"


class ServidorSmtp:
    def __init__(self) -> None:
        self.puerto, self._buzon = puerto_libre(), _Buzon()
        self._servidor = _Servidor(self._buzon, hostname="127.0.0.1", port=self.puerto, enable_SMTPUTF8=True)

    def __enter__(self) -> Self:
        self._servidor.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._servidor.stop()

    def recoger(self) -> list[tuple[bytes, str, list[str]]]:
        """What came since the last time."""
        llegados, self._buzon.llegados = self._buzon.llegados, []
        return llegados


class Robot(ServidorSmtp):
    """Of one address. `responde` makes the answer of each mail that it gets; it always answers."""

    def __init__(self, correo: str, responde: Responde, *, frontera: int) -> None:
        super().__init__()
        self.correo, self.responde, self.frontera = correo, responde, frontera
        self.recibidos: list[EmailMessage] = []
        self.enviados = 0

    def escribir(self, mensaje: EmailMessage) -> None:
        """Hand it over to our server, as its own says."""
        del mensaje["From"]
        mensaje["From"] = self.correo
        if "Message-ID" not in mensaje:
            mensaje["Message-ID"] = make_msgid(domain=self.correo.rpartition("@")[2])
        with smtplib.SMTP("127.0.0.1", self.frontera, timeout=10) as servidor:
            servidor.send_message(mensaje, from_addr=self.correo)
        self.enviados += 1

    def atender(self) -> int:
        """Answer what it got, and nothing of what its server took for others. Returns how many."""
        suyos = [crudo for crudo, _, para in self.recoger() if self.correo in para]
        for crudo in suyos:
            mensaje = message_from_bytes(crudo, policy=policy.default)
            self.recibidos.append(mensaje)  # type: ignore[arg-type]
            self.escribir(self.responde(mensaje))  # type: ignore[arg-type]
        return len(suyos)


def _respuesta(a: EmailMessage, asunto: str, texto: str) -> EmailMessage:
    mensaje = EmailMessage()
    mensaje["To"] = parseaddr(str(a.get("Reply-To") or a["From"]))[1]
    mensaje["Subject"] = asunto
    mensaje.set_content(texto)
    return mensaje


GRACIAS = "Gracias por escribirnos. Su mensaje es importante y será atendido en el menor tiempo posible."


def tonto(a: EmailMessage) -> EmailMessage:
    """No header says what it is, and its subject is always another."""
    return _respuesta(a, "Gracias por comunicarse con nosotros", GRACIAS)


def con_re(a: EmailMessage) -> EmailMessage:
    """It answers in the thread, as a person would."""
    mensaje = _respuesta(a, f"Re: {a['Subject']}", GRACIAS)
    mensaje["In-Reply-To"] = mensaje["References"] = str(a["Message-ID"])
    return mensaje


def honesto(a: EmailMessage) -> EmailMessage:
    """RFC 3834."""
    mensaje = con_re(a)
    mensaje["Auto-Submitted"] = "auto-replied"
    return mensaje
