"""What the mail provider tells of what it took from us: it arrived, it bounced, somebody complained.

Its library checks who calls (the secret of ANYMAIL_WEBHOOK_SECRET and, where the provider has one, its signature) and
translates each event; nothing here opens with a session, so there is nothing to ride on. A call that comes twice is
one, and one that fails is answered 500, so that the provider calls again.
"""

from functools import cache, update_wrapper
from typing import Any

from anymail.signals import AnymailTrackingEvent, EventType, RejectReason, tracking
from anymail.webhooks.base import AnymailBaseWebhookView
from django.conf import settings
from django.dispatch import receiver
from django.http import Http404, HttpRequest, HttpResponse

from alcance.politicas import publica
from avisos.models import EventoCorreo
from avisos.services.direcciones import Suceso, anotar_suceso
from bandeja.proveedor import METADATO
from bandeja.rechazos import Gravedad, clasificar, estado_en

Tipo = EventoCorreo.Tipo
_DE_GRAVEDAD = {Gravedad.DURA: Tipo.DURO, Gravedad.BLANDA: Tipo.BLANDO, Gravedad.AJENA: Tipo.RECHAZO}
_PASAJERO = {"softbounce", "soft bounce", "soft", "transient", "temporary", "temporary failure"}


def _recibir(request: HttpRequest, proveedor: str) -> HttpResponse:
    es_el_nuestro = proveedor == settings.PROVEEDOR_DE_CORREO and settings.ANYMAIL.get("WEBHOOK_SECRET")
    vista = _vistas().get(proveedor) if es_el_nuestro else None
    if vista is None:
        raise Http404("Ningún proveedor de correo avisa aquí.")
    return vista(request)


# The marks of the library's view are the view's: who calls is a provider, with its secret and without a session.
recibir = publica("el proveedor de correo dice qué llegó y qué rebotó: solo con su clave; no muestra nada")(
    update_wrapper(_recibir, AnymailBaseWebhookView.as_view(), assigned=(), updated=("__dict__",))
)


@cache
def _vistas() -> dict[str, Any]:
    """The library's view for each provider that tells what became of a mail. Asked only where there is one: it brings
    the software of a cloud (boto3), 8 MB for each process."""
    from anymail.urls import urlpatterns  # noqa: PLC0415

    fin = "_tracking_webhook"
    return {p.name.removesuffix(fin): p.callback for p in urlpatterns if p.name.endswith(fin)}


@receiver(tracking)
def anotar(event: AnymailTrackingEvent, esp_name: str, **_: Any) -> None:
    """Openings and clicks are nobody's business; what is only late, not yet anything."""
    tipo = _tipo(event)
    if tipo is None or not event.recipient:
        return
    detalle = " ".join(str(parte) for parte in (event.mta_response, event.description) if parte)
    cual = event.event_id or f"{event.event_type} {event.message_id} {event.timestamp}"
    anotar_suceso(
        Suceso(
            origen=esp_name.lower(),
            identidad=f"{cual} {event.recipient.lower()} {tipo}",
            tipo=tipo,
            correo=event.recipient,
            en=event.timestamp,
            mensaje_id=str((event.metadata or {}).get(METADATO, "")),
            codigo=estado_en(detalle),
            detalle=detalle,
        )
    )


def _tipo(event: AnymailTrackingEvent) -> str | None:
    if event.event_type == EventType.DELIVERED:
        return Tipo.ENTREGADO
    if event.event_type == EventType.COMPLAINED:
        return Tipo.QUEJA
    if event.event_type not in {EventType.BOUNCED, EventType.REJECTED, EventType.FAILED}:
        return None
    texto = f"{event.mta_response or ''} {event.description or ''}"
    gravedad = clasificar(texto)
    if gravedad is Gravedad.AJENA and not estado_en(texto):
        # The server's words say nothing: those of the provider.
        if event.reject_reason == RejectReason.INVALID:
            return Tipo.DURO
        if event.event_type == EventType.BOUNCED and event.reject_reason == RejectReason.BOUNCED:
            return Tipo.BLANDO if _es_pasajero(event) else Tipo.DURO
        if event.reject_reason == RejectReason.TIMED_OUT:
            return Tipo.BLANDO
    return _DE_GRAVEDAD[gravedad]


def _es_pasajero(event: AnymailTrackingEvent) -> bool:
    """Each provider says it in a field of its own (Type, bounceType, severity, type)."""
    crudo = event.esp_event if isinstance(event.esp_event, dict) else {}
    dichos = [crudo, *(valor for valor in crudo.values() if isinstance(valor, dict))]
    campos = ("Type", "type", "bounceType", "severity", "event", "bounce_class")
    return any(
        str(dicho.get(campo, "")).lower().replace("_", " ") in _PASAJERO for dicho in dichos for campo in campos
    )
