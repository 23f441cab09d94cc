"""Messages made by code, each with what must be read of it. Nothing here is left to chance."""

import base64
import binascii
import io
import quopri
import struct
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from buzones.mime.partes import Falla

Espera = dict[str, Any]


@dataclass(frozen=True)
class Caso:
    nombre: str
    crudo: bytes
    espera: Espera


CABEZA = (
    "From: Ana Ruiz <ana.ruiz@entidad.example>\n"
    "To: mipgdistrito@alcaldiabogota.gov.co\n"
    "Date: Tue, 03 Mar 2026 08:44:12 -0500\n"
    "Message-ID: <{}@entidad.example>\n"
)
_FAMILIAS: list[Callable[[], Iterator[tuple[str, bytes, Espera]]]] = []
Familia = Callable[[], Iterator[tuple[str, bytes, Espera]]]


def familia(funcion: Familia) -> Familia:
    _FAMILIAS.append(funcion)
    return funcion


def todos(*, grandes: bool = True) -> list[Caso]:
    """Every case. Without `grandes`, those of many megabytes are left for the long run."""
    casos = [
        Caso(f"{funcion.__name__}-{nombre}", crudo, espera)
        for funcion in _FAMILIAS
        for nombre, crudo, espera in funcion()
    ]
    return [caso for caso in casos if grandes or len(caso.crudo) < 2_000_000]


def mensaje(
    cuerpo: bytes | str,
    *,
    tipo: str = "text/plain; charset=utf-8",
    asunto: str | bytes = "Consulta",
    mas: str | bytes = "",
    codificacion: str = "",
    cabeza: str | None = None,
) -> bytes:
    def octetos(valor: str | bytes) -> bytes:
        return valor.encode() if isinstance(valor, str) else valor

    partes = [
        octetos(CABEZA.format("corpus") if cabeza is None else cabeza),
        b"Subject: " + octetos(asunto) + b"\n",
        octetos(mas),
        b"MIME-Version: 1.0\n",
        octetos(f"Content-Type: {tipo}\n"),
        octetos(f"Content-Transfer-Encoding: {codificacion}\n" if codificacion else ""),
        b"\n",
    ]
    return b"".join(partes).replace(b"\n", b"\r\n") + octetos(cuerpo)


def parte(contenido: bytes | str, tipo: str, mas: str = "", *, codificacion: str = "base64") -> bytes:
    crudo = contenido.encode() if isinstance(contenido, str) else contenido
    if codificacion == "base64":
        crudo = base64.encodebytes(crudo)
    elif codificacion == "quoted-printable":
        crudo = quopri.encodestring(crudo)
    cabeza = f"Content-Type: {tipo}\n{mas}" + (f"Content-Transfer-Encoding: {codificacion}\n" if codificacion else "")
    return cabeza.encode() + b"\n" + crudo


def varias(
    *partes: bytes, tipo: str = "mixed", frontera: str = "front-1", cerrar: bool = True, mas: str = ""
) -> bytes:
    """A whole multipart with its headers, to be the body of a message or a part of another."""
    cuerpo = b"".join(b"--" + frontera.encode() + b"\n" + p.rstrip(b"\n") + b"\n" for p in partes)
    cierre = f"--{frontera}--\n".encode() if cerrar else b""
    return f'Content-Type: multipart/{tipo}; boundary="{frontera}"{mas}\n\n'.encode() + cuerpo + cierre


def con(
    *partes: bytes,
    tipo: str = "mixed",
    cerrar: bool = True,
    mas: str = "",
    asunto: str = "Consulta",
    frontera: str = "front-1",
) -> bytes:
    cabeza = CABEZA.format("corpus") + f"Subject: {asunto}\n{mas}MIME-Version: 1.0\n"
    return cabeza.encode() + varias(*partes, tipo=tipo, cerrar=cerrar, frontera=frontera)


def texto(dice: str = "Cordial saludo. Adjunto el documento.") -> bytes:
    return parte(dice, "text/plain; charset=utf-8", codificacion="8bit")


def adjunto(nombre: str, contenido: bytes = b"%PDF-1.4\n%%EOF\n", tipo: str = "application/pdf") -> bytes:
    return parte(contenido, tipo, f'Content-Disposition: attachment; filename="{nombre}"\n')


PDF = b"%PDF-1.4\n%%EOF\n"
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
_ES = "Señores: ¿cómo va el trámite del año? Bogotá, Nariño y Güepsa – gracias"
_LATINO = "Señores: ¿cómo va el trámite del año? Bogotá, Nariño y Güepsa"


# --- Character sets ----------------------------------------------------------------------------------------------
_JUEGOS = {
    "utf-8": _ES, "UTF8": _ES, "iso-8859-1": _LATINO, "latin1": _LATINO, "windows-1252": _ES, "cp1252": _ES,
    "iso-8859-15": _LATINO, "us-ascii": "Senores: como va", "utf-16": _ES, "utf-16le": _ES, "utf-7": _ES,
    "macintosh": _LATINO, "cp850": _LATINO, "cp437": "Señores: ¿cómo?", "iso-8859-2": "Zażółć gęślą jaźń",
    "windows-1250": "Zażółć gęślą jaźń", "koi8-r": "Уважаемые господа", "windows-1251": "Уважаемые господа",
    "iso-8859-5": "Уважаемые господа", "iso-8859-7": "Αγαπητοί κύριοι", "windows-1253": "Αγαπητοί κύριοι",
    "windows-1255": "אדונים נכבדים", "windows-1256": "السادة المحترمون", "gb2312": "尊敬的先生", "gbk": "尊敬的先生",
    "gb18030": "尊敬的先生", "big5": "尊敬的先生", "shift_jis": "拝啓 お世話に", "euc-jp": "拝啓 お世話に",
    "iso-2022-jp": "拝啓 お世話に", "euc-kr": "초청장 서울", "ks_c_5601-1987": "초청장 서울", "tis-620": "เรียน",
    "windows-1254": "Sayın yetkili şğı", "windows-1258": "Kính",
}  # fmt: skip


