"""Two workers written as they must not be, for the negative controls of F01 and F04.

`entregar` closes each delivery when it takes it, before doing it; `prueba.mandar` is work that exists in Redis alone.
Only tests start them.
"""

import importlib

import django
from celery.signals import worker_init

from avisos.carta import Carta
from sdfi_portal.celery import app

__all__ = ["app"]
CARTA = Carta(asunto="Prueba", que_paso="Pasó algo.")


@worker_init.connect
def cerrar_antes_de_hacer(**_: object) -> None:
    django.setup()
    servicio = importlib.import_module("bandeja.services.entregar")
    manejadores = importlib.import_module("bandeja.services.manejadores")
    original = servicio._tomar

    def tomar(entrega, quien, ahora) -> bool:  # type: ignore[no-untyped-def]
        tomada = original(entrega, quien, ahora)
        if tomada:
            servicio._dar_por_hecha(entrega)
        return tomada

    def atender(entrega, quien) -> bool:  # type: ignore[no-untyped-def]
        with servicio.como_sistema("prueba"), servicio.transaction.atomic():
            efecto = manejadores.manejador_de(entrega.tipo)(entrega)
        if efecto is not None:
            efecto()
        return True

    servicio._tomar, servicio._atender = tomar, atender


@app.task(name="prueba.mandar")
def mandar(n: int) -> None:
    """A mail whose only trace is the message of the queue."""
    importlib.import_module("avisos.correo").construir(
        a=f"persona{n}@entidad.example", nombre="", carta=CARTA, clave=f"suelta:{n}"
    ).send()
