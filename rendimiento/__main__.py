"""`script/bench`: measures the promises and says which are kept. Exit code 1 when one is not."""

import argparse
import json
import sys
from typing import Any

from rendimiento import promesas
from rendimiento.taller import Servido, Taller, espacio_libre_gb
from sdfi_portal.pila.rutas import FallaDePila

TAMANOS = {"10k": 10_000, "100k": 100_000, "1m": 1_000_000}
# Measured at every size, because how they grow is part of the promise; the rest, only at the largest.
CRECEN = ("cola", "cola_304", "mis_solicitudes", "detalle", "radicar", "tomar", "buscar", "tablero")


def main(argumentos: list[str] | None = None) -> int:
    opciones = _leer(argumentos)
    taller = Taller(_decir)
    try:
        if opciones.limpiar:
            taller.limpiar()
            return 0
        medidos = _medir(taller, opciones)
    except FallaDePila as falla:
        _decir(str(falla))
        return 2
    juzgados = promesas.juzgar(medidos)
    salida = json.dumps(juzgados, ensure_ascii=False) if opciones.json else promesas.tabla(juzgados)
    sys.stdout.write(f"{salida}\n")
    return promesas.codigo_de_salida(juzgados)


def _decir(texto: str) -> None:
    sys.stderr.write(f"{texto}\n")
    sys.stderr.flush()


def _leer(argumentos: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        "script/bench", description="Mide lo que el portal promete (docs/rendimiento.md)."
    )
    parser.add_argument("--solo", action="append", choices=list(promesas.PROMESAS), help="una operación; se repite")
    parser.add_argument("--tam", default="10k,100k,1m", help="tamaños: 10k,100k,1m (o un número)")
    parser.add_argument("--json", action="store_true", help="los resultados como JSON")
    parser.add_argument("--minutos", type=float, default=10.0, help="cuánto dura la mezcla")
    parser.add_argument("--documentos", type=int, default=2000, help="cuántos PDF seguidos para ver la memoria")
    parser.add_argument("--veces", type=int, default=120, help="cuántas veces se pide cada página")
    parser.add_argument("--limpiar", action="store_true", help="borra las bases guardadas y termina")
    return parser.parse_args(argumentos)


def _medir(taller: Taller, opciones: argparse.Namespace) -> dict[str, promesas.Resultado]:
    tamanos = sorted(TAMANOS.get(uno) or int(uno) for uno in opciones.tam.lower().split(","))
    pedidas = [nombre for nombre in promesas.PROMESAS if not opciones.solo or nombre in opciones.solo]
    comunes = {"veces": opciones.veces, "minutos": opciones.minutos, "documentos": opciones.documentos}
    por_tam: dict[int, dict[str, Any]] = {}
    with taller.abierto():
        if max(tamanos) > 500_000 and espacio_libre_gb(taller.rutas.var) < 20:
            raise FallaDePila("Un millón de solicitudes ocupa unos 15 GB: libere espacio o mida con --tam 10k,100k.")
        for tam in tamanos:
            nombres = [n for n in pedidas if n in CRECEN or tam == tamanos[-1]]
            with taller.servido(tam) as servido:
                por_tam[tam] = {nombre: _una(taller, servido, nombre, comunes) for nombre in nombres}
    medidos = por_tam[tamanos[-1]]
    for nombre, resultado in medidos.items():
        _anotar_crecimiento(resultado, por_tam[tamanos[0]].get(nombre, {}), distinto=len(tamanos) > 1)
        if len(tamanos) > 1 and resultado.get("f"):
            resultado["por_tam"] = " / ".join(
                f"{promesas.numero(por_tam[tam][nombre].get('f'))}" for tam in tamanos if nombre in por_tam[tam]
            )
    return medidos


def _una(taller: Taller, servido: Servido, nombre: str, comunes: dict[str, Any]) -> promesas.Resultado:
    taller.decir(f"{servido.tam:>8}  {nombre}…")
    try:
        if nombre == "memoria":
            return taller.medir(servido, nombre, comunes) | {"mb": round(taller.memoria_web(servido), 1)}
        if nombre == "mezcla":
            with taller.con_tareas(servido):
                return taller.medir(servido, nombre, comunes)
        return taller.medir(servido, nombre, comunes)
    except FallaDePila as falla:  # the rest is still worth knowing; the verdict is «no»
        taller.decir(str(falla))
        return {"falla": str(falla).strip().splitlines()[-1]}


def _anotar_crecimiento(mayor: promesas.Resultado, menor: promesas.Resultado, *, distinto: bool) -> None:
    """How many times dearer in F (or slower per second) the largest size is than the smallest."""
    if not distinto:
        return
    if mayor.get("f") and menor.get("f"):
        mayor["crecimiento"] = round(mayor["f"] / menor["f"], 3)
    elif mayor.get("razon") and menor.get("razon"):
        mayor["crecimiento"] = round(menor["razon"] / mayor["razon"], 3)


if __name__ == "__main__":
    sys.exit(main())