@familia
def juego() -> Iterator[tuple[str, bytes, Espera]]:
    for nombre, dice in _JUEGOS.items():
        crudo = dice.encode(nombre)
        for como in ("base64", "quoted-printable"):
            enviado = base64.encodebytes(crudo) if como == "base64" else quopri.encodestring(crudo)
            tipo = f"text/plain; charset={nombre}"
            yield (
                f"{nombre}-{como[:6]}",
                mensaje(enviado, tipo=tipo, codificacion=como),
                {"texto": dice, "fallas": set()},
            )
    for nombre in ("utf-9", "x-unknown", "zlib", "punycode", "rot13", "../../etc/passwd", "ñ", "base64", "x" * 500):
        crudo = mensaje(_ES, tipo=f'text/plain; charset="{nombre}"', codificacion="8bit")
        yield f"desconocido-{nombre[:12]}", crudo, {"texto": _ES, "fallas": {Falla.JUEGO}}
    for nombre in ("utf-8", "us-ascii", ""):
        tipo = "text/plain" + (f"; charset={nombre}" if nombre else "")
        crudo = mensaje(_LATINO.encode("latin-1"), tipo=tipo, codificacion="8bit")
        yield f"miente-{nombre or 'nada'}", crudo, {"texto": _LATINO, "fallas": {Falla.JUEGO}}
    mezcla = "línea de uno\n".encode() + "línea de otro".encode("cp1252")
    yield "mezclado", mensaje(mezcla), {"texto": "línea de uno\nlínea de otro", "fallas": {Falla.JUEGO}}
    yield "utf8-como-latino", mensaje(_ES, tipo="text/plain; charset=iso-8859-1"), {"texto": _ES}
    yield "bom", mensaje(b"\xef\xbb\xbf" + _ES.encode()), {"texto": _ES, "fallas": set()}
    yield (
        "meta-html",
        mensaje(b"<html><head><meta charset=windows-1252></head><body>a\xf1o</body></html>", tipo="text/html"),
        {"texto": "año"},
    )


# --- Subjects and names in headers -------------------------------------------------------------------------------
def _palabra(dice: str, en: str, como: str) -> str:
    crudo = dice.encode(en)
    if como == "b":
        return f"=?{en}?b?{base64.b64encode(crudo).decode()}?="
    return f"=?{en}?q?{''.join(chr(c) if chr(c).isalnum() and c < 128 else f'={c:02X}' for c in crudo)}?="


@familia
def asunto() -> Iterator[tuple[str, bytes, Espera]]:
    for nombre, dice in _JUEGOS.items():
        if nombre not in {"utf-16", "utf-16le"}:
            como = "b" if len(nombre) % 2 else "q"
            yield f"{nombre}-{como}", mensaje("x", asunto=_palabra(dice, nombre, como)), {"asunto": dice}
    bien = "Solicitud de asesoría técnica"
    rotos: dict[str, str | bytes] = {
        "base64-de-mas": "=?utf-8?B?U29saWNpdHVkIGRlIGFzZXNvcsOtYSB0w6ljbmljYQ=?=",
        "con-espacios": "=?utf-8?q?Solicitud de asesor=C3=ADa t=C3=A9cnica?=",
        "pegadas": "=?utf-8?q?Solicitud_de_asesor=C3=ADa?==?utf-8?q?_t=C3=A9cnica?=",
        "letra-partida": "=?utf-8?q?Solicitud_de_asesor=C3?=\r\n =?utf-8?q?=ADa_t=C3=A9cnica?=",
        "sin-cerrar": "=?utf-8?q?Solicitud_de_asesor=C3=ADa_t=C3=A9cnica",
        "con-idioma": "=?utf-8*es?q?Solicitud_de_asesor=C3=ADa_t=C3=A9cnica?=",
        "crudo-utf8": bien.encode(),
        "crudo-latino": bien.encode("latin-1"),
        "entre-comillas": '"=?utf-8?q?Solicitud_de_asesor=C3=ADa_t=C3=A9cnica?="',
        "plegado": "Solicitud\r\n de\r\n\tasesoría\r\n técnica",
        "mayusculas": "=?UTF-8?Q?Solicitud_de_asesor=c3=ada_t=c3=a9cnica?=",
        "juego-falso": "=?utf-9?q?Solicitud_de_asesor=C3=ADa_t=C3=A9cnica?=",
    }
    for nombre, valor in rotos.items():
        dice = f'"{bien}"' if nombre == "entre-comillas" else bien
        yield nombre, mensaje("x", asunto=valor), {"asunto": dice}
    for nombre, valor, dice in (
        ("nada", "", ""),
        ("nulo", "Hola\0 mundo", "Hola mundo"),
        ("solo-marca", "=?", "=?"),
        ("sin-texto", "=?utf-8?q??=", ""),
        ("mil-marcas", "=?a?q?" * 1000, None),
        ("largo", "a" * 100_000, "a" * 998),
        ("crlf", "=?utf-8?q?Hola=0D=0ABcc:_otro=40x.example?=", "Hola Bcc: otro@x.example"),
    ):
        espera: Espera = {} if dice is None else {"asunto": dice}
        yield nombre, mensaje("x", asunto=valor), espera
    yield "sin-texto-vacio", mensaje("x", asunto="=?utf-8?q?=20?="), {"asunto": ""}


_ACTA = "Acta – año 2026 (ñ).pdf"
_PORCENTAJE = "Acta%20%E2%80%93%20a%C3%B1o%202026%20%28%C3%B1%29.pdf"


