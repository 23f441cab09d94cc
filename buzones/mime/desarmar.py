"""From the bytes of a message to what it says. The one door of this package."""

import codecs
import hashlib
from dataclasses import replace
from datetime import date

from buzones.mime import arbol, autenticacion, citas, cuerpo, encabezados, reenvios, robots
from buzones.mime.encabezados import Campo
from buzones.mime.partes import Autenticacion, Defecto, Desarmado, Direccion, Falla, Senales

# What the sender wrote. The rest (Received, Delivered-To, Message-ID…) differs in each copy of one mail (K8).
_DE_LA_HUELLA = (
    "from", "to", "cc", "date", "subject", "mime-version", "content-type", "content-transfer-encoding",
    "content-disposition", "content-id", "content-description", "content-language",
)  # fmt: skip
_ENTREGAS = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "x-delivered-to")
_DEFECTOS_MAXIMOS = 50
_VALOR_MAXIMO = 4000


def desarmar(crudo: bytes, *, servidor_autenticacion: str = "", hoy: date | None = None) -> Desarmado:
    """What the message says, whatever the bytes.

    `servidor_autenticacion`: whose `Authentication-Results` is believed. `hoy`: for dates without a year, when the
    message says none of its own.
    """
    try:
        return _desarmar(crudo, servidor_autenticacion, hoy)
    except Exception:  # a fault of ours must not lose the mail: it is kept whole, and a person reads the original
        return _ilegible(crudo)


def _desarmar(crudo: bytes, servidor: str, hoy: date | None) -> Desarmado:
    crudo = crudo.removeprefix(codecs.BOM_UTF8)  # of who saved it with an editor
    # The Macs of last century, and what passed through them: only then is a lone CR a line.
    como_lineas = crudo.replace(b"\r", b"\n") if b"\n" not in crudo else crudo
    lector = arbol.Lector(como_lineas)
    raiz = lector.leer()
    defectos = lector.defectos
    leidos = [(clave, *encabezados.legible(valor[:_VALOR_MAXIMO])) for clave, valor in raiz.campos]
    de, de_seguro = _remitente(raiz, defectos)
    para, bien = _direcciones(raiz, "to", "cc")
    if not bien:
        defectos.append(Defecto(Falla.DESTINATARIO, "A quién va dirigido está mal escrito."))
    asunto, bien = encabezados.legible(raiz.valor("subject") or b"")
    if not bien:
        defectos.append(Defecto(Falla.JUEGO, "El asunto está mal escrito."))
    fecha, bien = encabezados.fecha(raiz.valor("date") or b"")
    if not bien:
        dice = "La fecha está mal escrita." if raiz.valor("date") else "No dice su fecha."
        defectos.append(Defecto(Falla.FECHA, dice))
    leido = cuerpo.leer(lector, raiz)
    separado = citas.separar(leido.texto, asunto)
    visibles = tuple((clave, valor) for clave, valor, _ in leidos)
    senales = robots.leer(
        visibles,
        tipo=raiz.tipo,
        de=de,
        asunto=asunto,
        texto=separado.nuevo,
        cerca_de=fecha.date() if fecha else hoy or date(2026, 1, 1),
        calendario=leido.calendario,
        acuse_de_lectura=leido.acuse_de_lectura,
    )
    return Desarmado(
        huella=_huella(crudo, raiz.campos, como_lineas, raiz.inicio),
        mensaje_id=next(iter(encabezados.identificadores(raiz.valor("message-id") or b"")), ""),
        encabezados=visibles,
        de=de,
        de_seguro=de_seguro,
        responder_a=tuple(_direcciones(raiz, "reply-to")[0]),
        para=tuple(para),
        entregado_a=tuple(dict.fromkeys(d.correo for d in _direcciones(raiz, *_ENTREGAS)[0] if d.correo)),
        asunto=asunto[:998],
        fecha=fecha,
        en_respuesta_a=next(iter(encabezados.identificadores(raiz.valor("in-reply-to") or b"")), ""),
        referencias=tuple(encabezados.identificadores(raiz.valor("references") or b"")),
        texto=leido.texto,
        nuevo=separado.nuevo,
        citado=separado.citado,
        firma=separado.firma,
        html=leido.html,
        reenviado=(*reenvios.leer(leido.texto, asunto), *leido.reenviados),
        piezas=tuple(leido.piezas),
        senales=_con(senales, firmado=leido.firmado, cifrado=leido.cifrado),
        autenticacion=autenticacion.leer(raiz.campos, servidor, de),
        defectos=tuple(dict.fromkeys(defectos))[:_DEFECTOS_MAXIMOS],
    )


