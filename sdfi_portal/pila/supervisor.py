"""Keeps the children of `servir` alive: a dead one comes back, with a growing pause when it dies again and again."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from sdfi_portal.pila.proceso import Proceso

PAUSA_MAXIMA = 30.0
PAUSA_MINIMA = 0.5
VIDA_SANA = 60.0  # who lived this long starts again with a clean record


@dataclass
class Hijo:
    """`iniciar` starts it or leaves it as it is when it already answers."""

    proceso: Proceso
    iniciar: Callable[[], None]
    fallas: int = 0
    desde: float = 0.0
    no_antes_de: float = 0.0

    def revisar(self, ahora: float) -> bool:
        """Start it again if it died and its pause is over. Says whether it did."""
        if self.proceso.vivo():
            return False
        if self.desde:  # it was running at the last look: note the death once
            self.fallas = 1 if ahora - self.desde > VIDA_SANA else self.fallas + 1
            self.no_antes_de = ahora + (0 if self.fallas == 1 else pausa(self.fallas))
            self.desde = 0.0
        if ahora < self.no_antes_de:
            return False
        try:
            self.iniciar()
        except Exception:
            # Whatever it was (it may have been killed again while it started), there will be another try.
            self.fallas += 1
            self.no_antes_de = ahora + pausa(self.fallas)
            raise
        self.desde = ahora
        return True


def pausa(fallas: int) -> float:
    return min(PAUSA_MAXIMA, PAUSA_MINIMA * 2.0 ** (fallas - 1))


def vigilar(hijos: list[Hijo], avisar: Callable[[str], None]) -> None:
    """Look after the children until a signal interrupts."""
    for hijo in hijos:
        hijo.desde = time.monotonic()
    while True:
        for hijo in hijos:
            nombre, registro = hijo.proceso.nombre, hijo.proceso.registro
            try:
                if hijo.revisar(time.monotonic()):
                    avisar(f"«{nombre}» se detuvo y se inició de nuevo (detalle en {registro}).")
            except Exception as falla:
                avisar(f"«{nombre}» no volvió a iniciar; se intentará otra vez (detalle en {registro}): {falla}")
        time.sleep(0.5)


def detener(hijos: list[Hijo]) -> None:
    """Ask all at once, then wait for each."""
    for hijo in hijos:
        hijo.proceso.pedir_fin()
    for hijo in hijos:
        hijo.proceso.detener()
