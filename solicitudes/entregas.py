"""Outbox handlers of the solicitudes: what people are told of each fact, and the files to have examined."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.urls import reverse
from django.utils import timezone

from avisos.carta import Carta
from avisos.correo import construir
from avisos.models import Envio
from avisos.services import avisar, dejar_aviso, despachar
from avisos.services.frenos import esperar_turno
from avisos.services.libro import apuntar
from bandeja.models import Entrega
from bandeja.services import Efecto, anotar, manejador
from direcciones.models import Persona
from plazos.fechas import a_las, enumerar, fecha_corrida, oracion
from plazos.reloj import ahora
from solicitudes import (
    cartas,
    entregas_asesores,  # noqa: F401  (its handlers register themselves)
    entregas_atencion,  # noqa: F401
    entregas_ausencias,  # noqa: F401
    entregas_correo,  # noqa: F401
    entregas_reflujo,  # noqa: F401
)
from solicitudes.destinatarios import (
    Destino,
    avisar_a_la_entidad,
    avisar_al_personal,
    correo_sin_cuenta,
    de_la_entidad,
    decir_que_no_llego,
    puede_abrir,
)
from solicitudes.models import Archivo, ConstanciaRadicacion, Parte, Prorroga, Solicitud
from solicitudes.services.archivos import revisar_archivo
from solicitudes.services.prorroga import asentar, ya_vencio
from solicitudes.services.relojes import relojes_de
from solicitudes.services.seguimiento_privado import enlace_de


@manejador("solicitudes.acuse")
def acusar(entrega: Entrega) -> None:
    """Radicado, instants, deadline and link to whoever asked, and to the address they left for the answer when it is
    another one (CPACA art. 61; E4). A mail that the portal read by itself is answered to a sender that nobody proved:
    each acuse waits its turn, and repeats nothing of what the mail said (security.md M09, M10)."""
    solicitud = Solicitud.objects.select_related("entidad").get(pk=entrega.carga["solicitud"])
    clave, carta = entrega.clave_idempotencia, _acuse(solicitud, entrega.carga)
    a = de_la_entidad(solicitud)
    if not a:
        decir_que_no_llego(solicitud, carta, clave, "solicitudes.acuse")
    for persona in a.personas:
        avisar(
            persona=persona,
            carta=carta,
            clave=clave,
            solicitud_id=solicitud.pk,
            evento="solicitudes.acuse",
            responde_a=entrega.carga.get("responde_a"),
        )
    if correo := correo_sin_cuenta(solicitud):
        _acusar_sin_cuenta(solicitud, correo, entrega)


def _acusar_sin_cuenta(solicitud: Solicitud, correo: str, entrega: Entrega) -> None:
    """A fact of its own: the secret of its link is derived as the mail leaves, and never stored in the outbox."""
    clave = f"correo:{entrega.clave_idempotencia}:{correo.lower()}"
    anotar(
        tipo="solicitudes.acuse_privado",
        clave=clave,
        carga=entrega.carga,
        destinatario=correo,
        solicitud_id=solicitud.pk,
    )
    apuntar(
        clave=clave,
        evento="solicitudes.acuse",
        correo=correo,
        nombre=solicitud.remitente_nombre,
        solicitud_id=solicitud.pk,
    )


@manejador("solicitudes.acuse_privado")
def acusar_a_quien_no_tiene_cuenta(entrega: Entrega) -> Efecto | None:
    solicitud = Solicitud.objects.select_related("entidad").get(pk=entrega.carga["solicitud"])
    responde_a = entrega.carga.get("responde_a")
    if responde_a is not None:
        esperar_turno(entrega, "solicitudes.acuse")
    mensaje = construir(
        a=entrega.destinatario,
        nombre=solicitud.remitente_nombre if responde_a is None else "",
        carta=_acuse_sin_cuenta(solicitud, entrega),
        clave=entrega.clave_idempotencia,
        solicitud_id=solicitud.pk,
        evento="solicitudes.acuse",
        responde_a=responde_a,
    )
    return despachar(entrega, mensaje, evento="solicitudes.acuse")


def _acuse(solicitud: Solicitud, carga: Mapping[str, Any]) -> Carta:
    return Carta(
        asunto=f"[{solicitud.radicado}] Recibimos su solicitud",
        que_paso=_que_paso(solicitud, carga.get("escrita_a", "")),
        que_hacer=_lo_que_falta(solicitud, carga)
        or "No tiene que hacer nada más: le avisaremos. En la página puede descargar la constancia.",
        fecha_limite=f"responderemos a más tardar el {fecha_corrida(solicitud.vence)}",
        boton="Ver la solicitud y su constancia",
        ruta=reverse("solicitudes:radicada", args=[solicitud.radicado]),
        porque=por_que_se_espera(solicitud),
    )


def _acuse_sin_cuenta(solicitud: Solicitud, entrega: Entrega) -> Carta:
    """For a person without an account: the page of their link, and the code that confirms the constancia. When the
    address got one, or was corrected, while it waited, it has no link."""
    constancia = ConstanciaRadicacion.objects.filter(solicitud=solicitud).first()
    codigo = f" Código de la constancia: {constancia.codigo}." if constancia else ""
    suyo = correo_sin_cuenta(solicitud).lower() == entrega.destinatario.lower()
    enlace = enlace_de(solicitud, entrega.destinatario) if suyo else None
    falta = _lo_que_falta(solicitud, entrega.carga)
    nada_mas = f"{falta}\n\n" if falta else "No tiene que hacer nada más. "
    return Carta(
        asunto=f"[{solicitud.radicado}] Recibimos su solicitud",
        que_paso=_que_paso(solicitud, entrega.carga.get("escrita_a", "")),
        que_hacer=f"{nada_mas}Siga su solicitud con el botón: el enlace es solo para usted.{codigo}"
        if enlace
        else f"{nada_mas}Con el radicado puede preguntar por ella.{codigo}",
        fecha_limite=f"responderemos a más tardar el {fecha_corrida(solicitud.vence)}",
        boton="Seguir la solicitud" if enlace else "",
        ruta=enlace.ruta() if enlace else "",
        porque=por_que_se_espera(solicitud),
    )


def _lo_que_falta(solicitud: Solicitud, carga: Mapping[str, Any]) -> str:
    """What a session or a visit must say and the mail did not (lineamiento §6.3): it has its radicado, and its term
    runs. Whoever reads the answers, the number in the subject brings what is sent."""
    if not carga.get("faltan"):
        return ""
    lineas = [f"• {una}" for una in carga["faltan"]]
    envie = f"Escríbalo al mismo buzón con {solicitud.radicado} en el asunto."
    return "\n".join(["Ya está radicada. Para atenderla nos falta:", *lineas, envie])


def por_que_se_espera(solicitud: Solicitud) -> tuple[str, ...]:
    """Every clock of the parte that leads, day by day; the one that binds first."""
    lider = Parte.objects.select_related("dependencia").get(solicitud=solicitud, lidera=True)
    dichos = [r for r in relojes_de(solicitud, [lider]) if r.vence and not r.provisional]
    lineas: list[str] = []
    for dicho in sorted(dichos, key=lambda r: not r.obliga):
        lineas += [f"{dicho.nombre}.", *dicho.frases, *(dia.texto for dia in dicho.explicacion.dias)]
    return tuple(lineas)


def _que_paso(solicitud: Solicitud, escrita_a: str) -> str:
    """A reserved one is named only by its number: mail passes through many hands. So is what came by mail: whoever
    forges a sender must not make the portal write their words to them."""
    recibida, radicada = timezone.localtime(solicitud.recibido_en), timezone.localtime(solicitud.radicado_en)
    callado = solicitud.reservada or solicitud.canal == Solicitud.Canal.CORREO
    cual = "" if callado else f" «{solicitud.asunto}»"
    siga = f" Número SIGA: {solicitud.siga_entrada}." if solicitud.siga_entrada else ""
    despues = radicada - recibida >= timedelta(minutes=1)
    dice = [
        f"Recibimos su solicitud{cual} el {_el_instante(recibida)}",
        f"Su radicado es {solicitud.radicado}.{siga}",
        f"La radicamos el {_el_instante(radicada)}" if despues else "",
        f"Fecha efectiva de recepción: {fecha_corrida(solicitud.fecha_efectiva)}.",
        _quien_la_atiende(solicitud, escrita_a),
    ]
    return " ".join(filter(None, dice))


def _el_instante(instante: datetime) -> str:
    return oracion(f"{fecha_corrida(instante.date())}, {a_las(instante.replace(microsecond=0))}")


def _quien_la_atiende(solicitud: Solicitud, escrita_a: str) -> str:
    """To whom it is, when it was written to others: the mistake costs nothing to whoever asks (R92)."""
    if not escrita_a:
        return ""
    partes = Parte.objects.filter(solicitud=solicitud).select_related("dependencia").order_by("-lidera", "pk")
    quienes = enumerar([parte.dependencia.con_articulo for parte in partes])
    atienden = "la atiende" if len(partes) == 1 else "la atienden"
    return f"Escribió a {escrita_a}; {atienden} {quienes}. No tiene que escribir de nuevo."


@manejador("solicitudes.prorroga")
def avisar_la_prorroga(entrega: Entrega) -> Efecto | None:
    """Whoever asked is told before the term ends; that the mail leaves and that the term is longer are one thing.

    To an address that bounces nothing leaves, so the date stays. When it is mended the same fact comes again; of one
    that had left and came back, only the mail does."""
    prorroga, clave = _la_prorroga(entrega.carga["prorroga"]), entrega.clave_idempotencia
    es_reenvio = Envio.objects.filter(clave=clave, reenvio_de__isnull=False).exists()
    if prorroga.avisada_en is not None and (prorroga.tardia or not es_reenvio):
        _descartar(clave)
        return None
    solicitud, carta = prorroga.solicitud, cartas.prorroga(prorroga)
    a = de_la_entidad(solicitud)
    if not a:  # whoever attends it is told that nobody there was
        avisar_a_la_entidad(solicitud=solicitud, carta=carta, clave=clave, evento="solicitudes.prorroga")
    if not a or (prorroga.avisada_en is None and ya_vencio(prorroga.termino)):
        _dar_por_avisada(prorroga, clave)
        _descartar(clave)
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
    return partial(_avisar_y_ampliar, prorroga.pk, a.personas, clave, sale) if sale else None


def _avisar_y_ampliar(clave_prorroga: int, personas: tuple[Persona, ...], clave: str, sale: Efecto) -> None:
    """In the transaction of the handing over: if the mail does not leave, none of this happened."""
    prorroga = _la_prorroga(clave_prorroga)
    carta, solicitud_id = cartas.prorroga(prorroga), prorroga.solicitud_id
    if not _dar_por_avisada(prorroga, clave):
        _descartar(clave)
        return
    for quien in personas[:1]:
        dejar_aviso(persona=quien, carta=carta, clave=clave, solicitud_id=solicitud_id)
    for otra in personas[1:]:
        avisar(persona=otra, carta=carta, clave=clave, solicitud_id=solicitud_id, evento="solicitudes.prorroga")
    sale()


def _dar_por_avisada(prorroga: Prorroga, clave: str) -> bool:
    """False, and who heads it is told, when its notice did not leave in time."""
    if prorroga.avisada_en is not None or asentar(prorroga):
        return True
    parte = Parte.objects.select_related("solicitud", "dependencia").get(pk=prorroga.termino.parte_id)
    avisar_al_personal(
        parte=parte,
        destino=Destino.JEFATURA,
        carta=cartas.prorroga_tardia(prorroga, parte),
        clave=f"{clave}:tardia",
        evento="plazos.prorroga_tardia",
    )
    return False


def _descartar(clave: str) -> None:
    suyo = Envio.objects.filter(clave=clave, desenlace="")
    suyo.update(desenlace=Envio.Desenlace.DESCARTADO, desenlace_en=ahora(), motivo="Ya no hay a quién o qué avisar.")


def _la_prorroga(pk: int) -> Prorroga:
    return Prorroga.objects.select_related("termino", "solicitud__entidad").get(pk=pk)


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
