"""Who says that another person is the liaison of their entidad: rule 15. It is proposed; the entidad confirms it."""

import re

from buzones.criterio import texto
from buzones.criterio.base import Duda, atendido, es_conocido, por_clasificar
from buzones.criterio.hechos import Hechos
from buzones.criterio.partes import DatosDeEnlace, Dictamen, Respuesta
from buzones.criterio.solicitud_nueva import de_quien
from buzones.estados import Clase, EstadoCorreo
from buzones.mime.juegos import plegado
from buzones.mime.partes import Desarmado
from plazos.fechas import enumerar

_DICE = re.compile(
    r"\bnuev[oa]s? (?:enlace|referente|delegad[oa] (?:de|para) (?:el )?enlace)"
    r"|\b(?:cambio|actualizacion|reemplazo|relevo|designacion|delegacion|novedad|modificacion) de(?:l| la)? "
    r"(?:enlaces?|referentes?)\b"
    r"|\b(?:actualizar|cambiar|reemplazar|designar|modificar) (?:(?:a|el|la|al|los|nuestro) ){0,3}"
    r"(?:enlaces?|referentes?)\b"
    r"|\b(?:designad[oa]|delegad[oa]|nombrad[oa]) como (?:nuev[oa] )?(?:enlace|referente)\b"
)
_CAMPOS = {
    "nombre": r"nombres?(?: y apellidos?| completos?)?(?: del (?:nuevo )?enlace)?|nuev[oa] enlace",
    "cargo": r"cargo|empleo",
    "correo": r"(?:correo|e-?mail)(?: (?:electronico|institucional))*",
    "telefono": r"(?:telefono|tel|celular|extension|ext|contacto)(?: de contacto| fijo)?",
    "reemplaza": r"reemplaza(?: a)?|en reemplazo de|enlace (?:anterior|saliente)|a quien reemplaza",
}
_ROTULO = {
    campo: re.compile(rf"[ \t>*•\d.)-]{{0,10}}(?:{rotulo})\s{{0,3}}[:=]\s{{0,3}}(\S.{{0,200}})")
    for campo, rotulo in _CAMPOS.items()
}
_CORREO = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")
_SEGURO_DE_CLASE = 80
_PIDEN = {
    "nombre": "El nombre completo del nuevo enlace.",
    "cargo": "Su cargo.",
    "correo": "Su correo institucional.",
}


def es_un_cambio_de_enlace(d: Desarmado, h: Hechos) -> Dictamen | Duda | None:
    """15. It says so and brings who it is (lineamiento §6.3 and §8.1.1: name, position and address)."""
    dice = _DICE.search(texto.plano(d, h)) is not None
    clase, confianza = h.sugerido.clase
    segura = h.sugerido.medida and clase == Clase.CAMBIO_DE_ENLACE and confianza >= _SEGURO_DE_CLASE
    if not dice and not segura:
        return None
    datos = datos_de_enlace(texto.cuerpo(d, h))
    trae = [campo for campo in _PIDEN if getattr(datos, campo)]
    if not dice and "correo" not in trae:
        return None
    if not trae and not _es_solo_eso(d, h):
        return None  # it speaks of an enlace and asks for something else
    razon = "Habla de un cambio de enlace" + (f" y trae {enumerar(trae)}." if trae else ".")
    if not es_conocido(d, h):
        responder = Respuesta.RECIBIDO if h.responde_a is None and h.respondido_hace is None else Respuesta.NINGUNA
        return por_clasificar(
            h, razon, de_quien(d, h), propuesta=Clase.CAMBIO_DE_ENLACE, confianza=70, enlace=datos, responder=responder
        )
    faltan = tuple(pide for campo, pide in _PIDEN.items() if campo not in trae)
    if not faltan:
        return atendido(h, Clase.CAMBIO_DE_ENLACE, razon, de_quien(d, h), confianza=90, enlace=datos)
    preguntar = not (h.preguntado or h.esperando or h.responde_a)
    return por_clasificar(
        h,
        razon,
        de_quien(d, h),
        f"No dice {enumerar([campo for campo in _PIDEN if campo not in trae])}.",
        propuesta=Clase.CAMBIO_DE_ENLACE,
        confianza=80,
        enlace=datos,
        estado=EstadoCorreo.ESPERANDO if preguntar else EstadoCorreo.POR_CLASIFICAR,
        responder=Respuesta.FALTAN if preguntar else Respuesta.NINGUNA,
        faltan=faltan,
    )


def datos_de_enlace(cuerpo: str) -> DatosDeEnlace:
    """«Nombre: …» and the rest, one a line, as they are written; the address, wherever it is if there is only one."""
    leidos: dict[str, str] = {}
    for linea in cuerpo.split("\n")[:300]:
        corta = linea[:300]
        plana = plegado(corta)
        if len(plana) != len(corta):
            plana = corta.lower()
        for campo, rotulo in _ROTULO.items():
            if campo not in leidos and (hallado := rotulo.fullmatch(plana.rstrip())):
                leidos[campo] = corta[hallado.start(1) : hallado.end(1)].strip(" .;,*")
                break
    correo = _CORREO.search(leidos.pop("correo", ""))
    todos = list(dict.fromkeys(una.lower().rstrip(".") for una in _CORREO.findall(cuerpo[: texto.LARGO])))
    elegido = correo[0].lower().rstrip(".") if correo else todos[0] if len(todos) == 1 else ""
    return DatosDeEnlace(correo=elegido, **{campo: valor[:150] for campo, valor in leidos.items()})


def _es_solo_eso(d: Desarmado, h: Hechos) -> bool:
    """In the subject, or in a text that says little more."""
    return _DICE.search(plegado(texto.asunto(d, h))) is not None or len(texto.palabras(texto.cuerpo(d, h))) < 25
