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
from plazos.fechas import a_las, fecha_corrida
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
    puede_abrir,
)
from solicitudes.models import Archivo, ConstanciaRadicacion, Parte, Prorroga, Solicitud
from solicitudes.services.archivos import revisar_archivo
from solicitudes.services.prorroga import asentar, ya_vencio
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
