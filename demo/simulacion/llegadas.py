"""What arrives in two years: how many each day, from whom, about what. FURAG fills March to May (domain.md §3)."""

import unicodedata
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from random import Random

from django.utils import timezone

from demo.cuentas import CUENTAS
from demo.ejemplos import Ejemplo, habil_anterior
from demo.simulacion import textos
from demo.simulacion.casos import CASOS, Caso
from demo.simulacion.historias import Historia, ParteSim
from demo.simulacion.mundo import EntidadSim, Mundo
from direcciones.roles import Rol
from plazos.fechas import MESES

DIAS = 730
PESO_MES = (0.6, 0.95, 1.5, 1.7, 1.45, 1.0, 0.9, 1.0, 1.05, 1.05, 0.9, 0.45)
PESO_DIA = (1.25, 1.15, 1.0, 0.95, 0.7)  # Monday to Friday
MESES_FURAG = (3, 4, 5)
CANALES = (("portal", 60), ("correo", 24), ("siga", 9), ("telefono", 4), ("presencial", 3))
# Out of a thousand: what is not answered as it came.
DESTINOS = (("complemento", 130), ("traslado", 30), ("liberada", 25), ("duplicada", 25), ("reabierta", 25),
            ("retirada", 20), ("fuera", 12), ("no_competencia", 12), ("articulada", 30))  # fmt: skip
# Laura's entity asks more: the demonstration is opened with her account.
PROPIA = next(c for c in CUENTAS if c.rol == Rol.ENLACE)
PESO_PROPIA = 5.0
# What today must have, whatever the draw: business days since it came, dependencia, modality, where it stops.
VIVAS = (
    (9, "SSDA", "concepto", "proyectar", ""),
    (10, "SSDA", "concepto", "aprobar", PROPIA.entidad),
    (9, "SSDA", "concepto", "aprobar", ""),
    (10, "SSDA", "concepto", "devolver", ""),
    (13, "SSDA", "mesa", "tomar", ""),
    (5, "SSDA", "jornada", "programar", PROPIA.entidad),
    (6, "SGPD", "visita", "programar", ""),
    (10, "STDI", "asesoria", "pedir", PROPIA.entidad),
    (9, "STDI", "concepto", "aprobar", ""),
    (9, "STDI", "concepto", "proyectar", ""),
    (14, "STDI", "mesa", "tomar", ""),
    (9, "DDRI", "concepto", "aprobar", ""),
    (12, "DDRI", "asesoria", "tomar", ""),
)


def llegadas(mundo: Mundo, azar: Random, hasta: datetime, tamano: int) -> list[Historia]:
    """Every solicitud received before `hasta`, in order of reception, the examples among them."""
    fin = timezone.localdate(hasta)
    historias = [_de_ejemplo(ejemplo, mundo) for ejemplo in mundo.ejemplos]
    nuevas = [*_vivas(mundo, azar, fin), *_del_tiempo(mundo, azar, fin, tamano - len(historias) - len(VIVAS))]
    historias += sorted(nuevas, key=lambda h: h.recibida)
    for orden, historia in enumerate(historias):
        historia.id = historia.id or f"SIM-{orden:05d}"
    historias = sorted((h for h in historias if h.registrada < hasta), key=lambda h: (h.recibida, h.id))
    _apartar(historias)
    _emparejar_duplicadas(historias, azar)
    return historias


def _apartar(historias: list[Historia]) -> None:
    """No two at the same instant: the order of arrival is never a matter of luck."""
    for antes, despues in pairwise(historias):
        if despues.recibida <= antes.recibida:
            demora = antes.recibida + timedelta(seconds=7) - despues.recibida
            despues.recibida += demora
            despues.registrada += demora


# --- When ----------------------------------------------------------------------------------------------------------
def _del_tiempo(mundo: Mundo, azar: Random, fin: date, cuantas: int) -> Iterator[Historia]:
    dias = [d for n in range(DIAS) if mundo.calendario.es_habil(d := fin - timedelta(days=DIAS - 1 - n))]
    pesos = [_peso(dia, orden / len(dias)) for orden, dia in enumerate(dias)]
    for dia in sorted(azar.choices(dias, pesos, k=max(cuantas, 0))):
        entidad = _entidad(mundo, azar)
        yield _inventar(mundo, azar, _instante(azar, dia, fin), entidad, _caso(azar, dia, entidad, mundo))


def _peso(dia: date, transcurrido: float) -> float:
    """More each year: the portal becomes known."""
    return PESO_MES[dia.month - 1] * PESO_DIA[dia.weekday() % 5] * (0.85 + 0.3 * transcurrido)


