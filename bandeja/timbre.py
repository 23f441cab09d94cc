"""The doorbell: tells a worker that something was left. Losing a ring costs five seconds, never a fact.

It rings from a thread of its own. A broker that is down, or that accepts and says nothing, must not hold a person's
request, and Celery's connection waits and retries in ways that no timeout of ours cuts short. Rings that come while
one is being made are one ring.
"""

import logging
import os
import threading

from celery import current_app

registro = logging.getLogger("portal.bandeja")
TAREA = "bandeja.entregar"
TAREA_LARGA = "bandeja.entregar_larga"
# Between two rings: each is a connection, made by the interpreter that attends people, and a task that looks at
# everything. What is left while it waits leaves with the next.
_PAUSA = 1.0
_PAUSA_TRAS_FALLA = 1.0
_PACIENCIA = 2.0


class Timbre:
    """One per process; its thread starts with the first ring."""

    def __init__(self) -> None:
        self._cerrojo = threading.Lock()
        self._pedido = threading.Event()
        self._hilo: threading.Thread | None = None

    def tocar(self) -> None:
        """Ask for a ring and return at once."""
        self._pedido.set()
        with self._cerrojo:
            if self._hilo is None:
                self._hilo = threading.Thread(target=self._atender, args=(self._pedido,), name="timbre", daemon=True)
                self._hilo.start()

    @staticmethod
    def _atender(pedido: threading.Event) -> None:
        while pedido.wait():
            pedido.clear()
            threading.Event().wait(_PAUSA if enviar() else _PAUSA_TRAS_FALLA)


def enviar(tarea: str = TAREA) -> bool:
    """One ring through Celery. Says whether it got out; never raises."""
    try:
        # A connection of its own: Celery's pools keep the ones of a broker that died, and lose in them the next rings.
        with current_app.connection_for_write() as conexion:
            conexion.ensure_connection(max_retries=1, timeout=_PACIENCIA)
            current_app.send_task(tarea, connection=conexion, retry=False, expires=60, ignore_result=True)
    except Exception as falla:
        registro.info("el timbre no sonó; la entrega espera el próximo barrido", extra={"causa": type(falla).__name__})
        return False
    return True


_timbre = Timbre()


def tocar() -> None:
    _timbre.tocar()


def _nacer_de_nuevo() -> None:
    """A forked child inherits neither the thread nor a lock somebody may have held."""
    global _timbre  # noqa: PLW0603
    _timbre = Timbre()


os.register_at_fork(after_in_child=_nacer_de_nuevo)