@familia
def nombre() -> Iterator[tuple[str, bytes, Espera]]:
    b64 = base64.b64encode(_ACTA.encode()).decode()
    formas: dict[str, tuple[str | bytes, str]] = {
        "2231": (f"attachment; filename*=utf-8''{_PORCENTAJE}", _ACTA),
        "2231-comillas": (f"attachment; filename*=\"utf-8''{_PORCENTAJE}\"", _ACTA),
        "2231-idioma": (f"attachment; filename*=UTF-8'es'{_PORCENTAJE}", _ACTA),
        "2231-trozos": (
            f"attachment;\n filename*0*=utf-8''{_PORCENTAJE[:20]};\n filename*1*={_PORCENTAJE[20:]}",
            _ACTA,
        ),
        "2231-desorden": (
            f"attachment;\n filename*1*={_PORCENTAJE[20:]};\n filename*0*=utf-8''{_PORCENTAJE[:20]}",
            _ACTA,
        ),
        "2231-letra-partida": (
            f"attachment; filename*0*=utf-8''{_PORCENTAJE[:11]};\n filename*1*={_PORCENTAJE[11:]}",
            _ACTA,
        ),
        "2231-mezcla": ("attachment; filename*0*=utf-8''A%C3%B1o;\n filename*1=\" 2026.pdf\"", "Año 2026.pdf"),
        "2231-latino": ("attachment; filename*=iso-8859-1''A%F1o.pdf", "Año.pdf"),
        "2231-juego-falso": ("attachment; filename*=utf-9''A%C3%B1o.pdf", "Año.pdf"),
        "2231-sin-juego": ("attachment; filename*=A%C3%B1o.pdf", "Año.pdf"),
        "2231-gana": ("attachment; filename=\"A_o.pdf\"; filename*=utf-8''A%C3%B1o.pdf", "Año.pdf"),
        "2231-porcentaje-roto": ("attachment; filename*=utf-8''100%25%ZZ.pdf", "100%%ZZ.pdf"),
        "2047": (f'attachment; filename="=?utf-8?B?{b64}?="', _ACTA),
        "2047-partido": ('attachment; filename="=?utf-8?q?A=C3=B1o_?=\n =?utf-8?q?2026.pdf?="', "Año 2026.pdf"),
        "2047-sin-comillas": (f"attachment; filename==?utf-8?B?{b64}?=", _ACTA),
        "crudo-utf8": (f'attachment; filename="{_ACTA}"', _ACTA),
        "crudo-latino": ('attachment; filename="Año.pdf"'.encode("latin-1"), "Año.pdf"),
        "sin-cerrar": ('attachment; filename="Año.pdf', "Año.pdf"),
        "escapado": ('attachment; filename="el \\"bueno\\".pdf"', "el _bueno_.pdf"),
        "punto-y-coma": ('attachment; filename="uno; dos.pdf"', "uno; dos.pdf"),
        "ruta": ('attachment; filename="../../etc/passwd.pdf"', "passwd.pdf"),
        "ruta-windows": ('attachment; filename="C:\\\\fakepath\\\\acta.pdf"', "acta.pdf"),
        "reservado": ('attachment; filename="CON.pdf"', "_CON.pdf"),
        "largo": (f'attachment; filename="{"a" * 5000}.pdf"', "a" * 146 + ".pdf"),
        "nulo": ('attachment; filename="ac\0ta.pdf"', "acta.pdf"),
        "vacio": ('attachment; filename=""', "adjunto-1.pdf"),
        "ninguno": ("attachment", "adjunto-1.pdf"),
    }
    for forma, (disposicion, queda) in formas.items():
        crudo = disposicion.encode() if isinstance(disposicion, str) else disposicion
        pieza = b"Content-Type: application/pdf\nContent-Transfer-Encoding: base64\nContent-Disposition: " + crudo
        yield forma, con(texto(), pieza + b"\n\n" + base64.encodebytes(PDF)), {"piezas": [queda]}
    for forma, tipo, queda in (
        ("del-tipo", f"application/pdf; name*=utf-8''{_PORCENTAJE}", _ACTA),
        ("sin-extension-por-tipo", "image/png", "adjunto-1.png"),
        ("tipo-raro", "pdf", "adjunto-1.bin"),
    ):
        yield forma, con(texto(), parte(PDF, tipo)), {"piezas": [queda]}


