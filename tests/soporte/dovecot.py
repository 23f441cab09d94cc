"""A real IMAP server for tests: Debian's dovecot with a configuration of its own, on ports of this machine.

As root it runs with the package's own users; otherwise everything runs as whoever tests.
"""

import os
import shutil
import ssl
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from imaplib import IMAP4_SSL, Time2Internaldate
from pathlib import Path
from typing import Self

from sdfi_portal.entorno import ConexionImap
from tests.soporte.certificados import certificar
from tests.soporte.pila import puerto_libre

CLAVE = "clave del buzón"
_NADIE = 65534  # dovecot gives nobody's mail to root
_CONFIGURACION = """
base_dir = {run}
state_dir = {run}
log_path = {raiz}/dovecot.log
protocols = imap
listen = 127.0.0.1
ssl = required
ssl_cert = <{raiz}/servidor.pem
ssl_key = <{raiz}/servidor.key
ssl_dh =
auth_failure_delay = 0
auth_mechanisms = plain login{mecanismo}
default_internal_user = {interno}
default_internal_group = {grupo}
default_login_user = {entrada}
first_valid_uid = 1
mail_location = maildir:{raiz}/correo/%u
mail_fsync = never
{permiso}
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%u {raiz}/usuarios
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={raiz}/correo/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {puerto_tls}
  }}
  inet_listener imaps {{
    port = {puerto}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
{capacidades}
"""

_CON_PERMISO = """
passdb {{
  driver = oauth2
  mechanisms = xoauth2
  args = {raiz}/permiso.conf
}}
"""
_PERMISO = """
tokeninfo_url = {consulta}
username_attribute = email
active_attribute = active
active_value = true
timeout_msecs = 5000
"""


class Dovecot:
    """`capacidades`: what it says that it can do, to be asked as a server that can less. `consulta`: where it asks
    what a token is worth; then it takes XOAUTH2 too. It keeps what it is given in Maildir, so what a test appends is
    what a client reads."""

    def __init__(self, *usuarios: str, capacidades: str = "", consulta: str = "") -> None:
        self.usuarios, self.capacidades = usuarios or ("mipg@prueba.example",), capacidades
        self.consulta = consulta
        self.puerto, self.puerto_tls = puerto_libre(), puerto_libre()

    def __enter__(self) -> Self:
        self.raiz = Path(tempfile.mkdtemp(prefix="dovecot"))  # a short path: its sockets are inside
        self.raiz.chmod(0o755)
        certificar(self.raiz)
        (self.raiz / "usuarios").write_text("".join(f"{uno}:{{PLAIN}}{CLAVE}\n" for uno in self.usuarios))
        root = os.geteuid() == 0
        uid, gid = (_NADIE, _NADIE) if root else (os.geteuid(), os.getegid())
        (self.raiz / "correo").mkdir()
        os.chown(self.raiz / "correo", uid, gid)
        propio, grupo = _quien(), _grupo()
        if self.consulta:
            (self.raiz / "permiso.conf").write_text(_PERMISO.format(consulta=self.consulta))
        conf = self.raiz / "dovecot.conf"
        conf.write_text(
            _CONFIGURACION.format(
                raiz=self.raiz,
                run=self.raiz / "run",
                interno="dovecot" if root else propio,
                grupo="dovecot" if root else grupo,
                entrada="dovenull" if root else propio,
                uid=uid,
                gid=gid,
                puerto=self.puerto,
                puerto_tls=self.puerto_tls,
                mecanismo=" xoauth2" if self.consulta else "",
                permiso=_CON_PERMISO.format(raiz=self.raiz) if self.consulta else "",
                capacidades=f"imap_capability = {self.capacidades}" if self.capacidades else "",
            )
        )
        programa = shutil.which("dovecot", path=f"{os.environ['PATH']}:/usr/sbin")
        assert programa, "falta dovecot: apt-get install dovecot-imapd"
        with (self.raiz / "dovecot.log").open("wb") as bitacora:
            self.proceso = subprocess.Popen([programa, "-F", "-c", str(conf)], stderr=bitacora)
        self._esperar()
        return self

    def __exit__(self, *falla: object) -> None:
        self.proceso.terminate()
        try:
            self.proceso.wait(10)
        except subprocess.TimeoutExpired:
            self.proceso.kill()
            self.proceso.wait(10)
        if falla[0] is not None:
            print(self.bitacora())
        shutil.rmtree(self.raiz, ignore_errors=True)

    def bitacora(self) -> str:
        """What the server wrote of itself."""
        ruta = self.raiz / "dovecot.log"
        return ruta.read_text(errors="replace") if ruta.exists() else ""

    def conexion(self, usuario: str = "", esquema: str = "imaps", secreto: str = CLAVE) -> ConexionImap:
        return ConexionImap(
            clave="prueba",
            esquema=esquema,
            servidor="127.0.0.1",
            puerto=self.puerto if esquema == "imaps" else self.puerto_tls,
            usuario=usuario or self.usuarios[0],
            secreto=secreto,
            ca=str(self.raiz / "autoridad.pem"),
        )

    @contextmanager
    def cliente(self, usuario: str = "", carpeta: str = "") -> Iterator[IMAP4_SSL]:
        """A client that shares nothing with the portal's: what it sees is what the server has."""
        cliente = IMAP4_SSL("127.0.0.1", self.puerto, ssl_context=self._confianza(), timeout=10)
        try:
            cliente.authenticate("PLAIN", lambda _: f"\0{usuario or self.usuarios[0]}\0{CLAVE}".encode())
            if carpeta:
                assert cliente.select(f'"{carpeta}"')[0] == "OK"
            yield cliente
        finally:
            cliente.logout()

    def poner(self, crudo: bytes, *, en: datetime | None = None, carpeta: str = "INBOX", usuario: str = "") -> None:
        """Leave a message in a folder, as received at `en`."""
        with self.cliente(usuario) as cliente:
            cliente.create(f'"{carpeta}"')
            instante = Time2Internaldate(en or datetime.now(UTC))
            assert cliente.append(f'"{carpeta}"', "", instante, crudo)[0] == "OK"

    def hay(self, carpeta: str = "INBOX", usuario: str = "") -> list[bytes]:
        """The messages of a folder; none, when it does not exist."""
        with self.cliente(usuario) as cliente:
            estado, [cuantos] = cliente.select(f'"{carpeta}"', readonly=True)
            if estado != "OK" or cuantos == b"0":
                return []
            _, datos = cliente.fetch("1:*", "(BODY.PEEK[])")
            return [uno[1] for uno in datos if isinstance(uno, tuple)]

    def _confianza(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.raiz / "autoridad.pem"))

    def _esperar(self) -> None:
        hasta = time.monotonic() + 15
        while True:
            try:
                with self.cliente():
                    return
            except OSError:
                if self.proceso.poll() is not None or time.monotonic() > hasta:
                    self.proceso.terminate()
                    raise AssertionError(f"dovecot no arrancó:\n{self.bitacora()}") from None
                time.sleep(0.1)


def _quien() -> str:
    import pwd  # noqa: PLC0415 - not in every system, and only when it starts

    return pwd.getpwuid(os.geteuid()).pw_name


def _grupo() -> str:
    import grp  # noqa: PLC0415

    return grp.getgrgid(os.getegid()).gr_name
