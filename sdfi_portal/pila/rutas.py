"""Where an installation keeps its state. Everything is below one folder (`PORTAL_VAR`), so two copies never touch."""

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

LARGO_MAXIMO = 100  # the kernel refuses socket paths of 108 bytes or more
SOCKET_MAS_LARGO = ".s.PGSQL.5432.lock"
NADIE = 65534  # who runs PostgreSQL for a root that may not open a user namespace


class FallaDePila(RuntimeError):
    """The local stack cannot go on. The message is for the person at the terminal, in Spanish."""


@dataclass(frozen=True)
class Rutas:
    """The folders of one installation. Every one is 0700: the servers trust whoever can reach their sockets."""

    var: Path

    @classmethod
    def de(cls, var: str | os.PathLike[str]) -> "Rutas":
        return cls(Path(var).absolute())

    def carpeta(self, nombre: str) -> Path:
        self.var.parent.mkdir(parents=True, exist_ok=True)
        for ruta in (self.var, self.var / nombre):
            ruta.mkdir(mode=0o700, exist_ok=True)
        return self.var / nombre

    @property
    def postgres(self) -> Path:
        return self.var / "postgres"

    @property
    def valkey(self) -> Path:
        return self.carpeta("valkey")

    @property
    def archivos(self) -> Path:
        return self.carpeta("archivos")

    @property
    def correo(self) -> Path:
        return self.carpeta("correo")

    @property
    def llaves(self) -> Path:
        return self.carpeta("llaves")

    @property
    def registro(self) -> Path:
        return self.carpeta("registro")

    @property
    def restaurado(self) -> Path:
        """Present when the data came from a backup: no demo is loaded on top of them."""
        return self.registro / "restaurado"

    @property
    def cuentas_demo(self) -> Path:
        """What `cargar_demo` writes for the person at the terminal: one account per role, second factor included."""
        return self.carpeta("demo") / "cuentas.txt"

    @property
    def sockets(self) -> Path:
        """The folder of the Unix sockets; a short one under /tmp when `var` is too deep for the kernel."""
        directa = self.var / "sockets"
        if len(os.fsencode(directa / SOCKET_MAS_LARGO)) <= LARGO_MAXIMO:
            return self.carpeta("sockets")
        corta = Path("/tmp") / f"portal-{hashlib.sha256(os.fsencode(self.var)).hexdigest()[:16]}"  # noqa: S108
        corta.mkdir(mode=0o700, exist_ok=True)
        duenos = {os.geteuid(), NADIE} if os.geteuid() == 0 else {os.geteuid()}
        if corta.is_symlink() or corta.stat().st_uid not in duenos:
            raise FallaDePila(f"{corta} pertenece a otra persona. Bórrela o defina PORTAL_VAR con una ruta más corta.")
        corta.chmod(0o700)
        self.carpeta("registro")
        if not directa.is_symlink() or directa.readlink() != corta:
            directa.unlink(missing_ok=True)
            directa.symlink_to(corta)
        return corta

    @contextmanager
    def cerrojo(self, nombre: str) -> Iterator[None]:
        """Wait for, then hold, an exclusive lock that dies with the process."""
        with (self.registro / f"{nombre}.cerrojo").open("w") as archivo:
            fcntl.flock(archivo, fcntl.LOCK_EX)
            yield


def recordar(ruta: Path, texto: str) -> None:
    """Write a small file that only its owner reads, whole or not at all."""
    nuevo = ruta.with_name(f"{ruta.name}.{os.getpid()}")
    nuevo.touch(mode=0o600)
    nuevo.write_text(texto, encoding="utf-8")
    nuevo.replace(ruta)
