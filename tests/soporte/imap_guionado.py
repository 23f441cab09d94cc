"""A small IMAP server that lies as it is told, for what no good server does when it is asked.

One folder that is read and those that are created, in memory, over plain TCP of this machine. It speaks the little
that the portal says and nothing else: what it does not know is answered BAD, so that a test which needs more fails.
"""

import asyncio
import base64
import json
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Self

from sdfi_portal.entorno import ConexionImap, Oauth

CLAVE, FICHA = "clave del guion", "ficha-buena"


@dataclass
class Guardado:
    uid: int
    crudo: bytes
    en: datetime | str
    marcas: set[str] = field(default_factory=set)


@dataclass
class Guion:
    """What it does wrong. Each is undone by putting it back."""

    capacidades: str = "IMAP4rev1 UIDPLUS MOVE"
    cuelga_en: str = ""  # the command that it never answers
    corta_tras: str = ""  # the command after which it hangs up, before saying that it ended
    corta_literal: bool = False  # hangs up in the middle of a message
    rehusa: dict[str, str] = field(default_factory=dict)  # command → what it says no with
    calla: set[int] = field(default_factory=set)  # of a FETCH of several with one of these it says no
    calla_todo: bool = False  # also of their size and their headers
    validez: int = 7
    bye: bool = False
    estorba: bool = False  # tells what nobody asked, in the middle of an answer
    sin_validez: bool = False
    fichas: set[str] = field(default_factory=lambda: {FICHA})


class ImapGuionado:
    def __init__(self, guion: Guion | None = None) -> None:
        self.guion = guion or Guion()
        self.carpetas: dict[str, list[Guardado]] = {"INBOX": []}
        self.ordenes: list[str] = []
        self._uid = 0

    def __enter__(self) -> Self:
        self._bucle, listo = asyncio.new_event_loop(), threading.Event()

        def correr() -> None:
            asyncio.set_event_loop(self._bucle)
            self._servidor = self._bucle.run_until_complete(asyncio.start_server(self._atender, "127.0.0.1", 0))
            self.puerto = self._servidor.sockets[0].getsockname()[1]
            listo.set()
            self._bucle.run_forever()
            for tarea in asyncio.all_tasks(self._bucle):
                tarea.cancel()
            self._servidor.close()
            self._bucle.run_until_complete(asyncio.sleep(0.05))
            self._bucle.close()

        self._hilo = threading.Thread(target=correr, daemon=True)
        self._hilo.start()
        assert listo.wait(10)
        return self

    def __exit__(self, *falla: object) -> None:
        self._bucle.call_soon_threadsafe(self._bucle.stop)
        self._hilo.join(10)

    def poner(self, crudo: bytes, en: datetime | str | None = None, carpeta: str = "INBOX") -> int:
        """Leave a message; `en` as text is what it says of its instant, whatever it is. Gives its number."""
        self._uid += 1
        self.carpetas.setdefault(carpeta, []).append(
            Guardado(self._uid, crudo, datetime.now(UTC) if en is None else en)
        )
        return self._uid

    def hay(self, carpeta: str = "INBOX") -> list[bytes]:
        return [uno.crudo for uno in self.carpetas.get(carpeta, [])]

    def conexion(self, *, oauth: Oauth | None = None) -> ConexionImap:
        return ConexionImap("prueba", "imap", "127.0.0.1", self.puerto, "guion", "" if oauth else CLAVE, oauth=oauth)

    # --- The protocol ----------------------------------------------------------------------------------------------
    async def _atender(self, lee: asyncio.StreamReader, escribe: asyncio.StreamWriter) -> None:
        sesion = _Sesion(self, lee, escribe)
        try:
            await sesion.correr()
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError, _Colgar):
            pass
        finally:
            escribe.close()


class _Colgar(Exception):
    """The server hangs up."""