# --- Addresses and dates -----------------------------------------------------------------------------------------
@familia
def remitente() -> Iterator[tuple[str, bytes, Espera]]:
    ana = ("Ana Ruiz", "ana.ruiz@entidad.example")
    formas: dict[str, tuple[str | bytes, tuple[str, str], bool]] = {
        "simple": ("From: ana.ruiz@entidad.example\n", ("", ana[1]), True),
        "angulos": ("From: Ana Ruiz <ana.ruiz@entidad.example>\n", ana, True),
        "comillas": ('From: "Ruiz, Ana" <Ana.Ruiz@Entidad.example>\n', ("Ruiz, Ana", ana[1]), True),
        "comentario": ("From: ana.ruiz@entidad.example (Ana Ruiz)\n", ana, True),
        "codificado": ("From: =?utf-8?q?Ana_Ru=C3=ADz?= <ana.ruiz@entidad.example>\n", ("Ana Ruíz", ana[1]), True),
        "codificado-comillas": ('From: "=?utf-8?q?Ana?=" <ana.ruiz@entidad.example>\n', ("Ana", ana[1]), True),
        "crudo": ("From: Ana Ruíz <ana.ruiz@entidad.example>\n".encode("latin-1"), ("Ana Ruíz", ana[1]), True),
        "con-marca-de-editor": (b"\xef\xbb\xbfFrom: ana.ruiz@entidad.example\n", ("", ana[1]), True),
        "plegado": ("From:\n Ana Ruiz\n <ana.ruiz@entidad.example>\n", ana, True),
        "doble-angulo": ("From: Ana Ruiz <<ana.ruiz@entidad.example>\n", ana, False),
        "sin-cerrar": ("From: Ana Ruiz <ana.ruiz@entidad.example\n", ana, False),
        "sin-arroba": ("From: Ana Ruiz <ana.ruiz>\n", ("Ana Ruiz", ""), False),
        "solo-nombre": ("From: Ana Ruiz\n", ("Ana Ruiz", ""), False),
        "vacio": ("From:\n", ("", ""), False),
        "ninguno": ("", ("", ""), False),
        "dos-encabezados": ("From: Ana Ruiz <ana.ruiz@entidad.example>\nFrom: jefe@sdp.example\n", ana, False),
        "dos-en-uno": ("From: Ana Ruiz <ana.ruiz@entidad.example>, jefe@sdp.example\n", ana, False),
        "nombre-es-otro": (
            'From: "jefe@sdp.example" <ana.ruiz@entidad.example>\n',
            ("jefe@sdp.example", ana[1]),
            False,
        ),
        "nombre-es-el-mismo": (f'From: "{ana[1]}" <{ana[1]}>\n', (ana[1], ana[1]), True),
        "codificado-engana": (
            "From: =?utf-8?q?jefe=40sdp.example?= <ana.ruiz@entidad.example>\n",
            ("jefe@sdp.example", ana[1]),
            False,
        ),
        "sin-dominio": ("From: Ana Ruiz <ana@localhost>\n", ("Ana Ruiz", "ana@localhost"), False),
        "mailto": ("From: Ana Ruiz <mailto:ana.ruiz@entidad.example>\n", ana, True),
        "grupo": ("From: nadie:;\n", ("", ""), False),
        "nulos": ("From: Ana Ruiz <ana.ruiz\0@entidad.example>\n", ana, True),
    }
    for forma, (cabeza, (quien, correo), seguro) in formas.items():
        crudo = cabeza.encode() if isinstance(cabeza, str) else cabeza
        entero = crudo + b"Subject: Consulta\nDate: Tue, 03 Mar 2026 08:44:12 -0500\n\nHola\n"
        espera: Espera = {"de": (quien, correo), "de_seguro": seguro}
        yield forma, entero, espera
    muchos = ", ".join(f"p{n}@entidad.example" for n in range(1500))
    yield "mil-destinos", f"From: a@b.example\nTo: {muchos}\n\nHola".encode(), {"para": 500, "texto": "Hola"}
    varios = 'To: "Ruiz, Ana" <a@b.example>; <c@d.example>;; Grupo: e@f.example, g@h.example;\n'
    yield "varios-destinos", f"From: a@b.example\n{varios}\nHola".encode(), {"para": 4}


@familia
def fecha() -> Iterator[tuple[str, bytes, Espera]]:
    for forma, valor, queda in (
        ("buena", "Tue, 03 Mar 2026 08:44:12 -0500", "2026-03-03T13:44:12+00:00"),
        ("sin-dia", "03 Mar 2026 08:44:12 -0500", "2026-03-03T13:44:12+00:00"),
        ("zona-con-nombre", "Tue, 03 Mar 2026 08:44:12 EST", "2026-03-03T13:44:12+00:00"),
        ("comentario", "Tue, 03 Mar 2026 13:44:12 +0000 (UTC)", "2026-03-03T13:44:12+00:00"),
        ("sin-zona", "Tue, 03 Mar 2026 08:44:12", "2026-03-03T13:44:12+00:00"),
        ("menos-cero", "Tue, 03 Mar 2026 13:44:12 -0000", "2026-03-03T13:44:12+00:00"),
        ("ano-corto", "Tue, 03 Mar 26 08:44:12 -0500", "2026-03-03T13:44:12+00:00"),
        ("espanol", "Lun, 32 Abr 2026 25:61:00 COT", None),
        ("imposible", "Tue, 31 Feb 2026 08:44:12 -0500", None),
        ("ano-cero", "Tue, 03 Mar 0000 08:44:12 -0500", "2000-03-03T13:44:12+00:00"),
        ("zona-loca", "Tue, 03 Mar 2026 08:44:12 +9999", None),
        ("palabras", "ayer por la tarde", None),
        ("numeros", "9" * 5000, None),
        ("vacia", "", None),
    ):
        crudo = mensaje("x", cabeza=f"From: a@b.example\nDate: {valor}\n")
        yield forma, crudo, {"fecha": queda, **({"fallas": {Falla.FECHA}} if queda is None else {})}


# --- Structure ---------------------------------------------------------------------------------------------------
def _hondo(niveles: int) -> bytes:
    dentro = texto("Al fondo")
    for nivel in range(niveles):
        dentro = varias(dentro, frontera=f"nivel-{nivel}-x")
    return CABEZA.format("hondo").encode() + b"Subject: Hondo\nMIME-Version: 1.0\n" + dentro


