"""The casillas as their page shows them, and what the administrador does with them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction

from alcance import como_sistema, exigir
from bitacora.services import registrar
from buzones.estados import Lectura
from buzones.models import Casilla, EstadoCasilla, Llegada
from buzones.services.salud import CALLADA, con_su_ultima, cuadra, leida_o_desde
from direcciones.permisos import puede_editar_catalogos
from direcciones.services.catalogos import cambiar_fila, crear_fila
from plazos.reloj import ahora, hoy

PEDIDA_HACE = timedelta(minutes=2)  # what was asked for and has not begun: somebody should look at the worker
APARTADAS_A_LA_VISTA = 50
# What a failure says, and how it is mended. The first that is found.
REMEDIOS = (
    ("no está configurada", "Pida a quien administra el servidor que defina las variables de esa conexión y lo "
     "reinicie, o elija otra conexión al editar la casilla."),
    ("no aceptó al usuario", "La clave cambió o venció, o la cuenta ya no admite IMAP. Pida una nueva a quien "
     "administra el correo; quien administra el servidor la pone y lo reinicia."),
    ("no dio el permiso", "Revise con quien administra el correo que la aplicación del portal siga autorizada y que "
     "su secreto no haya vencido."),
    ("no es de confianza", "El certificado del servidor de correo venció o no es de una autoridad conocida. Avise a "
     "quien administra el correo: el portal no entra sin saber con quién habla."),
    ("No se pudo hablar", "El servidor de correo no responde, o la red no deja llegar. El portal vuelve a intentarlo "
     "solo; si dura, avise a quien administra el correo."),
    ("no existe o no se puede abrir", "Cree la carpeta en el buzón, o corrija su nombre al editar la casilla."),
    ("no entrega estos mensajes", "Los demás sí se leen. Ábralos en el buzón y reenvíelos a la misma dirección."),
    ("No se pudo guardar", "Revise el espacio libre del servidor. Nada se movió: sigue todo en el buzón."),
)  # fmt: skip
SIN_LEER = frozenset({Lectura.TERMINADA, Lectura.EN_PAUSA, Lectura.SIN_CONEXION, Lectura.NO_SE_LEE})
OTRO_REMEDIO = "El portal vuelve a intentarlo solo. Si dura más de una hora, avise a quien administra el servidor."


@dataclass(frozen=True, slots=True)
class Vista:
    """A casilla as a person sees it. `progreso`: of the reading that goes on, or was asked for; '' without one."""

    casilla: Casilla
    estado: Lectura
    remedio: str
    progreso: str
    version: str

    @property
    def detalle(self) -> Any:
        return getattr(self.casilla, "estado", None)

    @property
    def se_puede_leer(self) -> bool:
        return self.estado not in SIN_LEER


def vistas(*, pk: int | None = None) -> list[Vista]:
    """All of them, those in force first; or only one."""
    casillas = Casilla.objects.select_related("estado", "buzon__dependencia").order_by("nombre")
    filas = con_su_ultima(casillas if pk is None else casillas.filter(pk=pk))
    return sorted((_vista(casilla) for casilla in filas), key=lambda vista: vista.estado == Lectura.TERMINADA)


def _vista(casilla: Casilla) -> Vista:
    suyo = getattr(casilla, "estado", None)
    falla = suyo.falla if suyo else ""
    remedio = next((que for dice, que in REMEDIOS if dice in falla), OTRO_REMEDIO) if falla else ""
    estado = _estado(casilla, suyo)
    progreso = _progreso(suyo) if suyo and estado not in SIN_LEER else ""
    version = f"{suyo.intentada_en}|{suyo.traidos}|{bool(progreso)}" if suyo else ""
    return Vista(casilla, estado, remedio, progreso, version)


def _estado(casilla: Casilla, suyo: EstadoCasilla | None) -> Lectura:
    if not casilla.esta_vigente(hoy()):
        return Lectura.TERMINADA
    if not casilla.conexion:
        return Lectura.NO_SE_LEE
    if casilla.conexion not in settings.BUZONES:
        return Lectura.SIN_CONEXION
    if not casilla.activa:
        return Lectura.EN_PAUSA
    if suyo is not None and suyo.falla_desde is not None:
        return Lectura.FALLA
    if leida_o_desde(casilla) < ahora() - CALLADA:
        return Lectura.CALLADA
    if not cuadra(casilla, hoy()):
        return Lectura.NO_CUADRA
    return Lectura.AL_DIA if suyo is not None and suyo.leida_en else Lectura.SIN_LEER


def _progreso(suyo: EstadoCasilla) -> str:
    en = ahora()
    if suyo.tomada_hasta is not None and suyo.tomada_hasta > en:
        van = f": {suyo.traidos} {'mensaje' if suyo.traidos == 1 else 'mensajes'} hasta ahora" if suyo.traidos else ""
        return f"Leyendo el buzón{van}."
    if suyo.pedida_en is None or (suyo.intentada_en is not None and suyo.intentada_en >= suyo.pedida_en):
        return ""
    if suyo.pedida_en < en - PEDIDA_HACE:
        return "Se pidió leerlo y no empieza: avise a quien administra el servidor que revise el trabajador."
    return "Empieza a leerse en unos segundos."


def pedir_lectura(*, casilla: Casilla) -> None:
    """Read it now, also when it waits after a failure."""
    _exigir_permiso()
    en = ahora()
    with transaction.atomic():
        EstadoCasilla.objects.get_or_create(casilla=casilla)
        EstadoCasilla.objects.filter(casilla=casilla).update(pedida_en=en, intentar_en=None)


def agregar(*, datos: dict[str, Any]) -> Casilla:
    return _casilla(crear_fila(modelo=Casilla, datos=datos))


def cambiar(*, casilla: Casilla, datos: dict[str, Any]) -> Casilla:
    return _casilla(cambiar_fila(fila=casilla, datos=datos))


def _casilla(fila: Any) -> Casilla:
    assert isinstance(fila, Casilla)
    return fila


def apartadas() -> list[Llegada]:
    """What could not be brought and nobody has said that they saw, the newest first."""
    alcance = exigir()
    with transaction.atomic(), como_sistema("ver lo apartado de los buzones"):
        suyas = Llegada.objects.visibles_para(alcance).sin_ver().select_related("casilla__buzon")
        return list(suyas.order_by("-id")[:APARTADAS_A_LA_VISTA])


@transaction.atomic
def dar_por_vistas(*, ids: Iterable[int]) -> int:
    """Somebody opened them in their mailbox. Returns how many nobody had seen before."""
    _exigir_permiso()
    quien = exigir().persona_id
    with como_sistema("dar por visto lo apartado de los buzones"):
        suyas = Llegada.objects.sin_ver().filter(pk__in=list(ids))
        marcadas = sorted(suyas.values_list("pk", flat=True))
        Llegada.objects.filter(pk__in=marcadas).update(vista_en=ahora(), vista_por=quien)
    if marcadas:
        registrar(accion="buzones.vistas", texto=f"{len(marcadas)} apartados", despues={"llegadas": marcadas})
    return len(marcadas)


def _exigir_permiso() -> None:
    if not puede_editar_catalogos(exigir()):
        raise ValidationError("Solo el administrador del portal cambia las casillas.")
