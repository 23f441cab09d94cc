"""Outbox handlers of the solicitudes: what people are told of each fact, and the files to have examined."""

from functools import partial

from django.urls import reverse
from django.utils import timezone

from avisos.carta import Carta
from avisos.correo import construir
from avisos.models import Envio
from avisos.services import avisar, dejar_aviso, despachar, enviar_correo
from bandeja.models import Entrega
from bandeja.services import Efecto, manejador
from direcciones.models import Persona
from plazos.fechas import a_las, dias_habiles, fecha_corrida
from plazos.reloj import ahora
from solicitudes import (
    cartas,
    entregas_atencion,  # noqa: F401  (its handlers register themselves)
    entregas_ausencias,  # noqa: F401
    entregas_correo,  # noqa: F401
    entregas_reflujo,  # noqa: F401
)
from solicitudes.destinatarios import (
    avisar_a_la_entidad,
    correo_sin_cuenta,
    de_la_entidad,
    decir_que_no_llego,
    puede_abrir,
)
from solicitudes.models import Archivo, ConstanciaRadicacion, Parte, Prorroga, Solicitud
from solicitudes.services.archivos import revisar_archivo
from solicitudes.services.prorroga import asentar
from solicitudes.services.relojes import relojes_de


@manejador("solicitudes.acuse")
def acusar(entrega: Entrega) -> None:
    """Radicado, instants, deadline and constancia to whoever asked, and to the address they left for the answer when
    it is another one (CPACA art. 61; E4)."""
    solicitud = Solicitud.objects.select_related("entidad").get(pk=entrega.carga["solicitud"])
    clave, sin_cuenta = entrega.clave_idempotencia, _acuse_sin_cuenta(solicitud)
    a = avisar_a_la_entidad(
        solicitud=solicitud,
        carta=_acuse(solicitud),
        clave=clave,
        evento="solicitudes.acuse",
        sin_cuenta=sin_cuenta,
    )
    correo = correo_sin_cuenta(solicitud)
    if a.personas and correo:
        enviar_correo(
            a=correo,
            nombre=solicitud.remitente_nombre,
            carta=sin_cuenta,
            clave=clave,
            solicitud_id=solicitud.pk,
            evento="solicitudes.acuse",
        )


def _acuse(solicitud: Solicitud) -> Carta:
    return Carta(
        asunto=f"[{solicitud.radicado}] Recibimos su solicitud",
        que_paso=_que_paso(solicitud),
        que_hacer="No tiene que hacer nada más: le avisaremos. En la página puede descargar la constancia.",
        fecha_limite=f"responderemos a más tardar el {fecha_corrida(solicitud.vence)}",
        boton="Ver la solicitud y su constancia",
        ruta=reverse("solicitudes:radicada", args=[solicitud.radicado]),
        porque=por_que_se_espera(solicitud),
    )


def _acuse_sin_cuenta(solicitud: Solicitud) -> Carta:
    """For a person without an account: the page that confirms the constancia by its code."""
    constancia = ConstanciaRadicacion.objects.filter(solicitud=solicitud).first()
    return Carta(
        asunto=f"[{solicitud.radicado}] Recibimos su solicitud",
        que_paso=_que_paso(solicitud),
        que_hacer="No tiene que hacer nada más. Guarde este correo: con el radicado puede preguntar por ella.",
        fecha_limite=f"responderemos a más tardar el {fecha_corrida(solicitud.vence)}",
        boton="Confirmar la radicación" if constancia else "",
        ruta=reverse("solicitudes:confirmar_constancia", args=[constancia.codigo]) if constancia else "",
        porque=por_que_se_espera(solicitud),
    )


def por_que_se_espera(solicitud: Solicitud) -> tuple[str, ...]:
    """Every clock of the parte that leads, day by day; the one that binds first."""
    lider = Parte.objects.select_related("dependencia").get(solicitud=solicitud, lidera=True)
    dichos = [r for r in relojes_de(solicitud, [lider]) if r.vence and not r.provisional]
    lineas: list[str] = []
    for dicho in sorted(dichos, key=lambda r: not r.obliga):
        lineas += [f"{dicho.nombre}.", *dicho.frases, *(dia.texto for dia in dicho.explicacion.dias)]
    return tuple(lineas)


def _que_paso(solicitud: Solicitud) -> str:
    """A reserved one is named only by its number: mail passes through many hands."""
    recibida = timezone.localtime(solicitud.recibido_en)
    cual = "" if solicitud.reservada else f" «{solicitud.asunto}»"
    siga = f" Número SIGA: {solicitud.siga_entrada}." if solicitud.siga_entrada else ""
    return (
        f"Recibimos su solicitud{cual} el {fecha_corrida(recibida.date())}, {a_las(recibida).rstrip('.')}. "
        f"Su radicado es {solicitud.radicado}.{siga} "
        f"Fecha efectiva de recepción: {fecha_corrida(solicitud.fecha_efectiva)}."
    )


