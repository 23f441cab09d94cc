"""What a text says of a visit, a session or a journey, with the names and the shapes of `solicitudes.detalle`.

Only what is written clearly: what is not found is asked, and nobody corrects what was guessed.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from buzones.criterio import texto
from buzones.criterio.hechos import Hechos, ModalidadConocida
from buzones.mime import fechas
from buzones.mime.juegos import plegado
from buzones.mime.partes import Desarmado
from plazos.fechas import BOGOTA
from solicitudes.detalle import DIAS_MINISTERIO, a_json

_NUMEROS = {
    "una": 1, "un": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "siete": 7, "ocho": 8, "nueve": 9,
    "diez": 10, "once": 11, "doce": 12, "trece": 13, "catorce": 14, "quince": 15, "veinte": 20, "veinticinco": 25,
    "treinta": 30, "treinta y cinco": 35, "cuarenta": 40, "cincuenta": 50, "sesenta": 60, "ochenta": 80, "cien": 100,
}  # fmt: skip
_CUANTOS = "|".join(sorted(_NUMEROS, key=len, reverse=True))
_PERSONAS = re.compile(
    rf"\b(\d{{1,4}}|{_CUANTOS}) (?:personas|servidor(?:es|as)|funcionari[oa]s|participantes|asistentes|contratistas"
    r"|colaborador(?:es|as))\b"
)
_HORA = re.compile(r"\b(?:a las?|de las?|desde las?|hora:?) ([01]?\d|2[0-3])(?:[:.]([0-5]\d))?(?:\s?([ap])\.?\s?m\b)?")
_MEDIOS = {
    "virtual": re.compile(r"\b(?:virtual(?:es|mente)?|teams|zoom|google meet|videollamada|videoconferencia)\b"),
    "presencial": re.compile(r"\bpresencial(?:es|mente)?\b"),
    "telefonica": re.compile(r"\b(?:telefonic[oa]|por telefono|llamada telefonica)\b"),
}
_ACEPTADA = re.compile(
    r"\b(no )?(?:ha sido|fue|esta|se ha|se|ya se|ya fue|hemos) (?:ya )?(?:sido )?acept(?:ad[oa]|o)\b"
    r"|\b(sin) aceptar\b"
)
_FINANCIACION = re.compile(r"\bfinanci\w{3,8}:? (?:es )?(total|parcial|ninguna)\b|\b(total|parcial)mente financiad")
_PUBLICO = re.compile(
    r"\b(?:gobierno de|agencia publica|embajada|ministerio|organismo internacional|naciones unidas|alcaldia de"
    r"|agencia de cooperacion)\b"
)
_PRIVADO = re.compile(r"\b(?:empresa privada|compania privada|entidad privada|actor privado|fundacion privada)\b")
_POR_FORMULARIO = {
    "comision": ("objeto", "destino", "financiador"),
    "visita": ("lugar", "acceso"),
    "sesion": ("participantes", "lugar"),
}
_ROTULOS = {
    "objeto": r"objeto(?: del viaje| de la comision)?",
    "destino": r"destino|ciudad y pais|lugar del (?:viaje|evento)",
    "financiador": r"financiador|quien financia|financia",
    "lugar": r"lugar(?: de la (?:visita|sesion|reunion))?|direccion de la visita|sitio|plataforma",
    "acceso": r"(?:condiciones de )?acceso",
    "participantes": r"(?:entidades )?participantes|entidades que participan|participan",
}
_LINEAS = {
    nombre: re.compile(rf"^[ \t>*•-]{{0,10}}(?:{rotulo})\s?:\s?(\S.{{0,480}})$") for nombre, rotulo in _ROTULOS.items()
}


def leer(d: Desarmado, h: Hechos, modalidad: ModalidadConocida | None) -> dict[str, Any]:
    formulario = modalidad.formulario if modalidad else ""
    if formulario == "comision":
        return _de_un_viaje(d, h) | _rotulos(d, h, formulario)
    if formulario in {"visita", "sesion", "asesoria"}:
        return _de_un_encuentro(d, h, formulario) | _rotulos(d, h, formulario)
    return {}


def avisos(logistica: Mapping[str, Any], h: Hechos) -> tuple[str, ...]:
    """Of a journey (lineamiento §8.3): it is told and stops nothing."""
    dichos = []
    if salida := logistica.get("viaje_desde"):
        dias = (date.fromisoformat(salida) - h.dia).days
        if dias < 0:
            dichos.append("La fecha del viaje ya pasó.")
        elif dias < DIAS_MINISTERIO:
            faltan = "Falta 1 día" if dias == 1 else f"Faltan {dias} días"
            dichos.append(f"{faltan} para el viaje: son menos de {DIAS_MINISTERIO}.")
    if logistica.get("ya_aceptada") == "si":
        dichos.append("La invitación ya se aceptó: el lineamiento (§8.3) pide valorarla antes.")
    return tuple(dichos)


def _de_un_viaje(d: Desarmado, h: Hechos) -> dict[str, Any]:
    dice, cuerpo = texto.plano(d, h), texto.cuerpo(d, h)
    leida: dict[str, Any] = {}
    rango = fechas.rango_en(cuerpo, h.dia) or fechas.rango_en(texto.asunto(d, h), h.dia)
    if rango:
        leida["viaje_desde"], leida["viaje_hasta"] = (a_json(dia) for dia in rango)
    if hallado := _ACEPTADA.search(dice):
        leida["ya_aceptada"] = "no" if hallado[1] or hallado[2] else "si"
    if hallado := _FINANCIACION.search(dice):
        leida["financiacion"] = hallado[1] or hallado[2]
    if leida.get("financiacion") != "ninguna":
        if _PUBLICO.search(dice):
            leida["naturaleza"] = "publico"
        elif _PRIVADO.search(dice):
            leida["naturaleza"] = "privado"
    return leida


def _de_un_encuentro(d: Desarmado, h: Hechos, formulario: str) -> dict[str, Any]:
    dice = texto.plano(d, h)
    leida: dict[str, Any] = {}
    medios = [medio for medio, patron in _MEDIOS.items() if patron.search(dice)]
    if formulario != "visita" and len(medios) == 1 and not (formulario == "sesion" and medios == ["telefonica"]):
        leida["medio"] = medios[0]
    if formulario != "asesoria" and (hallado := _PERSONAS.search(dice)):
        leida["personas"] = int(hallado[1]) if hallado[1].isdecimal() else _NUMEROS[hallado[1]]
    if instante := _primera_opcion(texto.cuerpo(d, h), h):
        leida["opcion_1"] = a_json(instante)
    return leida


def _primera_opcion(cuerpo: str, h: Hechos) -> datetime | None:
    """A day to come and its hour, in the same line."""
    for linea in cuerpo.split("\n")[:200]:
        dias = [dia for dia in fechas.dias_en(linea, h.dia) if dia >= h.dia]
        hora = _HORA.search(" ".join(plegado(linea).split()))
        if dias and hora:
            en = int(hora[1])
            if hora[3] and en <= 12:
                en = en % 12 + (12 if hora[3] == "p" else 0)
            return datetime.combine(dias[0], time(en, int(hora[2] or 0)), BOGOTA)
    return None


def _rotulos(d: Desarmado, h: Hechos, formulario: str) -> dict[str, Any]:
    """«Lugar: …», as who fills a form writes it."""
    leidos: dict[str, Any] = {}
    for linea in texto.cuerpo(d, h).split("\n")[:200]:
        plana = plegado(linea[:600])
        for nombre in _POR_FORMULARIO.get(formulario, ()):
            if nombre not in leidos and _LINEAS[nombre].match(plana):
                leidos[nombre] = linea.partition(":")[2].strip()[:500]
    if "participantes" in leidos:
        partes = re.split(r"[;,]| y ", leidos["participantes"])
        leidos["participantes"] = [una.strip(" .") for una in partes if una.strip(" .")][:50]
    return leidos
