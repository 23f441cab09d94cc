"""A mailbox over IMAP. The message is fetched as the server has it: what a library parsed is not what arrived.

Nothing here touches the base, and nothing is ever deleted: a message changes folder, or gets a keyword where the
server can't move it safely.
"""

import re
import socket
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from imaplib import IMAP4
from typing import Any, NamedTuple

from imap_tools import BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError
from imap_tools.utils import encode_folder

from buzones import oauth
from sdfi_portal.entorno import ConexionImap

ESPERA = 15.0  # seconds that a silent server is waited for
GUARDADO = "$PortalSDFI"  # keyword of what is kept, where it can't be moved
_POR_PEDIDO = 500
_ATRIBUTOS = re.compile(rb'UID (?P<uid>\d+)|INTERNALDATE "(?P<en>[^"]+)"|RFC822\.SIZE (?P<bytes>\d+)')
_DE_IMAP = (IMAP4.error, ImapToolsError)


class BuzonCaido(Exception):
    """The mailbox can't be read now. Its text is for people, and carries no secret."""


class _NoEntra(BuzonCaido):
    """The server is there and does not let this account in."""


class MensajeNoEntregado(Exception):
    """The server did not give one message; the others may still be read."""


class Ficha(NamedTuple):
    """A message of the folder, before it is fetched."""

    uid: int
    recibida_en: datetime
    bytes: int


@contextmanager
def abrir(conexion: ConexionImap, carpeta: str) -> Iterator["Buzonero"]:
    """A session on one folder. Raises BuzonCaido whatever goes wrong with the server."""
    try:
        buzon = _entrar(conexion)
        try:
            yield Buzonero(buzon, carpeta)
            # Of a server that hangs nobody takes leave: it would be waited for once more.
            with suppress(OSError, *_DE_IMAP):
                buzon.logout()
        finally:
            with suppress(OSError):
                buzon.client.shutdown()
    except ssl.SSLError as falla:
        raise BuzonCaido(f"El cifrado con {conexion.servidor} no es de confianza: {falla.reason or falla}.") from falla
    except OSError as falla:
        raise BuzonCaido(f"No se pudo hablar con {conexion.servidor}:{conexion.puerto}: {por_que(falla)}.") from falla
    except _DE_IMAP as falla:
        raise BuzonCaido(f"{conexion.servidor} respondió otra cosa: {falla}"[:300]) from falla


def por_que(falla: OSError) -> str:
    """What went wrong on the way, in the words of who reads the page."""
    if isinstance(falla, TimeoutError):
        return "no respondió a tiempo"
    if isinstance(falla, socket.gaierror):
        return "ese nombre de servidor no existe"
    if isinstance(falla, ConnectionRefusedError):
        return "rechazó la conexión"
    return "se cortó la conexión" if isinstance(falla, ConnectionError) else str(falla)


def _entrar(conexion: ConexionImap) -> BaseMailBox:
    if conexion.oauth is None:
        return _abrir_sesion(conexion)
    try:
        ficha, es_nueva = oauth.ficha(conexion)
        try:
            return _abrir_sesion(conexion, ficha)
        except _NoEntra:
            if es_nueva:
                raise
            # The one that was kept may have been taken back before its time.
            return _abrir_sesion(conexion, oauth.ficha(conexion, otra=True)[0])
    except oauth.SinPermiso as falla:
        raise BuzonCaido(str(falla)) from falla


def _abrir_sesion(conexion: ConexionImap, ficha: str = "") -> BaseMailBox:
    donde = {"host": conexion.servidor, "port": conexion.puerto, "timeout": ESPERA}
    if conexion.va_cifrada:
        donde["ssl_context"] = ssl.create_default_context(cafile=conexion.ca or None)
    clase = {"imaps": MailBox, "imap+starttls": MailBoxStartTls, "imap": MailBoxUnencrypted}[conexion.esquema]
    buzon = clase(**donde)
    try:
        _identificarse(buzon, conexion, ficha)
        # imaplib never asks again what the server can do once somebody is in.
        _, capacidades = buzon.client.capability()
        buzon.client.capabilities = tuple(capacidades[-1].decode("ascii", "replace").upper().split())
    except IMAP4.abort:
        buzon.client.shutdown()
        raise
    except _DE_IMAP as falla:
        buzon.client.shutdown()
        que = "el permiso que dio su proveedor" if ficha else "su clave"
        raise _NoEntra(f"{conexion.servidor} no aceptó al usuario «{conexion.usuario}» o {que}.") from falla
    except BaseException:
        buzon.client.shutdown()
        raise
    return buzon


def _identificarse(buzon: BaseMailBox, conexion: ConexionImap, ficha: str) -> None:
    if ficha:
        dicho = iter([f"user={conexion.usuario}\1auth=Bearer {ficha}\1\1".encode()])
        # A refusal begins with its reasons, that are answered with nothing: only then does the server say no.
        try:
            buzon.client.authenticate("XOAUTH2", lambda _: next(dicho, b""))
        except ValueError as falla:
            raise IMAP4.error("reto que no se entiende") from falla
        return
    entrar = buzon.login if (conexion.usuario + conexion.secreto).isascii() else buzon.login_utf8
    entrar(conexion.usuario, conexion.secreto, initial_folder=None)