def _con(senales: Senales, *, firmado: bool, cifrado: bool) -> Senales:
    return replace(senales, firmado=firmado, cifrado=cifrado)


def _remitente(raiz: arbol.Nodo, defectos: list[Defecto]) -> tuple[Direccion, bool]:
    """Who says to send it. Two of them, or a broken one, may be read by each program in its own way: not sure."""
    campos = raiz.valores("from")
    halladas, bien = _direcciones(raiz, "from")
    con_correo = [d for d in halladas if d.correo]
    if not campos:
        defectos.append(Defecto(Falla.REMITENTE, "No dice quién lo envía."))
    elif len(campos) > 1 or len(con_correo) > 1:
        defectos.append(Defecto(Falla.REMITENTE, "Dice que lo envían varios a la vez."))
    elif not con_correo:
        defectos.append(Defecto(Falla.REMITENTE, "El remitente no se puede leer."))
    elif not bien:
        defectos.append(Defecto(Falla.REMITENTE, "El remitente está mal escrito."))
    elif _nombre_que_engana(con_correo[0]):
        defectos.append(Defecto(Falla.REMITENTE, "El nombre del remitente muestra otro correo que el suyo."))
    else:
        return con_correo[0], True
    return (con_correo or halladas or [Direccion("", "")])[0], False


def _nombre_que_engana(de: Direccion) -> bool:
    return any("@" in trozo and trozo.strip("()<>[]\"',;:.").lower() != de.correo for trozo in de.nombre.split())


def _direcciones(raiz: arbol.Nodo, *nombres: str) -> tuple[list[Direccion], bool]:
    halladas: list[Direccion] = []
    bien = True
    for nombre in nombres:
        for valor in raiz.valores(nombre)[:20]:
            de_este, buenas = encabezados.direcciones(valor)
            bien = bien and buenas
            halladas += de_este
    return halladas[: encabezados.DIRECCIONES_MAXIMAS], bien


def _huella(crudo: bytes, campos: list[Campo], como_lineas: bytes, inicio: int) -> str:
    """What tells one mail from another (K8): the same for each copy, however its lines end and its headers fold."""
    suma = hashlib.sha256()
    for nombre in _DE_LA_HUELLA:
        for clave, valor in campos:
            if clave == nombre:
                suma.update(f"{nombre}:".encode() + b" ".join(valor.split()) + b"\n")
    suma.update(b"\n" + como_lineas[inicio:].replace(b"\r\n", b"\n").replace(b"\r", b"\n").rstrip(b"\n"))
    return suma.hexdigest()


def _ilegible(crudo: bytes) -> Desarmado:
    nadie = Direccion("", "")
    return Desarmado(
        huella=_huella(crudo, [], crudo, 0),
        mensaje_id="", encabezados=(), de=nadie, de_seguro=False, responder_a=(), para=(), entregado_a=(), asunto="",
        fecha=None, en_respuesta_a="", referencias=(), texto="", nuevo="", citado="", firma="", html="", reenviado=(),
        piezas=(), senales=Senales(), autenticacion=Autenticacion(),
        defectos=(Defecto(Falla.INTERNO, "El portal no pudo leerlo: está entero en el original."),),
    )  # fmt: skip
