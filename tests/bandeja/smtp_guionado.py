"""An SMTP server that does what its script says, one line per connection (security.md F08)."""

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from typing import Self

RESPUESTAS = {
    "ehlo": "250-prueba\r\n250 STARTTLS",
    "mail": "250 ok",
    "rcpt": "250 ok",
    "data": "354 siga",
    "quit": "221 adios",
}


class SmtpGuionado:
    """`guion` says what each connection does; after the last one, all goes well.

    bien · 421 · 451-rcpt · 451-data · 554-data · corta-antes · corta · calla-al-saludar · calla · corta-al-despedirse
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

    def _conversar(self, paso: str, entrada) -> Iterator[str]:
        if paso == "calla-al-saludar":
            entrada.read()  # until the client loses its patience
            return
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
            yield "451 ahora no" if paso == f"451-{orden}" and orden == "rcpt" else RESPUESTAS.get(orden, "250 ok")
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