@familia
def forma() -> Iterator[tuple[str, bytes, Espera]]:
    yield "vacio", b"", {"texto": "", "piezas": []}
    yield "un-salto", b"\n", {"texto": "", "piezas": []}
    yield "espacios", b"   \n  \n", {"piezas": []}
    yield "nulos", b"\0" * 1000, {"texto": "", "piezas": []}
    yield (
        "solo-texto",
        "Buenos días, ¿me ayudan?".encode(),
        {
            "texto": "Buenos días, ¿me ayudan?",
            "fallas": {Falla.SIN_ENCABEZADOS, Falla.REMITENTE, Falla.FECHA},
        },
    )
    yield "solo-encabezados", CABEZA.format("x").encode(), {"texto": "", "piezas": []}
    yield (
        "sin-linea-vacia",
        CABEZA.format("x").encode() + b"Hola, esto es el cuerpo\nsin separar",
        {
            "texto": "Hola, esto es el cuerpo\nsin separar",
            "fallas": {Falla.ENCABEZADO},
        },
    )
    bueno = con(texto(), adjunto("acta.pdf"))
    saludo = "Cordial saludo. Adjunto el documento."
    bien: Espera = {"texto": saludo, "piezas": ["acta.pdf"], "fallas": set()}
    yield "unix", bueno, bien
    yield "windows", bueno.replace(b"\n", b"\r\n"), bien
    yield "mac", bueno.replace(b"\n", b"\r"), bien
    yield "mbox", b"From ana@x Tue Mar 3 08:44:12 2026\n" + bueno, bien
    yield "linea-antes", b"\r\n\r\n" + bueno.replace(b"\n", b"\r\n"), bien
    yield "preambulo", bueno.replace(b"\n\n--front", b"\n\nEste es un mensaje MIME.\n--front", 1), bien
    yield "epilogo", bueno + b"\nPie de la lista\n", bien
    yield "frontera-con-espacios", bueno.replace(b"\n--front-1\n", b"\n--front-1  \n"), bien
    yield (
        "frontera-parecida",
        con(texto("--front-1x\n" + saludo), adjunto("acta.pdf")),
        {**bien, "texto": f"--front-1x\n{saludo}"},
    )
    rara = con(texto(), adjunto("acta.pdf")).replace(b"front-1", b"=_(a'b)+c/d:e?f")
    yield "frontera-rara", rara, bien
    cortado = con(texto(), adjunto("acta.pdf"), cerrar=False)
    yield "sin-cierre", cortado, {**bien, "fallas": {Falla.FRONTERA}}
    yield "sin-frontera-dicha", bueno.replace(b'; boundary="front-1"', b""), {**bien, "fallas": {Falla.FRONTERA}}
    yield (
        "otra-frontera",
        bueno.replace(b'boundary="front-1"', b'boundary="otra"'),
        {**bien, "fallas": {Falla.FRONTERA}},
    )
    yield "frontera-vacia", bueno.replace(b'"front-1"', b'""'), {**bien, "fallas": {Falla.FRONTERA}}
    nada = mensaje("Hola", tipo="multipart/mixed")
    yield "multiparte-sin-partes", nada, {"texto": "Hola", "fallas": {Falla.FRONTERA}}
    yield "multiparte-vacia", mensaje("", tipo='multipart/mixed; boundary="x"'), {"texto": ""}
    mala = bueno.replace(b"MIME-Version", b"linea sin dos puntos\nMIME-Version")
    yield "encabezado-sin-dos-puntos", mala, {**bien, "fallas": {Falla.ENCABEZADO}}
    yield "nombre-con-espacio", bueno.replace(b"Content-Type: multipart", b"Content-Type : multipart"), bien
    yield "tipo-solo-text", mensaje("Hola", tipo="text"), {"texto": "Hola"}
    yield "tipo-vacio", mensaje("Hola", tipo=""), {"texto": "Hola"}
    yield "tipo-basura", mensaje("Hola", tipo="<<<>>>"), {"piezas": ["adjunto-1.bin"]}
    yield "hondo-5", _hondo(5), {"texto": "Al fondo", "fallas": set()}
    yield "hondo-19", _hondo(19), {"texto": "Al fondo", "fallas": set()}
    for niveles in (25, 100, 1000):
        yield f"hondo-{niveles}", _hondo(niveles), {"piezas": ["parte-sin-abrir.eml"], "fallas": {Falla.PROFUNDO}}
    yield "mil-partes", con(*[adjunto(f"a{n}.pdf") for n in range(1000)]), {
        "cuantas": 200, "ultima": "partes-sin-abrir.txt", "fallas": {Falla.MUCHAS_PARTES},
    }  # fmt: skip
    yield (
        "mil-fronteras",
        con(texto()).replace(b"--front-1--", b"--front-1\n" * 100_000),
        {"fallas": {Falla.MUCHAS_PARTES}},
    )
    yield "frontera-falsa-mil", con(texto("\n".join(["--front-1z"] * 30_000))), {}
    yield "encabezados-mil", b"X-A: b\n" * 50_000 + b"\nHola", {"texto": "Hola", "fallas": {Falla.ENCABEZADO}}
    yield "encabezado-enorme", b"X-A: " + b"a" * 1_500_000 + b"\nFrom: a@b.example\n\nHola", {"texto": "Hola"}
    yield "pliegues", b"Subject: a\n" + b" b\n" * 100_000 + b"\nHola", {"texto": "Hola"}
    yield "linea-enorme", mensaje(b"a" * 1_500_000), {"largo": 200_000, "fallas": {Falla.LARGO}}
    yield "grande-30-mb", con(texto(), adjunto("plano.pdf", PDF + bytes(22_000_000))), {"piezas": ["plano.pdf"]}
    yield "texto-30-mb", mensaje(b"palabra " * 3_900_000), {"largo": 200_000, "fallas": {Falla.LARGO}}
    yield "binario-30-mb", mensaje(bytes(range(256)) * 120_000, tipo="application/octet-stream"), {"cuantas": 1}
    yield (
        "alternativa",
        con(parte("plano", "text/plain"), parte("<p>rico</p>", "text/html"), tipo="alternative"),
        {"texto": "plano", "html": "<p>rico</p>"},
    )
    yield (
        "alternativa-al-reves",
        con(parte("<p>rico</p>", "text/html"), parte("plano", "text/plain"), tipo="alternative"),
        {"texto": "plano", "html": "<p>rico</p>"},
    )
    yield (
        "alternativa-plana-vacia",
        con(parte(" \n", "text/plain"), parte("<p>rico</p>", "text/html"), tipo="alternative"),
        {"texto": "rico"},
    )
    yield (
        "plano-de-relleno",
        con(parte("Su programa no admite HTML.", "text/plain"), parte("<p>rico</p>", "text/html"), tipo="alternative"),
        {"texto": "rico"},
    )
    yield (
        "solo-html",
        mensaje("<p>Uno</p><ul><li>dos<li>tres</ul>cuatro", tipo="text/html"),
        {"texto": "Uno\n\n- dos\n- tres\n\ncuatro"},
    )
    yield "texto-adjunto-texto", con(texto("Arriba"), adjunto("a.pdf"), texto("Abajo")), {
        "texto": "Arriba\n\nAbajo", "piezas": ["a.pdf"],
    }  # fmt: skip
    yield (
        "texto-adjunto",
        con(texto(), parte("a;b", "text/csv", 'Content-Disposition: attachment; filename="d.csv"\n')),
        {"piezas": ["d.csv"]},
    )
    yield "unico-texto-dice-adjunto", mensaje("Hola", mas="Content-Disposition: attachment\n"), {"texto": "Hola"}
    yield (
        "flujo",
        mensaje("Una línea que \nsigue\n> cita que \n> sigue", tipo="text/plain; format=flowed"),
        {"texto": "Una línea que sigue\n> cita que sigue"},
    )
    muchos_textos = [parte("+AOE- " * 30_000, "text/plain; charset=utf-7", codificacion="") for _ in range(60)]
    yield "muchos-textos", con(*muchos_textos), {"largo": 200_000, "fallas": {Falla.LARGO}}
    relacionada = varias(
        parte('<p>Hola<img src="cid:Logo@x"></p>', "text/html"),
        parte(PNG, "image/png", "Content-ID: <logo@x>\nContent-Disposition: inline\n"),
        parte(PDF, "application/pdf", 'Content-Disposition: attachment; filename="acta.pdf"\n'),
        tipo="related", frontera="rel",
    )  # fmt: skip
    yield "relacionada", con(relacionada), {"texto": "Hola", "piezas": ["acta.pdf"], "incrustadas": 1}


