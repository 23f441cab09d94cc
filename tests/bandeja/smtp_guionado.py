"""An SMTP server that does what its script says, one line per connection (security.md F08)."""

import email
import re
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import suppress
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any, Self

RESPUESTAS = {
    "ehlo": "250-prueba\r\n250 STARTTLS",
    "mail": "250 ok",
    "rcpt": "250 ok",
    "data": "354 siga",
    "quit": "221 adios",
}
NEGADAS = {
    "451-rcpt": "451 ahora no",
    "550-rcpt": "550 5.1.1 esa persona no existe",
    "552-rcpt": "552 5.2.2 mailbox full",
    "554-rcpt": "554 5.7.1 blocked using zen.example",
}


class SmtpGuionado:
    """`guion` says what each connection does; after the last one, all goes well.

    bien · 421 · 451-rcpt · 550-rcpt · 552-rcpt · 554-rcpt · 451-data · 554-data
    · corta-antes · corta · calla-al-saludar · calla · corta-al-despedirse
    · tls-roto. «corta» takes the whole text and hangs up without its 250.
    """

    def __init__(self, *guion: str) -> None:
        self.guion = list(guion)
        self.recibidos: list[str] = []
        self.oido = socket.create_server(("127.0.0.1", 0))
        self.puerto = self.oido.getsockname()[1]

    def __enter__(self) -> Self:
        self.hilo = threading.Thread(target=self._atender)
        self.hilo.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.oido.shutdown(socket.SHUT_RDWR)
        self.oido.close()
        self.hilo.join()

    @property
    def identificadores(self) -> list[str]:
        """Message-ID of every text whose last line arrived, accepted or not."""
        return [re.findall(r"(?im)^message-id: (.*?)\r?$", texto)[0] for texto in self.recibidos]

    def _atender(self) -> None:
        while True:
            try:
                enchufe, _ = self.oido.accept()
            except OSError:
                return
            paso = self.guion.pop(0) if self.guion else "bien"
            with enchufe, enchufe.makefile("rb") as entrada, suppress(OSError):
                for respuesta in self._conversar(paso, entrada):
                    enchufe.sendall(f"{respuesta}\r\n".encode())

    def _conversar(self, paso: str, entrada, saluda: bool = True) -> Iterator[str]:
        if paso == "calla-al-saludar":
            entrada.read()  # until the client loses its patience
            return
        if saluda:
            yield "421 vuelva luego" if paso == "421" else "220 prueba"
        for linea in entrada:
            orden = linea[:4].decode().lower()
            if orden == "star":
                yield "220 siga"
                if paso == "tls-roto":
                    yield "esto no es TLS"
                return
            if orden == "quit" and paso == "corta-al-despedirse":
                return
            if orden == "data" and paso == "corta-antes":
                return
            yield NEGADAS[paso] if orden == "rcpt" and paso in NEGADAS else RESPUESTAS.get(orden, "250 ok")
            if orden == "data":
                self.recibidos.append(self._texto(entrada))
                if paso == "calla":
                    entrada.read()
                if paso in {"corta", "calla"}:
                    return
                yield {"451-data": "451 ahora no", "554-data": "554 no"}.get(paso, "250 recibido")

    @staticmethod
    def _texto(entrada) -> str:
        lineas = iter(entrada.readline, b".\r\n")
        return b"".join(lineas).decode()


class SmtpMentiroso:
    """For the real worker: it does the same (`modo`) to everybody, each in a thread of its own, until told otherwise.

    «rehusa»: nobody listens. «tls-roto»: it promises TLS and talks nonsense; `certificado` lets it keep it.
    """

    def __init__(self, certificado: Path | None = None) -> None:
        self.certificado, self.modo = certificado, "bien"
        self.recibidos: list[str] = []
        self.oido: socket.socket | None = socket.create_server(("127.0.0.1", 0))
        self.puerto = self.oido.getsockname()[1]
        self.hilos: list[threading.Thread] = []
        self._abiertos: set[socket.socket] = set()

    def __enter__(self) -> Self:
        self._oir()
        return self

    def __exit__(self, *_: object) -> None:
        self._ensordecer()
        for enchufe in list(self._abiertos):
            with suppress(OSError):
                enchufe.shutdown(socket.SHUT_RDWR)
        for hilo in self.hilos:
            hilo.join(30)

    def mentir(self, modo: str) -> None:
        antes, self.modo = self.modo, modo
        if modo == "rehusa":
            self._ensordecer()
        elif antes == "rehusa":
            self.oido = socket.create_server(("127.0.0.1", self.puerto))
            self._oir()

    def mensajes(self) -> list[EmailMessage]:
        """Every one whose last line arrived, whatever was answered."""
        return [email.message_from_string(texto, policy=default) for texto in self.recibidos]  # type: ignore[misc]

    def _oir(self) -> None:
        self._en_su_hilo(self._aceptar, self.oido)

    def _ensordecer(self) -> None:
        if self.oido is not None:
            with suppress(OSError):
                self.oido.shutdown(socket.SHUT_RDWR)
            self.oido.close()
            self.oido = None

    def _en_su_hilo(self, hacer: Any, *args: Any) -> None:
        hilo = threading.Thread(target=hacer, args=args, daemon=True)
        self.hilos.append(hilo)
        hilo.start()

    def _aceptar(self, oido: socket.socket) -> None:
        while True:
            try:
                enchufe, _ = oido.accept()
            except OSError:
                return
            self._en_su_hilo(self._atender, enchufe, self.modo)

    def _atender(self, enchufe: socket.socket, modo: str) -> None:
        self._abiertos.add(enchufe)
        guion = SmtpGuionado._conversar  # the same conversation, line by line
        with suppress(OSError, ssl.SSLError):
            entrada = enchufe.makefile("rb")
            for respuesta in guion(self, modo, entrada):  # type: ignore[arg-type]
                enchufe.sendall(f"{respuesta}\r\n".encode())
                if respuesta == "220 siga" and modo != "tls-roto":
                    enchufe = self._cifrado().wrap_socket(enchufe, server_side=True)
                    self._abiertos.add(enchufe)
                    for cifrada in guion(self, modo, enchufe.makefile("rb"), saluda=False):  # type: ignore[arg-type]
                        enchufe.sendall(f"{cifrada}\r\n".encode())
                    break
        with suppress(OSError):
            enchufe.close()

    def _cifrado(self) -> ssl.SSLContext:
        contexto = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        contexto.load_cert_chain(str(self.certificado))
        return contexto

    _texto = staticmethod(SmtpGuionado._texto)
