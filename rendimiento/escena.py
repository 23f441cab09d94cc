"""Whom the operations are measured with: people signed in, the floor beside them, and the columns of a result."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import connections, transaction

from alcance import como_sistema
from cuentas.segundo_factor import marcar_pasado
from cuentas.sesiones import SessionStore
from direcciones.models import Persona
from rendimiento.cliente import Cliente, Inesperado, Respuesta, Tiempos, por_turnos
from rendimiento.promesas import Resultado

SEGUNDOS = 6.0  # of each measure of many at once
COLA = "SSDA"
FILAS_DEL_PISO = 25
SELLO = "x" * 32


@dataclass(frozen=True, slots=True)
class Escena:
    """What one operation is measured with."""

    tam: int
    portal: int
    piso: int
    sesiones_del_piso: list[str]
    veces: int = 120
    minutos: float = 10.0
    documentos: int = 2000

    def del_piso(self, k: int = 0) -> Cliente:
        return Cliente(self.piso, {"sessionid": self.sesiones_del_piso[k], "csrftoken": SELLO})

    def entra(self, correo: str) -> Cliente:
        """That person signed in: the row their sign-in would have left, second factor included."""
        persona = Persona.objects.get(correo=correo)
        sesion = SessionStore()
        sesion[SESSION_KEY] = str(persona.pk)
        sesion[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
        sesion[HASH_SESSION_KEY] = persona.get_session_auth_hash()
        marcar_pasado(sesion)
        with como_sistema("abrir una sesión para medir"):
            sesion.save()
        return Cliente(self.portal, {"__Host-sesion": str(sesion.session_key), "__Host-csrf": SELLO})

    def lista_del_piso(self) -> Callable[[], Respuesta]:
        cliente = self.del_piso()
        if cliente.ver("/lista/").cuerpo.count(b"<tr>") != FILAS_DEL_PISO + 1:
            raise Inesperado("La lista del piso no trae 25 filas: no sirve de medida.")
        return lambda: cliente.ver("/lista/")

    def pagina(self, cliente: Cliente, ruta: str, *, espera: int = 200, **cabeceras: str) -> Tiempos:
        """A page beside the floor's list."""
        tiempos = por_turnos(lambda: cliente.ver(ruta, espera=espera, **cabeceras), self.lista_del_piso(), self.veces)
        tiempos.sql = int(cliente.ver(ruta, espera=espera, X_Contar="1", **cabeceras).cabeceras["X-Sql"])
        return tiempos


def asesor(k: int = 1, dependencia: str = COLA) -> str:
    return f"asesor{k}.{dependencia.lower()}@semilla.example"


def en_columnas(variantes: dict[str, Tiempos], **resto: Any) -> Resultado:
    """The dearest of several pages, and each of them beside it."""
    peor = max(variantes.values(), key=lambda uno: uno.f)
    consultas = [uno.sql for uno in variantes.values() if uno.sql is not None]
    resultado: Resultado = {
        "f": round(peor.f, 3),
        "p50_ms": round(peor.p50, 1),
        "p95_ms": round(peor.p95, 1),
        "sql": max(consultas) if consultas else None,
        **resto,
    }
    if len(variantes) > 1:
        resultado["variantes"] = {n: [round(t.f, 2), round(t.p50, 1), t.sql] for n, t in variantes.items()}
    return resultado


@contextmanager
def sistema() -> Iterator[None]:
    with como_sistema("preparar lo que se mide"), transaction.atomic():
        yield


def como_duenio(orden: str) -> None:
    with como_sistema("preparar lo que se mide"), transaction.atomic(using="migrador"):
        connections["migrador"].cursor().execute(orden)
    connections["migrador"].close()