# --- Transfer encodings ------------------------------------------------------------------------------------------
@familia
def transporte() -> Iterator[tuple[str, bytes, Espera]]:
    b64 = base64.encodebytes(PDF * 10).decode()
    for forma_, cuerpo, entero in (
        ("bueno", b64, True),
        ("una-linea", b64.replace("\n", ""), True),
        ("espacios", b64.replace("\n", " \r\n"), True),
        ("sin-relleno", base64.b64encode(PDF * 10 + b"x").decode().rstrip("="), False),
        ("basura", b64.replace("\n", "\n!¡*\n"), False),
        ("dos-pegados", base64.b64encode(PDF + b"x").decode() + base64.b64encode(PDF).decode(), False),
        ("cortado", b64[:99], False),
        ("solo-iguales", "=" * 5000, False),
        ("mil-iguales", "QQ==" * 5000, False),
        ("vacio", "", True),
    ):
        pieza = (
            "Content-Type: application/pdf\nContent-Disposition: attachment; filename=a.pdf\n"
            f"Content-Transfer-Encoding: base64\n\n{cuerpo}"
        )
        espera: Espera = {"piezas": ["a.pdf"], "fallas": set() if entero else {Falla.CODIFICACION}}
        yield f"base64-{forma_}", con(texto(), pieza.encode()), espera
    for forma_, cuerpo, dice in (
        ("qp-roto", "a=C3=B1o =ZZ =", "año =ZZ"),
        ("qp-minusculas", "a=c3=b1o", "año"),
        ("qp-crudo", "año", "año"),
    ):
        yield forma_, mensaje(cuerpo, codificacion="quoted-printable"), {"texto": dice}
    yield "inventada", mensaje("Hola", codificacion="x-raro"), {"texto": "Hola", "fallas": {Falla.CODIFICACION}}
    uu = b"begin 644 a.pdf\n" + binascii.b2a_uu(PDF) + b"`\nend\n"
    yield "uu", con(texto(), parte(uu, "application/pdf; name=a.pdf", codificacion="").replace(
        b"\n\n", b"\nContent-Transfer-Encoding: x-uuencode\n\n", 1
    )), {"piezas": ["a.pdf"], "contenido": PDF}  # fmt: skip
    yield "uu-roto", con(texto(), parte(b"begin\xff\xfe", "application/pdf; name=a.pdf", codificacion="").replace(
        b"\n\n", b"\nContent-Transfer-Encoding: x-uuencode\n\n", 1
    )), {"piezas": ["a.pdf"], "fallas": {Falla.CODIFICACION}}  # fmt: skip