@manejador("solicitudes.prorroga")
def avisar_la_prorroga(entrega: Entrega) -> Efecto | None:
    """Whoever asked is told before the term ends; that the mail leaves and that the term is longer are one thing."""
    prorroga = _la_prorroga(entrega.carga["prorroga"])
    if prorroga.avisada_en is not None:
        return None
    solicitud, clave, carta = prorroga.solicitud, entrega.clave_idempotencia, _carta_de_prorroga(prorroga)
    a = de_la_entidad(solicitud)
    if not a:  # whoever attends it is told that nobody there was
        avisar_a_la_entidad(solicitud=solicitud, carta=carta, clave=clave, evento="solicitudes.prorroga")
    if not a or ahora() >= prorroga.termino.vence_en:
        _dar_por_avisada(prorroga.pk, a.personas, clave)
        return None
    quien = a.personas[0] if a.personas else None
    mensaje = construir(
        a=quien.correo if quien else a.correo,
        nombre=quien.nombre if quien else solicitud.remitente_nombre,
        carta=carta,
        clave=clave,
        solicitud_id=solicitud.pk,
        evento="solicitudes.prorroga",
    )
    sale = despachar(entrega, mensaje, evento="solicitudes.prorroga", persona=quien)

    if sale is None and not a.personas:  # to that address nothing arrives: nobody was told, and it has no effect
        decir_que_no_llego(solicitud, carta, clave, "solicitudes.prorroga")
        return None

    def enviar() -> None:
        if not _dar_por_avisada(prorroga.pk, a.personas, clave):
            suyo = Envio.objects.filter(clave=clave, desenlace="")
            suyo.update(desenlace=Envio.Desenlace.DESCARTADO, desenlace_en=ahora(), motivo="El término ya venció.")
        elif sale is not None:
            sale()

    return enviar


def _dar_por_avisada(clave_prorroga: int, quienes: tuple[Persona, ...], clave: str) -> bool:
    """Settled in the transaction of the handing over: if the mail does not leave, none of this happened."""
    prorroga = _la_prorroga(clave_prorroga)
    if prorroga.avisada_en is None and not asentar(prorroga):
        avisar(
            persona=prorroga.pedida_por,
            carta=_carta_de_prorroga_tardia(prorroga),
            clave=f"{clave}:tardia",
            solicitud_id=prorroga.solicitud_id,
            evento="plazos.prorroga_tardia",
        )
        return False
    for quien in quienes:
        dejar_aviso(persona=quien, carta=_carta_de_prorroga(prorroga), clave=clave, solicitud_id=prorroga.solicitud_id)
    return True


def _la_prorroga(pk: int) -> Prorroga:
    return Prorroga.objects.select_related("termino", "solicitud__entidad", "pedida_por").get(pk=pk)


def _carta_de_prorroga(prorroga: Prorroga) -> Carta:
    solicitud = prorroga.solicitud
    return Carta(
        asunto=f"[{solicitud.radicado}] Ampliamos el término de su petición",
        que_paso=f"El término legal de su petición vencía el {fecha_corrida(prorroga.termino.vence)}. "
        f"Se amplía {dias_habiles(prorroga.dias)}.{'' if solicitud.reservada else f' Motivo: {prorroga.motivo}'}",
        que_hacer="No tiene que hacer nada: le avisaremos cuando esté la respuesta.",
        fecha_limite=f"el término legal vence el {fecha_corrida(prorroga.vence_nuevo)}",
        boton="Ver la solicitud",
        ruta=solicitud.get_absolute_url(),
    )


def _carta_de_prorroga_tardia(prorroga: Prorroga) -> Carta:
    solicitud = prorroga.solicitud
    return Carta(
        asunto=f"[{solicitud.radicado}] La prórroga no vale",
        que_paso="El aviso de la prórroga no salió antes de que venciera el término legal: la fecha no cambió.",
        que_hacer="Responda la petición cuanto antes y explique la demora.",
        fecha_limite=f"el término legal venció el {fecha_corrida(prorroga.termino.vence)}",
        boton="Abrir la solicitud",
        ruta=reverse("atencion:caso", args=[solicitud.radicado]),
    )


@manejador("solicitudes.archivo_subido")
def examinar(entrega: Entrega) -> Efecto:
    """The antivirus looks at it within seconds; if it is away, the sweep comes back to it (U06)."""
    return partial(revisar_archivo, archivo_id=entrega.carga["archivo"])


@manejador("solicitudes.archivo_infectado")
def avisar_infectado(entrega: Entrega) -> None:
    """To whoever sent it; to the entidad when they can no longer be told."""
    archivo = Archivo.objects.select_related("solicitud__entidad", "subido_por").get(pk=entrega.carga["archivo"])
    solicitud, quien = archivo.solicitud, archivo.subido_por
    if solicitud is None:  # of a draft: whoever writes it sees it there
        return
    carta, clave = cartas.archivo_infectado(archivo), entrega.clave_idempotencia
    if quien is not None and puede_abrir(quien, solicitud):
        avisar(
            persona=quien,
            carta=carta,
            clave=clave,
            solicitud_id=solicitud.pk,
            evento="solicitudes.archivo_infectado",
        )
    else:
        avisar_a_la_entidad(solicitud=solicitud, carta=carta, clave=clave, evento="solicitudes.archivo_infectado")