def _instante(azar: Random, dia: date, fin: date) -> datetime:
    """Mostly mid-morning and mid-afternoon; some at night, and some the day after a Friday."""
    if azar.random() < 0.05:
        if dia.weekday() == 4 and dia < fin:
            dia += timedelta(days=1)
        minutos = azar.randint(17 * 60, 22 * 60)
    else:
        minutos = round(azar.choice((azar.triangular(440, 720, 590), azar.triangular(780, 985, 870))))
    return a_las(dia, minutos, azar.randint(0, 59))


def a_las(dia: date, minutos: int, segundos: int = 0) -> datetime:
    return timezone.make_aware(datetime.combine(dia, time(minutos // 60, minutos % 60, segundos)))


# --- Who and what --------------------------------------------------------------------------------------------------
def _entidad(mundo: Mundo, azar: Random) -> EntidadSim:
    """Heads of sector ask more than the rest; some never ask."""
    entidades = list(mundo.entidades.values())
    pesos = [_interes(e) for e in entidades]
    return azar.choices(entidades, pesos)[0]


def _interes(entidad: EntidadSim) -> float:
    if entidad.codigo == PROPIA.entidad:
        return PESO_PROPIA
    numero = int(entidad.codigo.replace("-", ""))
    return 0.0 if numero % 17 == 3 else 2.0 if entidad.codigo.endswith("-01") else 0.5 + numero % 5 / 4


def _caso(azar: Random, dia: date, entidad: EntidadSim, mundo: Mundo) -> Caso:
    furag = dia.month in MESES_FURAG
    casos = [c for c in CASOS if not entidad.prestadora or mundo.temas[c.temas[0]] in {"SSDA", "SGPD"}]
    return azar.choices(casos, [c.peso * (c.marzo if furag else 1) for c in casos])[0]


def _vivas(mundo: Mundo, azar: Random, fin: date) -> Iterator[Historia]:
    for habiles, dependencia, modalidad, tope, codigo in VIVAS:
        dia = fin
        for _ in range(habiles):
            dia = habil_anterior(dia, mundo.calendario)
        casos = [c for c in CASOS if mundo.temas[c.temas[0]] == dependencia and modalidad in c.modos]
        entidad = mundo.entidades[codigo] if codigo else _entidad(mundo, azar)
        historia = _inventar(mundo, azar, _instante(azar, dia, fin), entidad, azar.choice(casos), modalidad)
        historia.destino, historia.tope = "", tope
        yield historia


def _inventar(
    mundo: Mundo, azar: Random, recibida: datetime, entidad: EntidadSim, caso: Caso, forma: str = ""
) -> Historia:
    elegidas = textos.palabras(azar, entidad.sigla or entidad.nombre)
    limite = timezone.localdate(recibida) + timedelta(days=azar.randint(15, 30))
    elegidas["plazo"] = f"{limite.day} de {MESES[limite.month - 1]}"
    forma = forma or azar.choices(list(caso.modos), list(caso.modos.values()))[0]
    destino = _destino(azar)
    canal = "portal" if forma == "concepto" and azar.random() < 0.5 else _sorteo(azar, CANALES)
    if destino == "retirada" and canal != "portal":
        destino = ""
    propia = entidad.codigo == PROPIA.entidad
    nombre, cargo = textos.contacto(Random(f"{entidad.codigo}:{azar.randint(0, 1)}"))  # noqa: S311
    temas = [azar.choice(caso.temas)]
    if destino == "articulada":
        temas.append("DDAB-34" if mundo.temas[temas[0]] == "STDI" else "DDDI-09")
        if entidad.prestadora or mundo.temas[temas[0]] == mundo.temas[temas[1]]:
            destino, temas = "", temas[:1]
    return Historia(
        id="",
        recibida=recibida,
        registrada=recibida if canal == "portal" else _en_ventanilla(mundo, azar, recibida),
        canal=canal,
        entidad=entidad.codigo,
        contacto=PROPIA.nombre if propia else nombre,
        cargo=PROPIA.cargo if propia else cargo,
        correo=PROPIA.correo if propia else correo_de(nombre, entidad),
        asunto=textos.frase(azar.choice(caso.asuntos), elegidas)[:200],
        necesidad=textos.necesidad(caso, azar, elegidas),
        preguntas=_preguntas(azar, caso) if forma == "concepto" else [],
        modalidad="asesoria" if forma == "respuesta" else forma,
        partes=[ParteSim(mundo.temas[tema], [tema]) for tema in temas],
        forma=forma,
        respuestas=list(caso.respuestas),
        normas=list(caso.normas),
        archivos=azar.choices((0, 1, 2), (88, 10, 2))[0],
        destino=destino,
    )


def _preguntas(azar: Random, caso: Caso) -> list[str]:
    return azar.sample(caso.preguntas, azar.randint(1, min(3, len(caso.preguntas))))


def _en_ventanilla(mundo: Mundo, azar: Random, recibida: datetime) -> datetime:
    """When ventanilla writes down what came by another channel: the same day, or first thing on the next one."""
    local = timezone.localtime(recibida)
    if mundo.calendario.es_habil(local.date()) and local.hour < 16:
        return recibida + timedelta(minutes=azar.randint(4, 90))
    dia = local.date() if mundo.calendario.es_habil(local.date()) and local.hour < 7 else None
    return a_las(dia or mundo.calendario.siguiente_habil(local.date()), azar.randint(425, 480), azar.randint(0, 59))


def _sorteo(azar: Random, opciones: tuple[tuple[str, int], ...]) -> str:
    return azar.choices([o for o, _ in opciones], [p for _, p in opciones])[0]


def _destino(azar: Random) -> str:
    tiro = azar.randrange(1000)
    for destino, peso in DESTINOS:
        if tiro < peso:
            return destino
        tiro -= peso
    return ""


def correo_de(nombre: str, entidad: EntidadSim) -> str:
    primero, apellido, *_ = nombre.split()
    casa = "".join(letra for letra in _llano(entidad.sigla or entidad.nombre) if letra.isalnum())[:20]
    return f"{_llano(primero)}.{_llano(apellido)}@{casa}.example"


def _llano(texto: str) -> str:
    return unicodedata.normalize("NFKD", texto).encode("ascii", "ignore").decode().lower()


def _emparejar_duplicadas(historias: list[Historia], azar: Random) -> None:
    """A duplicate asks the same as an earlier one of its entidad; where there is none, it is one more."""
    por_entidad: dict[str, list[Historia]] = {}
    veces: Counter[str] = Counter()
    for historia in historias:
        anteriores = [h for h in por_entidad.get(historia.entidad, []) if h.recibida < historia.recibida]
        if historia.destino == "duplicada":
            principal = next((h for h in reversed(anteriores) if _sirve_de_principal(h, historia)), None)
            if principal is None or veces[principal.id]:
                historia.destino = ""
            else:
                veces[principal.id] += 1
                _copiar(historia, principal, azar)
        por_entidad.setdefault(historia.entidad, []).append(historia)


def _sirve_de_principal(principal: Historia, copia: Historia) -> bool:
    hace = copia.recibida - principal.recibida
    return principal.destino in {"", "complemento"} and not principal.tope and hace < timedelta(days=60)


def _copiar(copia: Historia, principal: Historia, azar: Random) -> None:
    copia.principal = principal.id
    if copia.id.startswith("EJ-"):  # it has words of its own
        return
    copia.asunto = f"{azar.choice(('RV', 'Reiteración'))}: {principal.asunto}"[:200]
    copia.necesidad = f"Reiteramos la solicitud que enviamos antes. {principal.necesidad}"
    copia.preguntas, copia.modalidad, copia.forma = principal.preguntas, principal.modalidad, principal.forma
    copia.partes = [ParteSim(p.dependencia, list(p.temas)) for p in principal.partes[:1]]


# --- The examples --------------------------------------------------------------------------------------------------
def _de_ejemplo(ejemplo: Ejemplo, mundo: Mundo) -> Historia:
    por_dependencia: dict[str, list[str]] = {}
    for tema in ejemplo.temas:
        por_dependencia.setdefault(mundo.temas[tema.codigo], []).append(tema.codigo)
    propia = ejemplo.canal == "portal" and ejemplo.entidad.codigo == PROPIA.entidad
    destinos = {"duplicado": "duplicada", "no_es_asistencia": "no_competencia", "incompleta": "complemento"}
    responde = ejemplo.modalidad.codigo in {"publicacion", "impreso"} or ejemplo.pide == "cambio_enlace"
    caso = next((c for c in CASOS if ejemplo.temas[0].codigo in c.temas), CASOS[10])
    return Historia(
        id=ejemplo.id,
        recibida=ejemplo.recibido_en,
        registrada=ejemplo.recibido_en + timedelta(minutes=0 if ejemplo.canal == "portal" else 25),
        canal=ejemplo.canal,
        entidad=ejemplo.entidad.codigo,
        contacto=PROPIA.nombre if propia else ejemplo.remitente["nombre"],
        cargo=PROPIA.cargo if propia else ejemplo.remitente["cargo"],
        correo=PROPIA.correo if propia else ejemplo.remitente["correo"],
        asunto=ejemplo.asunto,
        necesidad=ejemplo.cuerpo,
        preguntas=ejemplo.preguntas,
        modalidad=ejemplo.modalidad.codigo,
        partes=[ParteSim(dependencia, temas) for dependencia, temas in por_dependencia.items()],
        forma="respuesta" if responde else ejemplo.modalidad.codigo,
        respuestas=list(caso.respuestas),
        normas=list(caso.normas),
        reservada="informacion_reservada" in ejemplo.etiquetas,
        destino=next((d for etiqueta, d in destinos.items() if etiqueta in ejemplo.etiquetas), ""),
    )
