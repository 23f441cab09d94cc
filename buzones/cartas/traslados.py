"""What is said of a petition that goes to who is competent: there, to whoever asked, and to who must send it."""

from datetime import date, datetime

from django.urls import reverse
from django.utils import timezone

from avisos.carta import Carta
from buzones.models import Correo, Traslado
from plazos.fechas import a_las, dias_habiles, fecha_con_dia, fecha_corrida

LA_LEY = "Ley 1755 de 2015, artículo 21"
NOSOTROS = "Subsecretaría Distrital de Fortalecimiento Institucional"
MOTIVO = "Es un asunto de una persona, y la Subsecretaría da asistencia técnica a las entidades del Distrito."
TEXTO_MAXIMO = 20_000  # of a message whose original does not fit in a mail


def oficio(traslado: Traslado, sin_original: str = "") -> Carta:
    """To the channel. `sin_original`: why the message does not go with it as it arrived; then its text does."""
    correo = traslado.correo
    adjunto = "El mensaje original va adjunto, tal como llegó."
    if sin_original:
        adjunto = f"El mensaje original no va adjunto: {sin_original} Si lo necesitan, pídanlo con el número."
    return Carta(
        asunto=f"[{correo.numero}] Traslado de una petición",
        que_paso=cuerpo(traslado) + (f"\n\nEsto dice:\n{correo.texto[:TEXTO_MAXIMO]}" if sin_original else ""),
        que_hacer=f"Respóndanle directamente{_a_donde(correo)}: le enviamos copia de este traslado. {adjunto}",
    )


def copia(traslado: Traslado) -> Carta:
    """To whoever asked: where it went, why, and the letter itself. Of their message it repeats nothing."""
    canal, correo = traslado.canal, traslado.correo
    donde = canal.url or canal.correo
    if traslado.numero_externo:
        hecho = f"La radicamos en {canal}: allí su número es {traslado.numero_externo}."
    else:
        hecho = f"Esto fue lo que enviamos a {canal}:\n{cuerpo(traslado)}"
    return Carta(
        asunto=f"[{correo.numero}] Trasladamos su petición",
        que_paso=(
            f"Recibimos su mensaje el {_cuando(correo.recibido_en)}. Lo que pide no le corresponde responderlo a la "
            f"{NOSOTROS}: lo trasladamos a {canal} ({LA_LEY}).\n\nPor qué: {traslado.motivo}\n\n{hecho}"
        ),
        que_hacer=f"No tiene que escribir de nuevo: le responden desde allí. Para preguntar por su petición: {donde}",
    )


def cuerpo(traslado: Traslado) -> str:
    """The letter, as both of them read it."""
    correo = traslado.correo
    quien = ", ".join(filter(None, (_una_linea(correo.de_nombre), correo.de_correo))) or "No se puede leer"
    return (
        f"La {NOSOTROS} recibió una petición que no le corresponde responder y la traslada a {traslado.canal} "
        f"({LA_LEY}).\n\nNúmero: {correo.numero}\nRecibida: {_cuando(correo.recibido_en)}\nLa escribe: {quien}\n"
        f"Por qué se traslada: {traslado.motivo}"
    )


def por_vencer(correo: Correo, vence: date, quedan: int, *, pedido: bool) -> Carta:
    """To who must send it. `quedan`: business days, today not counted; below zero, those gone by. `pedido`: somebody
    sent it, and it has not left."""
    if quedan > 0:
        cuando, titulo = f"vence en {dias_habiles(quedan)}", f"quedan {dias_habiles(quedan)} para trasladarla"
    elif quedan == 0:
        cuando, titulo = "vence hoy", "hoy vence el plazo para trasladarla"
    else:
        cuando, titulo = "ya venció", "venció el plazo para trasladarla"
    que_hacer = "Revísela hoy: si es una petición ciudadana, trasládela; si no, diga qué es."
    if pedido:
        que_hacer = "Alguien la trasladó y el correo no ha salido. Revise la dirección del canal, o radíquela allí."
    return Carta(
        asunto=f"[{correo.numero}] Petición: {titulo}",
        que_paso=(
            f"El mensaje {correo.numero} llegó el {_cuando(correo.recibido_en)}. Si no es de la SDFI, el plazo para "
            f"trasladarlo a quien le corresponde {cuando}: el {fecha_con_dia(vence)} ({LA_LEY})."
        ),
        que_hacer=que_hacer,
        fecha_limite=fecha_corrida(vence),
        boton="Ver la petición",
        ruta=ruta(correo),
    )


def tardio(traslado: Traslado) -> Carta:
    """To who heads it."""
    correo = traslado.correo
    return Carta(
        asunto=f"[{correo.numero}] Una petición se trasladó fuera de término",
        que_paso=(
            f"La petición {correo.numero} se trasladó a {traslado.canal} después del "
            f"{fecha_corrida(traslado.vence)}, el último día que da la ley ({LA_LEY})."
        ),
        que_hacer="No tiene que hacer nada con ella: ya salió. Revise por qué se demoró.",
        boton="Ver el traslado",
        ruta=ruta(correo),
    )


def ruta(correo: Correo) -> str:
    return reverse("buzones:trasladar", args=[correo.pk])


def _a_donde(correo: Correo) -> str:
    return f" a {correo.de_correo}" if correo.de_correo else ""


def _cuando(instante: datetime) -> str:
    local = timezone.localtime(instante).replace(second=0, microsecond=0)
    return f"{fecha_con_dia(local.date())}, {a_las(local).rstrip('.')}"


def _una_linea(texto: str) -> str:
    return " ".join(texto.split())
