"""Outbox handlers of the solicitudes: what people are told of each fact, and the files to have examined."""

from functools import partial

from django.urls import reverse
from django.utils import timezone

from avisos.carta import Carta
from avisos.services import avisar, enviar_correo
from bandeja.models import Entrega
from bandeja.services import Efecto, manejador
from plazos.fechas import a_las, fecha_corrida
from solicitudes import entregas_atencion  # noqa: F401  (its handlers register themselves)
from solicitudes.models import Archivo, ConstanciaRadicacion, Solicitud
from solicitudes.services.archivos import revisar_archivo


@manejador("solicitudes.acuse")
def acusar(entrega: Entrega) -> None:
    """Radicado, instants, deadline and constancia to whoever asked (CPACA art. 61; E4)."""
    solicitud = Solicitud.objects.select_related("radicada_por").get(pk=entrega.carga["solicitud"])
    clave = entrega.clave_idempotencia
    correo = solicitud.remitente_correo
    if solicitud.radicada_por is not None:
        avisar(persona=solicitud.radicada_por, carta=_acuse(solicitud), clave=clave, solicitud_id=solicitud.pk)
        if correo.lower() == solicitud.radicada_por.correo.lower():
            return
    enviar_correo(
        a=correo,
        nombre=solicitud.remitente_nombre,
        carta=_acuse_sin_cuenta(solicitud),
        clave=clave,
        solicitud_id=solicitud.pk,
    )


def _acuse(solicitud: Solicitud) -> Carta:
    return Carta(
        asunto=f"[{solicitud.radicado}] Recibimos su solicitud",
        que_paso=_que_paso(solicitud),
        que_hacer="No tiene que hacer nada más: le avisaremos. En la página puede descargar la constancia.",
        fecha_limite=f"responderemos a más tardar el {fecha_corrida(solicitud.vence)}",
        boton="Ver la solicitud y su constancia",
        ruta=reverse("solicitudes:radicada", args=[solicitud.radicado]),
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
    )


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


@manejador("solicitudes.archivo_subido")
def examinar(entrega: Entrega) -> Efecto:
    """The antivirus looks at it within seconds; if it is away, the sweep comes back to it (U06)."""
    return partial(revisar_archivo, archivo_id=entrega.carga["archivo"])


@manejador("solicitudes.archivo_infectado")
def avisar_infectado(entrega: Entrega) -> None:
    archivo = Archivo.objects.select_related("solicitud", "subido_por").get(pk=entrega.carga["archivo"])
    if archivo.subido_por is None or archivo.solicitud is None:
        return
    carta = Carta(
        asunto=f"[{archivo.solicitud.radicado}] Un archivo tiene un virus",
        que_paso=f"El antivirus encontró un virus en «{archivo.nombre}». Lo apartamos: nadie lo puede descargar.",
        que_hacer="Su solicitud sigue su curso. Revise el archivo y envíelo de nuevo, limpio, en un mensaje.",
        boton="Ver la solicitud",
        ruta=archivo.solicitud.get_absolute_url(),
    )
    avisar(
        persona=archivo.subido_por,
        carta=carta,
        clave=entrega.clave_idempotencia,
        solicitud_id=archivo.solicitud_id,
    )
