"""Outbox handlers of the petitions that go to who is competent."""

from datetime import date, timedelta
from functools import partial

from archivos import almacen
from archivos.antivirus import EstadoAntivirus
from avisos.correo import construir
from avisos.models import Envio
from avisos.services import avisar, despachar, enviar_correo
from bandeja.models import Entrega
from bandeja.services import Aplazada, Efecto, manejador
from buzones.a_quien import jefatura, ventanilla
from buzones.cartas import traslados as cartas
from buzones.models import Correo, Llegada, Traslado
from buzones.services.trasladar import ESPERAN, asentar_traslado
from plazos.calendario import Calendario
from plazos.reloj import ahora, hoy
from plazos.services import calendario_vigente
from plazos.terminos import dias_habiles_restantes

# In a mail a file grows by a third, and hardly any server takes more than 25 MB.
LO_QUE_CABE = 17 * 1024 * 1024
OTRA_MIRADA = timedelta(minutes=5)
LO_QUE_TARDA = timedelta(hours=1)  # a traslado in leaving, before somebody is asked why it has not


@manejador("buzones.traslado")
def enviar_el_traslado(entrega: Entrega) -> Efecto | None:
    """To the channel, with the message as it arrived, and its copy to whoever asked; filed there by hand, the copy
    alone. That it leaves and that it is sent are one thing: to an address that bounces nothing leaves, and until it is
    mended it is not sent. Of one that had left and came back, only the mail goes again."""
    traslado, clave = _el_traslado(entrega.carga["traslado"]), entrega.clave_idempotencia
    es_reenvio = Envio.objects.filter(clave=clave, reenvio_de__isnull=False).exists()
    if traslado.retirado_en is not None:
        _descartar(clave)
    if traslado.retirado_en is not None or (traslado.enviado_en is not None and not es_reenvio):
        return None
    if traslado.numero_externo:
        return _solo_la_copia(entrega, traslado)
    contenido, sin_original = _original(traslado)
    mensaje = construir(
        a=traslado.canal.correo,
        nombre=traslado.canal.nombre,
        carta=cartas.oficio(traslado, sin_original),
        clave=clave,
        evento="buzones.traslado",
    )
    if contenido:  # not as a message: whoever writes it again would change its bytes
        mensaje.attach(f"{traslado.correo.numero}.eml", contenido, "application/octet-stream")
    sale = despachar(entrega, mensaje, evento="buzones.traslado")
    return partial(_asentar_y_salir, traslado.pk, clave, sale) if sale else None


def _solo_la_copia(entrega: Entrega, traslado: Traslado) -> Efecto | None:
    """It is there already: it is sent also when nobody can be told, and the ledger says who was not."""
    a, clave = traslado.con_copia, entrega.clave_idempotencia
    sale = None
    if a:
        mensaje = construir(
            a=a,
            nombre=traslado.correo.de_nombre,
            carta=cartas.copia(traslado),
            clave=clave,
            evento="buzones.trasladada",
        )
        sale = despachar(entrega, mensaje, evento="buzones.trasladada")
    if sale is not None:
        return partial(_asentar_y_salir, traslado.pk, clave, sale)
    _asentar(traslado.pk, clave, con_copia=not a)
    return None


def _asentar_y_salir(pk: int, clave: str, sale: Efecto) -> None:
    """In the transaction of the handing over: if the mail does not leave, none of this happened."""
    traslado = _el_traslado(pk)
    if _asentar(pk, clave, con_copia=not traslado.numero_externo):
        sale()


def _asentar(pk: int, clave: str, *, con_copia: bool) -> bool:
    """False when somebody took it back meanwhile. `con_copia`: what is told whoever asked is a mail of its own."""
    Traslado.objects.bajo_cerrojo().get(pk=pk)
    traslado = _el_traslado(pk)
    if traslado.retirado_en is not None:
        _descartar(clave)
        return False
    if traslado.enviado_en is not None:
        return True
    asentar_traslado(traslado)
    if con_copia:
        enviar_correo(
            a=traslado.con_copia,
            nombre=traslado.correo.de_nombre,
            carta=cartas.copia(traslado),
            clave=f"traslado:{pk}:copia",
            evento="buzones.trasladada",
        )
    if traslado.tardio:
        for persona in jefatura(traslado.correo):
            avisar(
                persona=persona,
                carta=cartas.tardio(traslado),
                clave=f"traslado:{pk}:tardio",
                evento="buzones.traslado_tardio",
            )
    return True


def _original(traslado: Traslado) -> tuple[bytes, str]:
    """The message as it arrived; or nothing, and why. What the antivirus still looks at waits, but not beyond the last
    day: then its text goes."""
    llegada = Llegada.objects.filter(correo=traslado.correo_id).order_by("pk").first()
    if llegada is None:
        return b"", "no se conserva."
    if llegada.bytes > LO_QUE_CABE:
        return b"", "no cabe en un correo."
    if llegada.estado_antivirus == EstadoAntivirus.EN_REVISION:
        if hoy() < traslado.vence:
            raise Aplazada(ahora() + OTRA_MIRADA)
        return b"", "todavía no se ha revisado si tiene virus."
    if not llegada.se_puede_descargar:
        return b"", "trae un archivo peligroso."
    with almacen.abrir(llegada.ruta) as archivo:
        return archivo.read(), ""


def _el_traslado(pk: int) -> Traslado:
    return Traslado.objects.select_related("correo", "canal").get(pk=pk)


def _descartar(clave: str) -> None:
    suyo = Envio.objects.filter(clave=clave, desenlace="")
    suyo.update(desenlace=Envio.Desenlace.DESCARTADO, desenlace_en=ahora(), motivo="El traslado se retiró.")


@manejador("buzones.traslado_por_vencer")
def recordar_el_traslado(entrega: Entrega) -> None:
    """To ventanilla, who sends it; from the last day on, to who heads the dependencia too. Nobody is reminded of what
    was sent, or turned out to be something else, while the reminder waited for its hour."""
    correo = Correo.objects.get(pk=entrega.carga["correo"])
    traslado = Traslado.objects.en_pie().filter(correo=correo).first()
    espera = traslado.enviado_en is None if traslado else correo.estado in ESPERAN
    vence = traslado.vence if traslado else correo.vence_traslado
    if not espera or vence is None:
        return
    if traslado and ahora() < (a_su_tiempo := traslado.pedido_en + LO_QUE_TARDA):
        raise Aplazada(a_su_tiempo)
    quedan = _quedan(vence, calendario_vigente())
    carta = cartas.por_vencer(correo, vence, quedan, pedido=traslado is not None)
    personas = {persona.pk: persona for persona in ventanilla(correo)}
    if entrega.carga["nivel"] != "antes":
        personas |= {persona.pk: persona for persona in jefatura(correo)}
    for persona in personas.values():
        avisar(
            persona=persona,
            carta=carta,
            clave=entrega.clave_idempotencia,
            evento="buzones.traslado_por_vencer",
        )


def _quedan(vence: date, calendario: Calendario) -> int:
    quedan = dias_habiles_restantes(vence, hoy(), calendario)
    return min(quedan, -1) if hoy() > vence else quedan