# --- Messages inside, calendars, sealed --------------------------------------------------------------------------
@familia
def dentro() -> Iterator[tuple[str, bytes, Espera]]:
    interno = mensaje("Texto del de adentro", asunto="El original: ¿sí?", cabeza="From: Beto <beto@otra.example>\n")
    yield "rfc822", con(texto(), parte(interno, "message/rfc822", codificacion="")), {
        "piezas": ["El original_ ¿sí_.eml"], "reenviado": ("beto@otra.example", "Texto del de adentro"),
    }  # fmt: skip
    yield (
        "rfc822-base64",
        con(texto(), parte(interno, "message/rfc822")),
        {"reenviado": ("beto@otra.example", "Texto del de adentro")},
    )
    carta = 'Content-Disposition: attachment; filename="carta"\n'
    con_nombre = con(texto(), parte(interno, "message/rfc822", carta, codificacion=""))
    yield "rfc822-con-nombre", con_nombre, {"piezas": ["carta.eml"]}
    yield "rfc822-solo", mensaje(interno, tipo="message/rfc822"), {"cuantas": 1, "texto": ""}
    yield "rfc822-vacio", con(texto(), parte(b"", "message/rfc822", codificacion="")), {"piezas": ["mensaje.eml"]}
    otro = interno
    for _ in range(30):
        otro = mensaje(otro, tipo="message/rfc822", asunto="Uno dentro de otro")
    yield "rfc822-treinta", otro, {"cuantas": 1, "cuarentena": 1}
    saludo = "Cordial saludo. Adjunto el documento."
    malo = con(texto(), adjunto("factura.exe", b"MZ" + bytes(600)), frontera="nivel-0")
    for nivel in (1, 2, 3):
        malo = con(texto(), parte(malo, "message/rfc822", codificacion=""), frontera=f"nivel-{nivel}")
        yield f"rfc822-con-programa-{nivel}", malo, {"cuantas": 1, "cuarentena": 1, "texto": saludo}
    yield "eml-con-programa", con(texto(), adjunto("carta.eml", malo, "application/octet-stream")), {"cuarentena": 1}
    muchos = [parte(con(*[texto()] * 90, frontera="otra"), "message/rfc822", codificacion="") for _ in range(90)]
    yield "rfc822-ocho-mil-partes", con(*muchos), {"cuantas": 90}
    yield "digest", con(b"\n" + interno, b"\n" + interno, tipo="digest"), {"cuantas": 2}
    ics = (
        "BEGIN:VCALENDAR\nMETHOD:{}\nBEGIN:VEVENT\nSUMMARY:Mesa de trabajo\\, MIPG\nDTSTART:20260310T140000Z\n"
        "LOCATION:Sala 2\nORGANIZER;CN=Ana:mailto:ana@x.example\nEND:VEVENT\nEND:VCALENDAR\n"
    )
    for metodo, robot in (("REQUEST", False), ("REPLY", True), ("CANCEL", True), ("PUBLISH", False)):
        crudo = con(
            texto(), parte(ics.format(metodo), f"text/calendar; method={metodo}; charset=utf-8"), tipo="alternative"
        )
        yield f"calendario-{metodo}", crudo, {"calendario": metodo, "robot": robot, "piezas": ["adjunto-1.ics"]}
    yield (
        "calendario-solo",
        mensaje(ics.format("REQUEST"), tipo="text/calendar"),
        {"texto": "Invitación: Mesa de trabajo, MIPG\nInicio: 20260310T140000Z\nSala 2"},
    )
    yield "calendario-roto", mensaje("BEGIN:VCALENDAR\nSUMM", tipo="text/calendar"), {"calendario": ""}
    firmado = con(texto(), parte(b"firma", 'application/pkcs7-signature; name="smime.p7s"'), tipo="signed")
    yield "smime-firmado", firmado, {"firmado": True, "piezas": [], "incrustadas": 1, "fallas": set()}
    pgp = con(texto(), parte(b"firma", "application/pgp-signature"), tipo="signed")
    yield "pgp-firmado", pgp, {"firmado": True, "piezas": [], "incrustadas": 1}
    yield "smime-cifrado", mensaje(
        base64.encodebytes(b"\x30\x82" * 50),
        tipo='application/pkcs7-mime; smime-type=enveloped-data; name="smime.p7m"',
        codificacion="base64",
    ), {"cifrado": True, "piezas": ["smime.p7m"], "fallas": {Falla.CIFRADO}}  # fmt: skip
    yield "pgp-cifrado", con(
        parte("Version: 1", "application/pgp-encrypted"),
        parte("-----BEGIN PGP MESSAGE-----", "application/octet-stream"),
        tipo="encrypted",
    ), {"cifrado": True, "piezas": ["parte-sin-abrir.eml"], "fallas": {Falla.CIFRADO}}  # fmt: skip
    yield (
        "pgp-en-linea",
        mensaje("-----BEGIN PGP MESSAGE-----\n\nhQEMA\n-----END PGP MESSAGE-----\n"),
        {"cifrado": True},
    )
    acuse = con(
        texto("Se mostró el mensaje"),
        parte(
            "Disposition: manual-action/MDN-sent-manually; displayed",
            "message/disposition-notification",
            codificacion="",
        ),
        tipo="report",
    )
    yield "acuse-de-lectura", acuse, {"acuse": True, "robot": True}


# --- winmail.dat -------------------------------------------------------------------------------------------------
def tnef(*archivos: tuple[str, bytes], cuerpo: str = "", largo: bool = True) -> bytes:
    """The bytes that Outlook writes, by the format's own document: checked against the reader, never by it."""

    def atributo(nivel: int, numero: int, datos: bytes) -> bytes:
        return struct.pack("<BII", nivel, numero, len(datos)) + datos + struct.pack("<H", sum(datos) & 0xFFFF)

    def propiedad(numero: int, valor: str) -> bytes:
        crudo = (valor + "\0").encode("utf-16-le")
        relleno = b"\0" * (-len(crudo) % 4)
        return struct.pack("<HHII", 0x1F, numero, 1, len(crudo)) + crudo + relleno

    trozos = [b"\x78\x9f\x3e\x22\x01\x00", atributo(1, 0x00069007, struct.pack("<II", 1252, 0))]
    if cuerpo:
        trozos.append(atributo(1, 0x0002800C, cuerpo.encode("cp1252") + b"\0"))
    for nombre_, datos in archivos:
        trozos.append(atributo(2, 0x00069002, b"\x01\0" + b"\xff" * 4 + b"\0" * 8))
        trozos.append(atributo(2, 0x0006800F, datos))
        trozos.append(atributo(2, 0x00018010, nombre_.encode("cp1252", "replace")[:12] + b"\0"))
        if largo:
            fijas = struct.pack("<HHI", 0x3, 0x3705, 1) + struct.pack("<HHB3x", 0xB, 0x7FFE, 1)
            nombrada = struct.pack("<HH", 0x3, 0x8001) + b"\x11" * 16 + struct.pack("<III", 0, 7, 9)
            propias = struct.pack("<I", 4) + fijas + nombrada + propiedad(0x3707, nombre_)
            trozos.append(atributo(2, 0x00069005, propias))
    return b"".join(trozos)


