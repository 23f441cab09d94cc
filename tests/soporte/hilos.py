"""Many at once: threads that start together, each with its own connection (use with `base_propia`)."""

import threading
from collections.abc import Callable
from typing import Any

from django.db import connections


def a_la_vez(cuantos: int, hacer: Callable[[int], Any]) -> list[Any]:
    """Run `hacer(0)`, `hacer(1)`… together. Gives each result, or the exception it raised, in that order."""
    salida = threading.Barrier(cuantos)
    resultados: list[Any] = [None] * cuantos

    def correr(numero: int) -> None:
        try:
            salida.wait(30)
            resultados[numero] = hacer(numero)
        except Exception as falla:
            resultados[numero] = falla
        finally:
            connections.close_all()

    hilos = [threading.Thread(target=correr, args=(numero,)) for numero in range(cuantos)]
    for hilo in hilos:
        hilo.start()
    for hilo in hilos:
        hilo.join()
    return resultados


def en_otra_conexion(hacer: Callable[[], Any]) -> None:
    """Run it to its end in a thread of its own: what the test has not committed is not seen from there."""
    [resultado] = a_la_vez(1, lambda _: hacer())
    if isinstance(resultado, Exception):
        raise resultado
