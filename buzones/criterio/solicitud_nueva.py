"""What asks for something new: rules 16 and 18."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from buzones.criterio import logistica, modalidad, preguntas, temas, texto
from buzones.criterio.base import (
    NADIE_COMPROBO,
    Duda,
    atendido,
    con_voz,
    es_conocido,
    esta_comprobado,
    por_clasificar,
)
from buzones.criterio.hechos import Como, Hechos
from buzones.criterio.partes import Dictamen, Respuesta
from buzones.estados import Clase
from buzones.mime.partes import Desarmado

_LIBRES = re.compile(
    r"(?:gmail|hotmail|outlook|live|msn|yahoo|ymail|icloud|me|aol|protonmail|proton|gmx|zoho|mail|tutanota|une|etb)"
    r"\.(?:com|net|co|es|me|org|com\.co|net\.co|com\.mx)"
)
_DE_SI_MISMO = re.compile(
    r"\b(?:soy|como) (?:una? )?(?:ciudadan[oa]|persona|estudiante|vecin[oa]|pensionad[oa]|abogad[oa]|habitante)\b"
    r"|\bmi (?:papa|mama|padre|madre|abuel[oa]|hij[oa]|espos[oa]|hermano|hermana|cedula|pension|casa|barrio|familia"
    r"|vecin[oa]|predio|historia laboral|hoja de vida)\b"
    r"|\b(?:mi|la|su|de) pension\b|\bderecho de peticion\b|\b(?:queja|reclamo|denuncia)\b|\bdios (?:los|le|les)\b"
    r"|\bidentificad[oa] con (?:la )?(?:cedula|c\.? ?c)\b"
)
_DE_UN_JUEZ = re.compile(
    r"\b(?:accion(?:es)? de (?:tutela|cumplimiento)|accion popular|(?:notific\w{2,8}|admi\w{3,8}|fallo|contest\w{2,8})"
    r"(?: \w+){0,4} tutela|incidente de desacato|medida provisional|juzgado \w+(?: \w+){0,3} de (?:bogota|circuito))\b"
)
JUDICIAL = "Puede ser una notificación judicial: su término es de horas o de pocos días. Véala primero."
# Another entidad sends what a citizen asked it (Ley 1755, art. 21); or only tells something.
_TRASLADA = re.compile(
    r"\b(?:traslad|remit|remis)\w{1,6}\b.{0,120}\bcompetencia\b|\bcompetencia\b.{0,60}\b(?:traslad|remit|remis)\w{1,6}\b"
)
_DE_OTRA_PERSONA = re.compile(r"\b(?:ciudadan[oa]|peticion|queja|reclamo|tutela)\b")
_INFORMA = re.compile(
    r"\bpara su (?:conocimiento|informacion)\b|\ba titulo informativo\b|\bcopia informativa\b|\bsolo informativ[oa]\b"
)
_ESPERA_ALGO = re.compile(
    r"\?|\b(?:solicit|requer|requier|necesit|pedimos|pido|agradec|quer(?:emos|riamos)|quisi|proponemos|consult|concept"
    r"|asesor|acompan|revis|orient|convalid|public|evalu|aprob|favor|impri|impres)"
)
_SEGURO_DE_CLASE = 80


@dataclass(frozen=True, slots=True)
class LoQuePide:
    """Themes, the one that leads first; `seguro` when that may be filed without asking."""

    temas: tuple[int, ...] = ()
    seguro: bool = False
    confianza: int = 0
    razones: tuple[str, ...] = ()
    advertencias: tuple[str, ...] = ()
    dependencias: tuple[int, ...] = ()
    modalidad_id: int | None = None
    formulario: str = "general"
    logistica: Mapping[str, Any] = field(default_factory=dict)
    reservado: bool = False
    fuera: tuple[str, ...] = ()  # those that do not attend a private provider of public services (R11)


def lo_que_pide(d: Desarmado, h: Hechos) -> LoQuePide:
    eleccion = temas.elegir(d, h)
    elegidos = eleccion.temas
    cual = modalidad.elegir(d, h, elegidos[0] if elegidos else None)
    leida = logistica.leer(d, h, cual)
    prestadora = h.entidad is not None and h.entidad.prestadora
    return LoQuePide(
        temas=tuple(uno.id for uno in elegidos),
        seguro=eleccion.seguro and not temas.es_de_enlaces(elegidos[0]),
        confianza=eleccion.confianza,
        razones=eleccion.razones,
        advertencias=(*eleccion.advertencias, *logistica.avisos(leida, h)),
        dependencias=tuple(dict.fromkeys(uno.dependencia_id for uno in elegidos)),
        modalidad_id=cual.id if cual else None,
        formulario=cual.formulario if cual else "general",
        logistica=leida,
        reservado=any(uno.reservado for uno in elegidos),
        fuera=tuple(uno.dependencia for uno in elegidos if prestadora and not uno.atiende_prestadoras),
    )


def es_una_solicitud(d: Desarmado, h: Hechos) -> Dictamen | Duda | None:
    """16. Of a known sender, that says enough, of a theme that is sure."""
    basta = texto.dice_bastante(d, h) or (h.por_defecto and texto.adjuntos(d))
    if not es_conocido(d, h) or not basta:
        return None
    pide = lo_que_pide(d, h)
    if no_pide := _no_pide(d, h):
        return con_lo_que_pide(no_pide, h, pide)
    if not pide.seguro or pide.modalidad_id is None:
        return None
    if pide.fuera:
        quien = f"{pide.fuera[0][:1].upper()}{pide.fuera[0][1:]}"
        return Duda((f"{quien} no atiende a empresas que prestan servicios públicos (lineamiento §2).",))
    probado = esta_comprobado(d)
    sin_decir = preguntas.de(d, h, pide.formulario, pide.logistica) if pide.formulario in preguntas.AL_RADICAR else ()
    return atendido(
        h,
        Clase.NUEVA_SOLICITUD,
        de_quien(d, h),
        *pide.razones,
        confianza=pide.confianza,
        responder=Respuesta.ACUSE,
        faltan=sin_decir,
        autor_id=con_voz(h) if probado else None,
        temas=pide.temas,
        modalidad_id=pide.modalidad_id,
        logistica=pide.logistica,
        dependencias=pide.dependencias,
        reservado=pide.reservado,
        advertencias=(
            *pide.advertencias,
            *((f"No dice todo lo que se pregunta al pedirla: {' '.join(sin_decir)}",) if sin_decir else ()),
            *(() if probado else (NADIE_COMPROBO,)),
        ),
    )


def _no_pide(d: Desarmado, h: Hechos) -> Dictamen | None:
    """What an entidad sends and is no request of its own: a person decides."""
    dice = texto.plano(d, h)
    datos: dict[str, Any] = {"responder": Respuesta.NINGUNA if h.contesta else Respuesta.RECIBIDO, "confianza": 60}
    if _TRASLADA.search(dice) and _DE_OTRA_PERSONA.search(dice):
        judicial = (JUDICIAL,) if _DE_UN_JUEZ.search(dice) else ()
        return por_clasificar(h, de_quien(d, h), "Traslada por competencia lo que pidió otra persona.",
                              propuesta=Clase.PETICION_CIUDADANA, advertencias=judicial, **datos)  # fmt: skip
    if _INFORMA.search(dice) and not _ESPERA_ALGO.search(dice):
        return por_clasificar(h, de_quien(d, h), "Dice que es para informar y no pide nada.",
                              propuesta=Clase.NUEVA_SOLICITUD, **datos)  # fmt: skip
    return None


def de_quien(d: Desarmado, h: Hechos) -> str:
    """How it is known of which entidad it is."""
    if h.entidad is None:
        varias = h.cuenta is not None and len(h.cuenta.entidades) > 1
        return (
            "Quien escribe actúa por varias entidades: no se sabe por cuál lo hace."
            if varias
            else "Quien escribe no es de ninguna entidad registrada."
        )
    nombre, dominio = h.entidad.nombre, d.de.correo.rpartition("@")[2]
    fin = "" if nombre.endswith(".") else "."  # «… Sur E.S.E.»
    return {
        Como.CUENTA: f"Escribe la cuenta de una persona de {nombre}{fin}",
        Como.ANTES: f"Otro mensaje de esa dirección ya se radicó a {nombre}{fin}",
        Como.DOMINIO: f"El dominio {dominio} es de {nombre}{fin}",
        Como.REENVIO: f"Lo que reenvía viene de {nombre}{fin}",
        Como.NOMBRADA: f"Nombra a {nombre}: eso solo no prueba que escriba por ella.",
    }[h.entidad.como]


def con_lo_que_pide(dicho: Dictamen, h: Hechos, pide: LoQuePide) -> Dictamen:
    """The guess of what stays for a person, with whom it would go to."""
    return replace(
        dicho,
        temas=pide.temas,
        modalidad_id=pide.modalidad_id,
        logistica=pide.logistica,
        dependencias=tuple(dict.fromkeys((*h.dependencias, *pide.dependencias))),
        reservado=pide.reservado,
        advertencias=(*dicho.advertencias, *pide.advertencias),
    )


def es_de_un_desconocido(d: Desarmado, h: Hechos) -> Dictamen | None:
    """18. Of nobody who is known: it waits for a person, and its sender is told once where they wrote to."""
    puede = h.responde_a is None and h.respondido_hace is None and h.esperando is None
    recibido = Respuesta.RECIBIDO if puede else Respuesta.NINGUNA
    orientacion = Respuesta.ORIENTACION if puede else Respuesta.NINGUNA
    if _DE_UN_JUEZ.search(texto.plano(d, h)[:3000]):
        dice = "Habla de una tutela o de un proceso judicial."
        return por_clasificar(h, de_quien(d, h), dice, propuesta=Clase.PETICION_CIUDADANA, confianza=50,
                              responder=recibido, advertencias=(JUDICIAL,))  # fmt: skip
    if _es_una_peticion(d, h):
        dice = "No es de ninguna entidad registrada y habla de un asunto propio."
        return por_clasificar(h, dice, propuesta=Clase.PETICION_CIUDADANA, confianza=80, responder=orientacion)
    pide = lo_que_pide(d, h)
    if h.entidad is None and _es_libre(d) and texto.dice_bastante(d, h) and not pide.seguro:
        dice = "Escribe desde un correo gratuito, y no es seguro que hable de lo que aquí se atiende."
        return por_clasificar(h, dice, propuesta=Clase.PETICION_CIUDADANA, confianza=60, responder=orientacion)
    dicho = por_clasificar(
        h,
        de_quien(d, h),
        *pide.razones,
        propuesta=Clase.NUEVA_SOLICITUD,
        confianza=min(pide.confianza, 60),
        responder=recibido,
    )
    return con_lo_que_pide(dicho, h, pide)


def _es_una_peticion(d: Desarmado, h: Hechos) -> bool:
    """Of a person about themselves: they say so, or write from a free address what the words also say."""
    clase, confianza = h.sugerido.clase
    dice = _DE_SI_MISMO.search(texto.plano(d, h)) is not None
    if h.entidad is not None and not (dice and h.entidad.como == Como.NOMBRADA):
        return False
    segura = clase == Clase.PETICION_CIUDADANA and confianza >= _SEGURO_DE_CLASE
    return dice or (_es_libre(d) and clase == Clase.PETICION_CIUDADANA) or segura


def _es_libre(d: Desarmado) -> bool:
    return _LIBRES.fullmatch(d.de.correo.rpartition("@")[2]) is not None
