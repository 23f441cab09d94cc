"""How well the texts are understood: on what people wrote, and on what the classifier never saw (decisión 0028)."""

import time
from collections.abc import Sequence
from datetime import datetime
from random import Random
from statistics import median

from django.utils import timezone

from clasificador.medir import Medidas, entrenar, juzgar, medir
from clasificador.modelo import Ejemplo, Modelo, sugerir
from clasificador.services import catalogo_vigente, nombres_de_entidades
from demo import ejemplos as etiquetados
from demo.simulacion.casos import CASOS
from demo.simulacion.historias import Historia
from demo.simulacion.llegadas import llegadas
from demo.simulacion.mundo import leer_mundo
from direcciones.models import Tema
from rendimiento.escena import Escena, sistema
from rendimiento.promesas import Resultado

# Always the same season: the figures do not move with the calendar.
HASTA, CUANTAS, SEMILLA = datetime(2026, 11, 25, 15, 30), 640, 7


def clasificador(escena: Escena) -> Resultado:
    """`nunca_vistas`: trained with the catalogue and the 42 examples, judged on the demonstration's stories, of which
    it knows no sentence. `ejemplos`: the 42, each judged by who did not learn from its sender. `con_uso`: the same
    with the stories among what is learned, as after a year; the sentences repeat, so it is the best that can be."""
    with sistema():
        mundo = leer_mundo(HASTA.date(), CUANTAS)
        lugares = {
            tema.codigo: (tema.dependencia.direccion.codigo, tema.dependencia.codigo)
            for tema in Tema.objects.select_related("dependencia__padre")
        }
        catalogo, nombres = catalogo_vigente(), nombres_de_entidades()
    ejemplos = [_de_etiquetado(uno, lugares) for uno in mundo.ejemplos]
    hasta = timezone.make_aware(HASTA)
    historias = [h for h in llegadas(mundo, Random(SEMILLA), hasta, CUANTAS) if h.id.startswith("SIM-")]  # noqa: S311
    nunca_vistas = [_de_historia(historia, lugares) for historia in historias]

    modelo = entrenar([*catalogo, *ejemplos], nombres)
    de_historias = juzgar(modelo, nunca_vistas)
    milisegundos = []
    for ejemplo in [*ejemplos, *nunca_vistas]:
        principio = time.perf_counter()
        sugerir(modelo, ejemplo.texto)
        milisegundos.append((time.perf_counter() - principio) * 1000)
    de_ejemplos = medir([*catalogo, *ejemplos], nombres)
    con_uso = medir([*catalogo, *ejemplos, *nunca_vistas], nombres)
    return {
        "direccion": round(de_historias["direccion"].exactitud, 3),
        "asunto_3": _de_su_asunto(historias, nunca_vistas, modelo),
        "erradas": round(de_historias["direccion"].erradas_de_las_seguras, 4),
        "seguras": round(de_historias["direccion"].cobertura, 3),
        "ms": round(median(milisegundos), 2),
        "kb": round(len(modelo.guardar()) / 1000),
        "historias": len(nunca_vistas),
        "variantes": {
            "nunca vistas": _cifras(de_historias),
            "ejemplos": _cifras(de_ejemplos),
            "con uso": _cifras(con_uso),
        },
        "ejemplos_direccion": round(de_ejemplos["direccion"].exactitud, 3),
        "ejemplos_tema_3": round(de_ejemplos["tema"].tres, 3),
        "ejemplos_erradas": round(de_ejemplos["direccion"].erradas_de_las_seguras, 4),
        "con_uso_tema_3": round(con_uso["tema"].tres, 3),
    }


def _cifras(medidas: Medidas) -> dict[str, object]:
    return {objetivo: medida.como_json() for objetivo, medida in medidas.items() if medida.cuantos}


def _de_etiquetado(uno: etiquetados.Ejemplo, lugares: dict[str, tuple[str, str]]) -> Ejemplo:
    temas = tuple(tema.codigo for tema in uno.temas)
    return Ejemplo(
        f"{uno.asunto}\n{uno.cuerpo}",
        temas=temas,
        direccion=tuple(dict.fromkeys(lugares[tema][0] for tema in temas)),
        dependencia=tuple(dict.fromkeys(lugares[tema][1] for tema in temas)),
        modalidad=(uno.modalidad.codigo,),
        remitente=uno.remitente["correo"],
    )


def _de_historia(historia: Historia, lugares: dict[str, tuple[str, str]]) -> Ejemplo:
    """By what its text speaks of: a second parte, when it has one, is said by nothing in it."""
    tema = historia.partes[0].temas[0]
    return Ejemplo(
        f"{historia.asunto}\n{historia.necesidad}",
        temas=(tema,),
        direccion=(lugares[tema][0],),
        dependencia=(lugares[tema][1],),
        modalidad=(historia.modalidad,),
        remitente=historia.correo,
    )


def _de_su_asunto(historias: Sequence[Historia], ejemplos: Sequence[Ejemplo], modelo: Modelo) -> float:
    """Whether one of the three themes is of the kind of need the text was written for. Which of its two, three or four
    themes the story carries was drawn by lot and nothing in the text says it."""
    bien = 0
    for historia, ejemplo in zip(historias, ejemplos, strict=True):
        suyos = {t for caso in CASOS if historia.partes[0].temas[0] in caso.temas for t in caso.temas}
        bien += any(propuesto.codigo in suyos for propuesto in sugerir(modelo, ejemplo.texto).temas[:3])
    return round(bien / len(historias), 3)
