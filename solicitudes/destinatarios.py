"""Who is told of a solicitud, and who instead when they no longer can be: nothing is left untold in silence.

Whoever is told may open it today: an active account with a membership in force that reaches it. Of the entidad, who
filed it; else the address that was left; else its enlaces, then who administers them; else whoever attends it learns
that nobody there was told. Of the SDFI, one step further up each time. When a place has nobody, who runs the portal is
told of the place, once a day, and of a reserved one nothing else (docs/decisiones/0025).
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from alcance import Alcance
from avisos.carta import Carta
from avisos.models import PoliticaAviso
from avisos.services import avisar, enviar_correo
from bitacora.services import registrar
from direcciones.ausencias import de_turno, presentes, quienes_cubren, responsable_de
from direcciones.models import Dependencia, Entidad, Membresia, Persona
from direcciones.models.membresias import ConsultaMembresia
from direcciones.roles import JEFES, Rol
from plazos.reloj import hoy
from solicitudes import cartas
from solicitudes.models import Parte, Solicitud

Destino = PoliticaAviso.Destino
# Each step of the SDFI, and the one after it when there is nobody.
ESCALERA = (
    Destino.RESPONSABLE,
    Destino.JEFATURA,
    Destino.DIRECCION,
    Destino.SUBSECRETARIA,
    Destino.ADMINISTRACION,
)


@dataclass(frozen=True, slots=True)
class Destinatarios:
    """`correo` is of who asked without an account. `nadie_en`: the place that had nobody, so it went further."""

    personas: tuple[Persona, ...] = ()
    correo: str = ""
    nadie_en: Entidad | Dependencia | None = None

    def __bool__(self) -> bool:
        return bool(self.personas or self.correo)


# --- Who -----------------------------------------------------------------------------------------------------------
def de_la_entidad(solicitud: Solicitud) -> Destinatarios:
    quien = solicitud.radicada_por_id
    if quien is not None and (personas := _de_alli_pueden(solicitud, persona=quien)):
        return Destinatarios(personas)
    if correo := correo_sin_cuenta(solicitud):
        return Destinatarios(correo=correo)
    for cuales in ({"persona__correo__iexact": solicitud.remitente_correo}, {"rol": Rol.ENLACE},
                   {"rol": Rol.ADMIN_ENTIDAD}):  # fmt: skip
        if personas := _de_alli_pueden(solicitud, **cuales):
            return Destinatarios(personas)
    return Destinatarios(nadie_en=solicitud.entidad)


def _de_alli_pueden(solicitud: Solicitud, **cuales: Any) -> tuple[Persona, ...]:
    """Of the entidad; read once of those that are looked at together."""
    mirada, clave = _mirada.get(), (solicitud.entidad_id, *cuales.items())
    if mirada is not None and clave in mirada.de_alli:
        return _la_abren(mirada.de_alli[clave], solicitud)
    suyas = Membresia.objects.activas().filter(entidad=solicitud.entidad_id, **cuales)
    leidas = list(_con_lo_suyo(suyas))
    if mirada is not None:
        mirada.de_alli[clave] = leidas
    return _la_abren(leidas, solicitud)


def correo_sin_cuenta(solicitud: Solicitud) -> str:
    """The address that was left for the answer, when no account has it: of an account, the account says if it may."""
    correo: str = solicitud.remitente_correo
    return "" if correo and Persona.objects.filter(correo__iexact=correo).exists() else correo


def del_personal(destino: str, parte: Parte) -> Destinatarios:
    """Those of that step who may open it and are there, or of the first one further up that has any; before leaving
    the dependencia, whoever covers those who are away. When nobody at all is there, they find it on their way back."""
    ausentes: list[Persona] = []
    nadie_en = None
    for escalon in ESCALERA[ESCALERA.index(Destino(destino)) :]:
        personas = _pueden_abrir(_DE_CADA_ESCALON[escalon](parte), parte.solicitud)
        if estan := presentes(personas):
            return Destinatarios(tuple(estan), nadie_en=nadie_en)
        ausentes += personas
        if ESCALERA.index(escalon) < ESCALERA.index(Destino.DIRECCION):
            continue
        if cubren := [p for p in quienes_cubren(ausentes) if puede_abrir(p, parte.solicitud)]:
            return Destinatarios(tuple(cubren), nadie_en=nadie_en)
        nadie_en = parte.dependencia
    return Destinatarios(tuple({p.pk: p for p in ausentes}.values()), nadie_en=nadie_en)


def puede_abrir(persona: Persona, solicitud: Solicitud) -> bool:
    """Today, with some of their roles."""
    return bool(_pueden_abrir(Membresia.objects.activas().filter(persona=persona), solicitud))


def _de_quien_dirige(roles: Collection[str]) -> Callable[[Parte], ConsultaMembresia]:
    """Of the dependencia, or of the one above when it has none."""

    def membresias(parte: Parte) -> ConsultaMembresia:
        jefes = Membresia.objects.activas().filter(rol__in=sorted(roles))
        propias = jefes.filter(dependencia=parte.dependencia_id)
        suyas: ConsultaMembresia = (
            propias if propias.exists() else jefes.filter(dependencia=parte.dependencia.padre_id)
        )
        return suyas

    return membresias


def _de_quien_responde(parte: Parte) -> ConsultaMembresia:
    """Who has it in hand, or who answers today for what they have."""
    activas: ConsultaMembresia = Membresia.objects.activas()
    if parte.asesor_id is None:
        return activas.none()
    quien = responsable_de(parte.asesor_id, parte.dependencia_id, reservada=parte.reservada)
    return activas.filter(persona=quien) if quien else activas.none()


def _de_rol(rol: str) -> Callable[[Parte], ConsultaMembresia]:
    return lambda parte: Membresia.objects.activas().filter(rol=rol)


_DE_CADA_ESCALON: dict[str, Callable[[Parte], ConsultaMembresia]] = {
    Destino.RESPONSABLE: _de_quien_responde,
    Destino.JEFATURA: _de_quien_dirige(JEFES),
    Destino.DIRECCION: _de_quien_dirige({Rol.DIRECTOR}),
    Destino.SUBSECRETARIA: _de_rol(Rol.SUBSECRETARIO),
    Destino.ADMINISTRACION: _de_rol(Rol.ADMINISTRADOR),
}


def _pueden_abrir(membresias: ConsultaMembresia, solicitud: Solicitud) -> tuple[Persona, ...]:
    """The people to whom one of these memberships opens it."""
    return _la_abren(_con_lo_suyo(membresias), solicitud)


def _con_lo_suyo(membresias: ConsultaMembresia) -> ConsultaMembresia:
    suyas: ConsultaMembresia = membresias.select_related("persona", "entidad", "dependencia")
    return suyas.order_by("persona_id", "id")


def _la_abren(membresias: Iterable[Membresia], solicitud: Solicitud) -> tuple[Persona, ...]:
    pueden: dict[int, Persona] = {}
    for membresia in membresias:
        if _la_ve(membresia, solicitud):
            pueden.setdefault(membresia.persona_id, membresia.persona)
    return tuple(pueden.values())


class _Mirada:
    """Of some solicitudes, which each membership opens: asked once of each."""

    def __init__(self, solicitudes: Collection[int]) -> None:
        self.solicitudes = solicitudes
        self.ve: dict[int, set[int]] = {}
        self.de_alli: dict[Any, list[Membresia]] = {}


_mirada: ContextVar[_Mirada | None] = ContextVar("destinatarios_mirada", default=None)


@contextmanager
def una_mirada(solicitudes: Collection[int]) -> Iterator[None]:
    """For whoever asks who is told of many: of these solicitudes, what each membership opens is read once."""
    testigo = _mirada.set(_Mirada(solicitudes))
    try:
        yield
    finally:
        _mirada.reset(testigo)


def _la_ve(membresia: Membresia, solicitud: Solicitud) -> bool:
    mirada = _mirada.get()
    if mirada is not None and membresia.pk in mirada.ve and solicitud.pk in mirada.solicitudes:
        return solicitud.pk in mirada.ve[membresia.pk]
    visibles = Solicitud.objects.visibles_para(Alcance.de_membresia(membresia))
    if mirada is None or solicitud.pk not in mirada.solicitudes:
        return visibles.filter(pk=solicitud.pk).exists()
    if membresia.pk not in mirada.ve:
        mirada.ve[membresia.pk] = set(visibles.filter(pk__in=mirada.solicitudes).values_list("pk", flat=True))
    return solicitud.pk in mirada.ve[membresia.pk]


# --- Telling them --------------------------------------------------------------------------------------------------
def avisar_a_la_entidad(
    *,
    solicitud: Solicitud,
    carta: Carta,
    clave: str,
    evento: str,
    sin_cuenta: Carta | None = None,
    solo_portal: bool = False,
) -> Destinatarios:
    """In the portal and by mail. `sin_cuenta`: what is written to who has no account; else the same without button.
    Gives whom it reached there; nobody, when whoever attends it was told so instead."""
    a = de_la_entidad(solicitud)
    if not a:
        decir_que_no_llego(solicitud, carta, clave, evento)
        return a
    for persona in a.personas:
        avisar(
            persona=persona,
            carta=carta,
            clave=clave,
            solicitud_id=solicitud.pk,
            evento=evento,
            solo_portal=solo_portal,
        )
    if a.correo:
        enviar_correo(
            a=a.correo,
            nombre=solicitud.remitente_nombre,
            carta=sin_cuenta or Carta(carta.asunto, carta.que_paso, carta.que_hacer, carta.fecha_limite),
            clave=clave,
            solicitud_id=solicitud.pk,
            evento=evento,
        )
    return a


def avisar_al_personal(
    *, parte: Parte, destino: str, carta: Carta, clave: str, evento: str, solo_portal: bool = False
) -> Destinatarios:
    a = del_personal(destino, parte)
    for persona in a.personas:
        avisar(
            persona=persona,
            carta=carta,
            clave=clave,
            solicitud_id=parte.solicitud_id,
            evento=evento,
            solo_portal=solo_portal,
        )
    if a.nadie_en is not None:
        _decir_que_no_hay_nadie(a.nadie_en, parte.solicitud, evento)
    return a


def decir_que_no_llego(solicitud: Solicitud, carta: Carta, clave: str, evento: str) -> None:
    parte = Parte.objects.select_related("solicitud", "dependencia", "entidad").get(solicitud=solicitud, lidera=True)
    avisar_al_personal(
        parte=parte,
        destino=Destino.RESPONSABLE,
        carta=cartas.nadie_lo_recibio(parte, carta),
        clave=f"{clave}:nadie",
        evento="solicitudes.sin_destinatario",
    )
    _decir_que_no_hay_nadie(solicitud.entidad, solicitud, evento)


def _decir_que_no_hay_nadie(lugar: Entidad | Dependencia, solicitud: Solicitud, evento: str) -> None:
    """Each notice leaves its line in the bitácora; who can name somebody there learns it once a day."""
    registrar(
        accion="aviso.sin_destinatario",
        objeto=solicitud,
        motivo=f"No hay a quién avisar en {lugar}.",
        despues={"evento": evento, "lugar": f"{lugar._meta.model_name}:{lugar.pk}"},
    )
    for persona in de_turno(Rol.ADMINISTRADOR):
        avisar(
            persona=persona,
            carta=cartas.lugar_sin_nadie(lugar),
            clave=f"sin-destinatario:{lugar._meta.model_name}:{lugar.pk}:{hoy()}",
            evento="solicitudes.lugar_sin_nadie",
        )
