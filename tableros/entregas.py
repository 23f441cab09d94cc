"""Outbox handler: the report of a month, with the figures of the role it goes to."""

from alcance import Alcance, con_alcance
from avisos.carta import Carta
from avisos.correo import construir
from avisos.horas import a_su_hora
from avisos.services import dejar_aviso, despachar
from bandeja.models import Entrega
from bandeja.services import Efecto, manejador
from direcciones.models import Membresia
from tableros.documento import nombre_de_archivo, pdf_del_tablero
from tableros.informe import recibe_el_informe
from tableros.peticion import pedir
from tableros.tablero import Tablero


@manejador("tableros.informe")
def enviar_informe(entrega: Entrega) -> Efecto | None:
    """Read again in its turn: who left, or stopped it, gets nothing."""
    a_su_hora("tableros.informe")
    activas = Membresia.objects.activas().filter(pk=entrega.carga["membresia"])
    membresia = activas.select_related("persona", "dependencia").first()
    if membresia is None:
        return None
    mes = entrega.carga["mes"]
    with con_alcance(Alcance.de_membresia(membresia)) as alcance:
        if not recibe_el_informe():
            return None
        pedido = pedir(alcance, {"periodo": "meses", "desde_mes": mes, "hasta_mes": mes})
        tablero = pedido.tablero()
    pdf = pdf_del_tablero(pedido, tablero)
    carta = carta_del_mes(tablero, membresia.lugar, mes)
    dejar_aviso(persona=membresia.persona, carta=carta, clave=entrega.clave_idempotencia)
    mensaje = construir(
        a=membresia.persona.correo,
        nombre=membresia.persona.nombre,
        carta=carta,
        clave=entrega.clave_idempotencia,
        evento="tableros.informe",
        con_cuenta=True,
    )
    mensaje.attach(nombre_de_archivo(tablero, "pdf"), pdf.bytes, "application/pdf")
    return despachar(entrega, mensaje, evento="tableros.informe", persona=membresia.persona)


def carta_del_mes(tablero: Tablero, lugar: str, mes: str) -> Carta:
    def dice(clave: str) -> str:
        return tablero.tarjeta(clave).valor.texto

    return Carta(
        asunto=f"Informe de {tablero.corte.periodo}{f': {lugar}' if lugar else ''}"[:200],
        que_paso=(
            f"Solicitudes recibidas en {tablero.corte.periodo}: {dice('recibidas')}. Respondidas: "
            f"{dice('atendidas')}, {dice('a_tiempo')} a tiempo y {dice('tarde')} tarde. "
            f"Cumplimiento del plazo: {dice('cumplimiento')}. En orden de llegada: {dice('orden')}. "
            f"Abiertas hoy: {dice('abiertas')}, de ellas {dice('vencidas')} vencidas y {dice('sin_asignar')} sin "
            "asignar."
        ),
        que_hacer="El informe completo va en el PDF adjunto. Para no recibirlo más, apáguelo al final del tablero.",
        boton="Ver el tablero",
        ruta=f"/tablero/?periodo=meses&desde_mes={mes}&hasta_mes={mes}",
    )
