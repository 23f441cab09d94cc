"""What the people who run the portal are told of the mail. Each thing once: asked again, nobody is told twice.

`avisar_a` is for any room that has something of the mail to tell to a role.
"""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count
from django.urls import reverse
from django.utils.timezone import localtime

from alcance import como_sistema
from avisos.carta import Carta
from avisos.services import avisar
from buzones.models import Llegada
from buzones.services.leer import las_que_se_leen
from buzones.services.salud import CALLADA, con_su_ultima
from direcciones.ausencias import de_turno
from direcciones.roles import Rol
from plazos.fechas import a_las, fecha_corrida, oracion
from plazos.reloj import ahora, hoy


def avisar_a(*roles: Rol, carta: Carta, clave: str, evento: str) -> int:
    """A notice to whoever has one of these roles today. Returns how many they are. The same `clave` twice is one."""
    with transaction.atomic(), como_sistema("avisar de lo que pasa con el correo recibido"):
        personas = de_turno(*roles)
        for persona in personas:
            avisar(persona=persona, carta=carta, clave=clave, evento=evento)
    return len(personas)


def vigilar() -> int:
    """How many things there are to tell now."""
    with transaction.atomic(), como_sistema("vigilar los buzones"):
        casillas = con_su_ultima(las_que_se_leen().select_related("estado"))
        apartados = list(
            Llegada.objects.sin_ver().order_by().values_list("casilla", "casilla__nombre").annotate(Count("pk"))
        )
    cuantas = sum(_avisar_que_falla(casilla) + _avisar_que_no_cuadra(casilla) for casilla in casillas)
    for casilla_id, nombre, total in apartados:
        avisar_a(
            Rol.ADMINISTRADOR,
            carta=de_apartados(nombre or "", total),
            clave=f"casilla:{casilla_id or 0}:apartados:{hoy()}",
            evento="buzones.apartados",
        )
    return cuantas + len(apartados)


def _avisar_que_falla(casilla: Any) -> bool:
    estado = getattr(casilla, "estado", None)
    if estado is None or estado.falla_desde is None or estado.falla_desde > ahora() - CALLADA:
        return False
    avisar_a(
        Rol.ADMINISTRADOR,
        carta=de_falla(casilla.nombre, estado.falla_desde, estado.falla, _pagina(casilla.pk)),
        clave=f"casilla:{casilla.pk}:falla:{estado.falla_desde:%Y%m%d%H%M%S}",
        evento="buzones.casilla_falla",
    )
    return True


def _avisar_que_no_cuadra(casilla: Any) -> bool:
    # Of what was found days ago they were told then.
    if casilla.cuadro is not False or casilla.conciliada_el < hoy() - timedelta(days=1):
        return False
    avisar_a(
        Rol.ADMINISTRADOR,
        carta=de_conciliacion(casilla.nombre, casilla.conciliada_el, _pagina(casilla.pk)),
        clave=f"casilla:{casilla.pk}:no-cuadra:{casilla.conciliada_el}",
        evento="buzones.no_cuadra",
    )
    return True


def _pagina(casilla_id: int) -> str:
    return reverse("buzones:casilla", args=[casilla_id])


def de_falla(nombre: str, desde: datetime, falla: str, ruta: str = "/correo/casillas/") -> Carta:
    en = localtime(desde).replace(second=0, microsecond=0)
    return Carta(
        asunto=f"No se puede leer el correo de «{nombre}»",
        que_paso=oracion(f"Desde el {fecha_corrida(en)} {a_las(en)} el portal no puede leer esa casilla: {falla}"),
        que_hacer="Abra la casilla: allí dice qué revisar. Mientras tanto el correo sigue en su buzón.",
        boton="Abrir la casilla",
        ruta=ruta,
    )


def de_conciliacion(nombre: str, dia: date, ruta: str = "/correo/casillas/") -> Carta:
    return Carta(
        asunto=f"El buzón de «{nombre}» no cuadra con el libro",
        que_paso=f"Al comparar el {fecha_corrida(dia)} lo que hay en el buzón con lo que está en el libro del correo "
        "recibido, algo faltaba en el libro. Lo que se pudo traer ya se trajo.",
        que_hacer="Abra la casilla y mire qué faltaba. El portal compara de nuevo cada hora hasta que cuadre.",
        boton="Abrir la casilla",
        ruta=ruta,
    )


def de_apartados(nombre: str, cuantos: int) -> Carta:
    donde = f" en «{nombre}»" if nombre else ""
    plural = "s" if cuantos > 1 else ""
    return Carta(
        asunto=f"{cuantos} mensaje{plural} apartado{plural}{donde}",
        que_paso=f"El portal no pudo traer {cuantos} mensaje{plural}{donde}: "
        "cada uno está entero en la carpeta de su buzón.",
        que_hacer="Ábralos allí y decida qué son. Después márquelos como vistos en la página de las casillas.",
        boton="Ver los apartados",
        ruta="/correo/casillas/",
    )