@familia
def outlook() -> Iterator[tuple[str, bytes, Espera]]:
    largo = "Justificación técnica según TVD – año.pdf"

    def sobre(datos: bytes, nombre_: str = "winmail.dat", tipo: str = "application/ms-tnef") -> bytes:
        return con(texto(), adjunto(nombre_, datos, tipo))

    yield "un-archivo", sobre(tnef((largo, PDF))), {"piezas": [largo], "incrustadas": 1, "fallas": set()}
    yield "dos", sobre(tnef(("a.pdf", PDF), ("b.pdf", PDF))), {"piezas": ["a.pdf", "b.pdf"], "incrustadas": 1}
    yield "nombre-corto", sobre(tnef(("acta.pdf", PDF), largo=False)), {"piezas": ["acta.pdf"]}
    yield "por-nombre", sobre(tnef((largo, PDF)), tipo="application/octet-stream"), {"piezas": [largo]}
    yield "programa", sobre(tnef(("factura.exe", b"MZ\0\0"))), {"piezas": ["factura.exe"], "cuarentena": 1}
    yield "ruta", sobre(tnef(("..\\..\\acta.pdf", PDF))), {"piezas": ["acta.pdf"]}
    yield "solo-texto", sobre(tnef(cuerpo="Año nuevo")), {"piezas": [], "incrustadas": 1}
    solo = tnef(cuerpo="Señores: solicitamos apoyo.")
    yield "todo-en-el-sobre", con(adjunto("winmail.dat", solo, "application/ms-tnef")), {
        "texto": "Señores: solicitamos apoyo.",
    }  # fmt: skip
    yield "cortado", sobre(tnef((largo, PDF), (largo, PDF))[:-60]), {"cuantas": 3, "fallas": {Falla.TNEF}}
    yield "no-es", sobre(b"cualquier cosa"), {"piezas": ["winmail.dat"], "fallas": {Falla.TNEF}}
    yield "solo-cabeza", sobre(b"\x78\x9f\x3e\x22\x01\x00"), {"piezas": ["winmail.dat"]}
    loco = tnef((largo, PDF)).replace(struct.pack("<I", 4), b"\xff\xff\xff\xff")
    yield "cuentas-locas", sobre(loco), {}
    yield "mil", sobre(tnef(*[(f"{n}.pdf", PDF) for n in range(1000)])), {"cuantas": 51}


# --- Files that run ----------------------------------------------------------------------------------------------
def en_zip(*nombres: str) -> bytes:
    flujo = io.BytesIO()
    with zipfile.ZipFile(flujo, "w") as archivo:
        for uno in nombres:
            archivo.writestr(uno, "x" * 50)
    return flujo.getvalue()


_CORREN = "exe scr js vbs ps1 bat cmd lnk hta jar iso docm xlsm msi reg url".split()  # noqa: SIM905


@familia
def programa() -> Iterator[tuple[str, bytes, Espera]]:
    malos: list[tuple[str, bytes]] = [
        *[(f"factura.{extension}", b"x" * 600) for extension in _CORREN],
        ("factura.pdf.exe", PDF),
        ("FACTURA.PDF.EXE", PDF),
        ("factura.pdf .exe ", PDF),
        ("factura.exe.", PDF),
        ("factura\u202efdp.exe", PDF),
        ("factura\u202eexe.pdf", PDF),
        ("factura.pdf", b"MZ\x90\0" + b"\0" * 600),
        ("factura.pdf", b"\x7fELF" + b"\0" * 600),
        ("factura.txt", b"#!/bin/sh\nrm -rf /\n"),
        ("factura.png", b"L\0\0\0\x01\x14\x02\0" + b"\0" * 100),
        ("factura.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "_VBA_PROJECT".encode("utf-16-le")),
        ("factura.zip", en_zip("leame.txt", "carpeta/factura.exe")),
        ("factura.zip", en_zip("factura.pdf.js")),
        ("factura.docx", en_zip("[Content_Types].xml", "word/vbaProject.bin")),
        ("factura.zip", en_zip("factura.exe")[:60]),
        ("factura.zip", b"PK\x03\x04" + bytes(26) + (b"PK\x03\x04" + bytes(26)) * 6000),
    ]  # fmt: skip
    for lugar, (nombre_, contenido) in enumerate(malos):
        pieza = parte(
            contenido, "application/octet-stream", f'Content-Disposition: attachment; filename="{nombre_}"\n'
        )
        yield f"{lugar:02}", con(texto(), pieza), {"cuarentena": 1}
    buenos: list[tuple[str, bytes]] = [
        ("acta.pdf", PDF), ("datos.csv", b"MZ;1\n"), ("todo.zip", en_zip("acta.pdf", "fotos/a.png")),
        ("carta.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600), ("v1.2.pdf", PDF), ("Dra. Ruiz.pdf", PDF),
        ("acta de com.pdf", PDF), ("sin extension", PDF),
    ]  # fmt: skip
    for lugar, (nombre_, contenido) in enumerate(buenos):
        yield (
            f"no-{lugar:02}",
            con(texto(), adjunto(nombre_, contenido, "application/octet-stream")),
            {"cuarentena": 0},
        )