class Buzonero:
    """What is done in an open folder."""

    def __init__(self, buzon: BaseMailBox, carpeta: str) -> None:
        self._buzon, self.carpeta = buzon, carpeta
        try:
            buzon.folder.set(carpeta)
        except ImapToolsError as falla:
            raise BuzonCaido(f"La carpeta «{carpeta}» no existe o no se puede abrir.") from falla
        _, [validez] = buzon.client.response("UIDVALIDITY")
        if not validez:
            raise BuzonCaido(f"El servidor no dice la validez de los números de «{carpeta}».")
        self.uidvalidity = int(validez)

    def uids(self, desde: datetime) -> list[int]:
        """Of what the folder holds since that day, the oldest first. By day: the server compares no hour."""
        dia = f"{desde.day}-{_MESES[desde.month - 1]}-{desde.year}"
        return sorted(map(int, self._buzon.uids(f"SINCE {dia}")))

    def fichas(self, uids: Sequence[int]) -> list[Ficha]:
        """Instant and size of each. What another session took away meanwhile is left out."""
        halladas = []
        for desde in range(0, len(uids), _POR_PEDIDO):
            halladas += self._fichas(uids[desde : desde + _POR_PEDIDO])
        return halladas

    def _fichas(self, uids: Sequence[int]) -> list[Ficha]:
        """One of which the server can't even say its size hides no other: its turn to be fetched tells it."""
        try:
            dichas = list(self._traer(uids, "(UID INTERNALDATE RFC822.SIZE)"))
        except IMAP4.abort:
            raise
        except IMAP4.error:
            if len(uids) == 1:
                return [Ficha(uids[0], datetime.now(UTC), 0)]
            mitad = len(uids) // 2
            return self._fichas(uids[:mitad]) + self._fichas(uids[mitad:])
        return [ficha for atributos, _ in dichas if (ficha := _ficha(atributos))]

    def crudos(self, uids: Sequence[int]) -> dict[int, bytes]:
        """The bytes of each, as the server has them; without marking them as read."""
        try:
            traidos = list(self._traer(uids, "(UID INTERNALDATE RFC822.SIZE BODY.PEEK[])"))
        except IMAP4.abort:
            raise
        except IMAP4.error as falla:
            raise MensajeNoEntregado(str(falla)) from falla
        return {uid: crudo for atributos, crudo in traidos if crudo is not None and (uid := _uid(atributos))}

    def encabezados(self, uid: int) -> bytes:
        """Only its headers: of a message too large to be fetched. None, when the server does not give them either."""
        try:
            return next((crudo or b"" for _, crudo in self._traer([uid], "(UID BODY.PEEK[HEADER])")), b"")
        except IMAP4.abort:
            raise
        except IMAP4.error:
            return b""

    def existe(self, carpeta: str) -> bool:
        return bool(self._buzon.folder.exists(carpeta))

    def mover(self, uids: Sequence[int], destino: str) -> None:
        """Take them out of the folder: nothing, when they are already gone.

        Without MOVE they are copied and only theirs are expunged. Without UIDPLUS an EXPUNGE would delete what other
        people marked, so they stay, with a keyword.
        """
        puede, conjunto = self._buzon.client.capabilities, ",".join(map(str, uids))
        if "MOVE" in puede or "UIDPLUS" in puede:
            self._preparar(destino)
        if "MOVE" in puede:
            self._mandar("MOVE", conjunto, encode_folder(destino))
        elif "UIDPLUS" in puede:
            self._mandar("COPY", conjunto, encode_folder(destino))
            self._mandar("STORE", conjunto, "+FLAGS.SILENT", r"(\Deleted)")
            self._mandar("EXPUNGE", conjunto)
        else:
            self._mandar("STORE", conjunto, "+FLAGS.SILENT", f"({GUARDADO})")

    def _preparar(self, carpeta: str) -> None:
        if not self.existe(carpeta):
            self._buzon.folder.create(carpeta)
            self._buzon.folder.subscribe(carpeta, True)

    def _mandar(self, orden: str, *partes: Any) -> list[Any]:
        estado, datos = self._buzon.client.uid(orden, *partes)
        if estado != "OK":
            raise IMAP4.error(f"{orden}: {b' '.join(d for d in datos if d).decode('ascii', 'replace')}")
        return datos

    def _traer(self, uids: Sequence[int], que: str) -> Iterator[tuple[bytes, bytes | None]]:
        """What the server says of each message, and its literal when one was asked."""
        if not uids:
            return
        atributos, literal = b"", None
        for trozo in self._mandar("FETCH", ",".join(map(str, uids)), que):
            if isinstance(trozo, tuple):
                atributos, literal = atributos + trozo[0], trozo[1]
                continue
            atributos += b" " + (trozo or b"")
            # The parenthesis that ends one message; some servers write attributes after the literal.
            if b"UID " in atributos and "uid" in _dichos(atributos):
                yield atributos, literal
            atributos, literal = b"", None


_MESES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _ficha(atributos: bytes) -> Ficha | None:
    """None of what the server says without being asked: somebody marked a message meanwhile."""
    dichos = _dichos(atributos)
    if "en" not in dichos and "bytes" not in dichos:
        return None
    return Ficha(int(dichos["uid"]), _instante(dichos.get("en", "")), int(dichos.get("bytes", 0)))


def _uid(atributos: bytes) -> int:
    return int(_dichos(atributos)["uid"])


def _dichos(atributos: bytes) -> dict[str, str]:
    hallados: dict[str, str] = {}
    for uno in _ATRIBUTOS.finditer(atributos):
        hallados |= {nombre: valor.decode("ascii", "replace") for nombre, valor in uno.groupdict().items() if valor}
    return hallados


def _instante(dicho: str) -> datetime:
    """An instant that can't be read is that of the reading: one message with a broken clock stops no mailbox."""
    try:
        instante = parsedate_to_datetime(re.sub(r"^\s*(\d+)-(\w+)-", r"\1 \2 ", dicho))
    except (ValueError, OverflowError):
        return datetime.now(UTC)
    return instante if instante.tzinfo else instante.replace(tzinfo=UTC)
