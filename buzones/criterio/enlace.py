"""Who says that another person is the liaison of their entidad: rule 15. It is proposed; the entidad confirms it."""

import re
from collections.abc import Iterator

from buzones.criterio import temas, texto
from buzones.criterio.base import Duda, atendido, es_conocido, por_clasificar
from buzones.criterio.hechos import Hechos
from buzones.criterio.partes import DatosDeEnlace, Dictamen, Respuesta
from buzones.criterio.solicitud_nueva import de_quien
from buzones.estados import Clase, EstadoCorreo
from buzones.mime.juegos import plegado
from buzones.mime.partes import Desarmado
from plazos.fechas import enumerar

# Not the address of a page: «cambio de enlace de la reunión».
_ENLACE = (
    r"(?:enlaces?|referentes?)\b(?! (?:de|del|para|a) (?:la |el |las |los )?(?:reunion|sesion|mesa|teams|meet|zoom"
    r"|drive|carpeta|video|formulario|encuesta|conexion|acceso|ingreso|descarga|pagina|web|consulta|transmision))"
)
_DICE = re.compile(
    rf"\bnuev[oa]s? (?:delegad[oa] (?:de|para) (?:el )?)?{_ENLACE}"
    r"|\b(?:cambio|actualizacion|reemplazo|relevo|designacion|delegacion|novedad|modificacion) (?:de(?:l| la)? )?"
    rf"(?:nuev[oa] )?{_ENLACE}"
    rf"|\b(?:actualizar|cambiar|reemplazar|designar|modificar) (?:(?:a|el|la|al|los|nuestro) ){{0,3}}{_ENLACE}"
    r"|\b(?:design|deleg|nombr|asign|actu|fung|qued|continu|desempen)\w{1,8} (?:\w+ ){0,8}?como "
    rf"(?:(?:nuev[oa]|su|el|la|nuestr[oa]) ){{0,2}}{_ENLACE}"
    rf"|\b(?:ya no (?:soy|es|sere|sera)|dej[aeo] de ser) (?:(?:el|la|su|nuestr[oa]) ){{0,2}}{_ENLACE}"
    rf"|\b(?:el|la|nuestr[oa]|su|como) {_ENLACE}(?: \w+){{0,10}}? sera (?:el|la)\b"
)
_CAMPOS = {
    "nombre": r"nombres?(?: y apellidos?| completos?)?(?: del (?:nuevo )?enlace)?|nuev[oa] enlace",
    "cargo": r"cargo|empleo",
    "correo": r"(?:correo|e-?mail)(?: (?:electronico|institucional))*",
    "telefono": r"(?:telefono|tel|celular|extension|ext|contacto)(?: de contacto| fijo)?",
    "reemplaza": r"reemplaza(?: a)?|en reemplazo de|enlace (?:anterior|saliente)|a quien reemplaza",
}
_ANTES = r"[ \t>*•|\d.)-]{0,10}"
_ROTULO = {
    campo: re.compile(rf"{_ANTES}(?:{rotulo})[ *]{{0,3}}[:=|\t][\s*]{{0,3}}(\S.{{0,200}})")
    for campo, rotulo in _CAMPOS.items()
}
# Of a table, each cell in a line.
_ROTULO_SOLO = re.compile(rf"{_ANTES}(?:{'|'.join(_CAMPOS.values())})[ \t*:=|]{{0,5}}")
# «… es la ingeniera Ana María Soto Díaz, profesional universitaria»: a name and two surnames at least.
_PALABRA = r"(?!(?:Sub)?(?:[Dd]irecci|[Ss]ecretar)|Alcald|Oficina)[A-ZÁÉÍÓÚÑ][a-záéíóúñü]+"
_EN_PROSA = re.compile(
    r"\b(?:es|será|sea|(?:[Dd]esign|[Dd]eleg|[Nn]ombr|[Aa]sign)\w+ a) (?:(?:el|la) )?(?:[a-zñ]+\.? ){0,2}"
    rf"({_PALABRA}(?: (?:de |del |de la )?{_PALABRA}){{2,4}})(?:, ([a-zéí]+(?: [\w-]+){{0,8}}),)?"
)
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
    preguntar = not h.contesta
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
    for linea in _lineas(cuerpo):
        corta = linea[:300]
        plana = plegado(corta)
        if len(plana) != len(corta):
            plana = corta.lower()
        for campo, rotulo in _ROTULO.items():
            if campo not in leidos and (hallado := rotulo.fullmatch(plana.rstrip())):
                leidos[campo] = corta[hallado.start(1) : hallado.end(1)].strip(" .;,*")
                break
    if "nombre" not in leidos and (dicho := _EN_PROSA.search(" ".join(cuerpo[: texto.LARGO].split()))):
        leidos["nombre"] = dicho[1]
        if dicho[2]:
            leidos.setdefault("cargo", dicho[2])
    correo = _CORREO.search(leidos.pop("correo", ""))
    todos = list(dict.fromkeys(una.lower().rstrip(".") for una in _CORREO.findall(cuerpo[: texto.LARGO])))
    elegido = correo[0].lower().rstrip(".") if correo else todos[0] if len(todos) == 1 else ""
    return DatosDeEnlace(correo=elegido, **{campo: valor[:150] for campo, valor in leidos.items()})


def _lineas(cuerpo: str) -> Iterator[str]:
    """A label that is alone in its line is said of the next one that is not another label."""
    rotulo = ""
    for linea in cuerpo.split("\n")[:300]:
        if not linea.strip():
            continue
        if _ROTULO_SOLO.fullmatch(plegado(linea[:100])):
            rotulo = linea.strip(" \t*:=|")
            continue
        yield f"{rotulo}: {linea.strip()}" if rotulo else linea
        rotulo = ""


def _es_solo_eso(d: Desarmado, h: Hechos) -> bool:
    """In the subject, or in a text that says little more and asks for nothing else («soy el nuevo enlace y…»)."""
    if _DICE.search(plegado(texto.asunto(d, h))):
        return True
    if len(texto.palabras(texto.cuerpo(d, h))) >= 25:
        return False
    pide = temas.elegir(d, h)
    return not (pide.seguro and not temas.es_de_enlaces(pide.temas[0]))