class _Sesion:
    def __init__(self, de: ImapGuionado, lee: asyncio.StreamReader, escribe: asyncio.StreamWriter) -> None:
        self.de, self.guion, self.lee, self.escribe = de, de.guion, lee, escribe
        self.carpeta = ""

    def decir(self, texto: str | bytes) -> None:
        self.escribe.write((texto.encode() if isinstance(texto, str) else texto) + b"\r\n")

    async def correr(self) -> None:
        self.decir("* OK [CAPABILITY IMAP4rev1] listo")
        while linea := await self.lee.readline():
            marca, _, resto = linea.decode().strip().partition(" ")
            orden, _, partes = resto.partition(" ")
            if orden.upper() == "UID":
                orden, _, partes = partes.partition(" ")
            orden = orden.upper()
            self.de.ordenes.append(f"{orden} {partes}".strip())
            if orden == self.guion.cuelga_en:
                await asyncio.sleep(3600)
            if orden in self.guion.rehusa:
                self.decir(f"{marca} NO {self.guion.rehusa[orden]}")
                continue
            if self.guion.bye and orden not in {"LOGIN", "CAPABILITY"}:
                self.decir("* BYE mantenimiento")
                raise _Colgar
            hacer: Callable[[str, str], object] | None = getattr(self, f"_{orden.lower()}", None)
            if hacer is None:
                self.decir(f"{marca} BAD {orden}")
                continue
            final = hacer(marca, partes)
            if asyncio.iscoroutine(final):
                final = await final
            if orden == self.guion.corta_tras:
                await self.escribe.drain()
                raise _Colgar
            self.decir(f"{marca} {final or 'OK hecho'}")
            await self.escribe.drain()
            if orden == "LOGOUT":
                raise _Colgar

    def _login(self, _: str, partes: str) -> str:
        return "OK dentro" if CLAVE in partes else "NO clave"

    async def _authenticate(self, _: str, partes: str) -> str:
        assert partes == "XOAUTH2"
        self.decir("+ ")
        await self.escribe.drain()
        dicho = base64.b64decode((await self.lee.readline()).strip()).decode()
        hallado = re.fullmatch(r"user=guion\x01auth=Bearer (.*)\x01\x01", dicho)
        if hallado and hallado[1] in self.guion.fichas:
            return "OK dentro"
        # RFC 7628 and what Google and Microsoft do: the reasons first, and NO once they are acknowledged.
        self.decir(b"+ " + base64.b64encode(json.dumps({"status": "401"}).encode()))
        await self.escribe.drain()
        assert (await self.lee.readline()).strip() == b""
        return "NO AUTHENTICATE failed."

    def _capability(self, *_: str) -> None:
        self.decir(f"* CAPABILITY {self.guion.capacidades}")

    def _select(self, _: str, partes: str) -> str:
        self.carpeta = partes.strip('"')
        if self.carpeta not in self.de.carpetas:
            return "NO no existe"
        self.decir(f"* {len(self._suyos())} EXISTS")
        if not self.guion.sin_validez:
            self.decir(f"* OK [UIDVALIDITY {self.guion.validez}] vale")
        return "OK [READ-WRITE] abierta"

    def _search(self, _: str, partes: str) -> None:
        self.decir(f"* SEARCH {' '.join(str(uno.uid) for uno in self._suyos())}".strip())

    def _list(self, _: str, partes: str) -> None:
        nombre = partes.split(" ", 1)[1].strip('"')
        if nombre in self.de.carpetas:
            self.decir(f'* LIST () "/" "{nombre}"')

    def _create(self, _: str, partes: str) -> None:
        self.de.carpetas.setdefault(partes.strip('"'), [])

    def _subscribe(self, *_: str) -> None:
        """It is."""

    def _logout(self, *_: str) -> None:
        self.decir("* BYE")

    def _fetch(self, _: str, partes: str) -> str:
        conjunto, _, que = partes.partition(" ")
        pedidos = self._de(conjunto)
        le_toca = "BODY.PEEK[]" in que or self.guion.calla_todo
        if le_toca and self.guion.calla & {uno.uid for uno in pedidos}:
            return "NO [SERVERBUG] internal error"
        for uno in pedidos:
            self._dar(uno, que)
        return "OK hecho"

    def _dar(self, uno: Guardado, que: str) -> None:
        numero = self._suyos().index(uno) + 1
        if self.guion.estorba:
            self.decir(f"* {len(self._suyos())} EXISTS")
            self.decir(f"* {numero} FETCH (UID {uno.uid} FLAGS (\\Seen))")
        en = uno.en if isinstance(uno.en, str) else uno.en.strftime("%d-%b-%Y %H:%M:%S %z")
        dicho = f'UID {uno.uid} INTERNALDATE "{en}" RFC822.SIZE {len(uno.crudo)}'
        cuerpo = {"[]": uno.crudo, "[HEADER]": uno.crudo.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"}
        cual = next((c for c in cuerpo if f"BODY.PEEK{c}" in que), "")
        if not cual:
            self.decir(f"* {numero} FETCH ({dicho})")
            return
        literal = cuerpo[cual]
        self.escribe.write(f"* {numero} FETCH ({dicho} BODY{cual} {{{len(literal)}}}\r\n".encode())
        if self.guion.corta_literal:
            self.escribe.write(literal[: len(literal) // 2])
            raise _Colgar
        self.escribe.write(literal)
        self.decir(")")

    def _move(self, _: str, partes: str) -> str:
        if not self._a(partes):
            return "NO [TRYCREATE] no existe"
        return self._pasar(partes, dejando=False)

    def _copy(self, _: str, partes: str) -> str:
        if not self._a(partes):
            return "NO [TRYCREATE] no existe"
        return self._pasar(partes, dejando=True)

    def _store(self, _: str, partes: str) -> str:
        conjunto, _, resto = partes.partition(" ")
        for uno in self._de(conjunto):
            uno.marcas |= set(resto.partition("(")[2].strip(")").split())
        return "OK hecho"

    def _expunge(self, _: str, partes: str) -> str:
        borrables = self._de(partes) if partes else self._suyos()
        idos = [uno for uno in borrables if r"\Deleted" in uno.marcas]
        self.de.carpetas[self.carpeta] = [uno for uno in self._suyos() if uno not in idos]
        return "OK hecho"

    def _pasar(self, partes: str, *, dejando: bool) -> str:
        conjunto, _, destino = partes.partition(" ")
        for uno in self._de(conjunto):
            self.de.poner(uno.crudo, uno.en, destino.strip('"'))
            if not dejando:
                self._suyos().remove(uno)
        return "OK hecho"

    def _a(self, partes: str) -> bool:
        return partes.partition(" ")[2].strip('"') in self.de.carpetas

    def _suyos(self) -> list[Guardado]:
        return self.de.carpetas[self.carpeta]

    def _de(self, conjunto: str) -> list[Guardado]:
        uids = {int(uno) for uno in conjunto.split(",") if uno.isdecimal()}
        return [uno for uno in self._suyos() if uno.uid in uids]
