"""From the tree of a message, what it says and the files it brings."""

import binascii
import hashlib
import re
from dataclasses import dataclass, field, replace

from archivos import nombres
from buzones.mime import calendario as de_calendario
from buzones.mime import ejecutables, encabezados, limpiar_html, tnef
from buzones.mime.arbol import Lector, Nodo
from buzones.mime.juegos import decodificar, limpio
from buzones.mime.partes import Calendario, Defecto, Direccion, Falla, Pieza, Reenviado

TEXTO_MAXIMO = 200_000
_BYTES_DE_TEXTO = 1_000_000
_MENSAJES_ABIERTOS = 3  # whose text is told
_NIVELES_DE_MENSAJES = 4
_SIN_REVISAR = "No se pudo revisar por dentro: está en el original."
_EXTENSIONES = {
    "application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg", "image/gif": "gif", "text/plain": "txt",
    "text/html": "html", "text/calendar": "ics", "text/csv": "csv", "message/rfc822": "eml", "application/zip": "zip",
    "message/delivery-status": "txt", "message/disposition-notification": "txt", "text/rfc822-headers": "txt",
    "application/pgp-signature": "asc", "application/pgp-encrypted": "asc", "text/vcard": "vcf", "text/x-vcard": "vcf",
    "application/pkcs7-signature": "p7s", "application/x-pkcs7-signature": "p7s", "application/pkcs7-mime": "p7m",
    "application/x-pkcs7-mime": "p7m", "application/ms-tnef": "dat", "application/vnd.ms-tnef": "dat",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx", "application/msword": "doc",
    "application/vnd.ms-excel": "xls", "audio/mpeg": "mp3", "audio/ogg": "ogg", "video/mp4": "mp4",
    "image/webp": "webp",
}  # fmt: skip
_MENSAJES = {"message/rfc822", "message/global", "message/news"}
_CERRADOS = {"application/pkcs7-mime", "application/x-pkcs7-mime"}
_FIRMAS = {"application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature"}
_PGP = re.compile(r"^-----BEGIN PGP MESSAGE-----\s{0,5}$", re.MULTILINE)
_SIN_HTML = re.compile(
    r"(?:does(?: not|n't) support html|no (?:admite|soporta) html|compatible (?:con|with) html"
    r"|html (?:viewer|client))",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Cuerpo:
    texto: str = ""
    html: str = ""
    piezas: list[Pieza] = field(default_factory=list)
    calendario: Calendario | None = None
    reenviados: list[Reenviado] = field(default_factory=list)
    acuse_de_lectura: bool = False
    firmado: bool = False
    cifrado: bool = False


@dataclass(slots=True)
class _Dicho:
    """What one part says, in one form or in both."""

    plano: str | None = None
    html: str | None = None

    @property
    def texto(self) -> str:
        if self.plano is not None and (self.html is None or not _vacio(self.plano)):
            return self.plano
        return limpiar_html.a_texto(self.html) if self.html is not None else ""


def _vacio(plano: str) -> bool:
    return not plano.strip() or (len(plano) < 400 and _SIN_HTML.search(plano) is not None)


def leer(lector: Lector, raiz: Nodo) -> Cuerpo:
    return _Recolector(lector).todo(raiz)


class _Recolector:
    def __init__(self, lector: Lector, *, nivel: int = 0) -> None:
        self.lector = lector
        self.crudo = lector.crudo
        self.defectos = lector.defectos
        self.cuerpo = Cuerpo()
        self.nivel = nivel  # how many messages it is inside of
        self.sobre: tnef.Sobre | None = None
        self.relacionadas: set[int] = set()

    def todo(self, raiz: Nodo) -> Cuerpo:
        dicho = self._nodo(raiz, solo=not raiz.hijos)
        if self.sobre and not dicho.texto.strip():  # all it says came in Outlook's envelope
            html = decodificar(self.sobre.html[:_BYTES_DE_TEXTO], _juego_del_html(self.sobre.html))[0]
            dicho = _Dicho(self.sobre.texto or None, limpio(html) or dicho.html)
        cuerpo = self.cuerpo
        cuerpo.texto = self._acortado(limpio(dicho.texto).replace("\ufeff", "").strip())
        if dicho.html is not None and limpiar_html.demasiado(dicho.html):
            self._anotar(Falla.HTML, "Su HTML es demasiado grande o está hecho para estorbar: se muestra el texto.")
        elif dicho.html is not None:
            self._mostrar(dicho.html)
        if not cuerpo.texto and cuerpo.calendario:
            cuerpo.texto = de_calendario.en_palabras(cuerpo.calendario)
        if _PGP.search(cuerpo.texto):
            cuerpo.cifrado = True
        if cuerpo.cifrado:
            self._anotar(Falla.CIFRADO, "Está cifrado: se guarda entero para que una persona lo abra.")
        return cuerpo

    def _acortado(self, texto: str) -> str:
        if len(texto) > TEXTO_MAXIMO:
            self._anotar(Falla.LARGO, "El texto es muy largo: se muestra el comienzo; todo está en el original.")
        return texto[:TEXTO_MAXIMO]

    def _anotar(self, clave: Falla, dice: str) -> None:
        self.defectos.append(Defecto(clave, dice))

    def _mostrar(self, html: str) -> None:
        citadas = limpiar_html.citadas(html[: 2 * limpiar_html.HTML_MAXIMO])
        por_cid = {p.identificador: p.contenido for p in self.cuerpo.piezas if p.identificador in citadas}
        self.cuerpo.html = limpiar_html.limpiar(html, por_cid)
        # Shown inside the message, or part of what its HTML is made of.
        self.cuerpo.piezas = [
            replace(p, incrustada=True)
            if p.identificador in citadas or (p.orden in self.relacionadas and p.tipo.startswith("image/"))
            else p
            for p in self.cuerpo.piezas
        ]

    # --- The walk ------------------------------------------------------------------------------------------------
    def _nodo(self, nodo: Nodo, *, solo: bool = False, en_informe: bool = False) -> _Dicho:
        if nodo.entera:
            return self._entera(nodo)
        if nodo.tipo.startswith("multipart/") and nodo.hijos:
            return self._varias(nodo)
        if nodo.tipo in _MENSAJES:
            return self._mensaje(nodo, en_informe=en_informe)
        disposicion, parametros = encabezados.con_parametros(nodo.valor("content-disposition") or b"")
        nombre = parametros.get("filename") or nodo.parametros.get("name", "")
        # A message that is only one text is its text, whatever it says of itself.
        es_texto = nodo.tipo in {"text/plain", "text/html", "text/enriched", "text/richtext"}
        if es_texto and not nombre and (solo or disposicion != "attachment"):
            return self._texto(nodo)
        if nodo.tipo == "text/calendar" or (
            nombre.lower().endswith(".ics") and nodo.tipo.startswith(("text/", "app"))
        ):
            self._calendario(nodo)
        if nodo.tipo == "message/disposition-notification":
            self.cuerpo.acuse_de_lectura = True
        contenido, defecto = self._contenido(nodo)
        if not contenido and solo and not nombre:
            return _Dicho()  # an empty message
        self._pieza(nodo, nombre, contenido, defecto)
        return _Dicho()

    def _varias(self, nodo: Nodo) -> _Dicho:
        if nodo.tipo == "multipart/alternative":
            return self._alternativa([self._nodo(hijo) for hijo in nodo.hijos])
        if nodo.tipo == "multipart/signed":
            self.cuerpo.firmado = True
        if nodo.tipo == "multipart/related":
            return self._relacionadas(nodo)
        en_informe = nodo.tipo == "multipart/report"
        return self._seguidas([self._nodo(hijo, en_informe=en_informe) for hijo in nodo.hijos])

    def _alternativa(self, dichos: list[_Dicho]) -> _Dicho:
        planos = [d.plano for d in dichos if d.plano is not None]
        htmls = [d.html for d in dichos if d.html is not None]
        return _Dicho(
            next((plano for plano in planos if plano.strip()), planos[0] if planos else None),
            next((html for html in reversed(htmls) if html.strip()), None),
        )

    def _relacionadas(self, nodo: Nodo) -> _Dicho:
        inicial = nodo.parametros.get("start", "").strip("<> ").lower()
        raiz = next((h for h in nodo.hijos if inicial and _identificador(h) == inicial), nodo.hijos[0])
        dicho = self._nodo(raiz)
        antes = len(self.cuerpo.piezas)
        otros = [self._nodo(hijo) for hijo in nodo.hijos if hijo is not raiz]
        self.relacionadas |= {p.orden for p in self.cuerpo.piezas[antes:]}
        return self._seguidas([dicho, *otros])

    def _seguidas(self, dichos: list[_Dicho]) -> _Dicho:
        """One after another: the text of each, in its best form, and the HTML when any has it."""
        dichos = [d for d in dichos if d.plano is not None or d.html is not None]
        if len(dichos) <= 1:
            return dichos[0] if dichos else _Dicho()
        if all(d.html is None for d in dichos):
            return _Dicho("\n\n".join(d.plano.strip() for d in dichos if d.plano and d.plano.strip()))
        html = "\n".join(d.html if d.html is not None else _como_html(d.plano or "") for d in dichos)
        if all(d.plano is None for d in dichos):
            return _Dicho(None, html)
        textos = [d.texto.strip() for d in dichos]
        return _Dicho("\n\n".join(filter(None, textos)), html)

    def _texto(self, nodo: Nodo) -> _Dicho:
        contenido, defecto = self._contenido(nodo)
        tope = min(_BYTES_DE_TEXTO, self.lector.presupuesto.texto)
        if len(contenido) > tope:
            self._anotar(Falla.LARGO, "El texto es muy largo: se muestra el comienzo; todo está en el original.")
            self._pieza(nodo, "", contenido, defecto)
            contenido = contenido[:tope]
        self.lector.presupuesto.texto -= len(contenido)
        declarado = nodo.parametros.get("charset", "")
        if not declarado and nodo.tipo == "text/html":
            declarado = _juego_del_html(contenido)
        texto, bien = decodificar(contenido, declarado)
        if not bien:
            self._anotar(Falla.JUEGO, "Sus letras vienen en otro juego de caracteres del que dice, o mezclado.")
        texto = limpio(texto)
        if nodo.tipo == "text/html":
            return _Dicho(None, texto)
        if nodo.tipo in {"text/enriched", "text/richtext"}:
            texto = re.sub(r"</?[A-Za-z][A-Za-z-]{0,60}>", "", texto.replace("<<", "‹"))
        elif nodo.parametros.get("format", "").lower() == "flowed":
            texto = _sin_flujo(texto, nodo.parametros.get("delsp", "").lower() == "yes")
        return _Dicho(texto)

    def _entera(self, nodo: Nodo) -> _Dicho:
        """Kept as it came, with its headers: to be opened elsewhere as a message."""
        if nodo.tipo == "multipart/encrypted":
            self.cuerpo.cifrado = True
        es_resto = nodo.tipo == "application/octet-stream"
        nombre = "partes-sin-abrir.txt" if es_resto else "parte-sin-abrir.eml"
        # What is encrypted, a person opens with his own program. The rest may hide anything.
        cuarentena = "" if nodo.tipo == "multipart/encrypted" else _SIN_REVISAR
        self._agregar(
            nombre, nodo.tipo, self.crudo[nodo.cabeza : nodo.fin], defecto=nodo.entera, cuarentena=cuarentena
        )
        return _Dicho()

    def _mensaje(self, nodo: Nodo, *, en_informe: bool) -> _Dicho:
        contenido, defecto = self._contenido(nodo)
        disposicion = encabezados.con_parametros(nodo.valor("content-disposition") or b"")[1]
        nombre = disposicion.get("filename") or nodo.parametros.get("name", "")
        dicho, cuarentena = self._por_dentro(contenido, contar=not en_informe)
        if not nombre:
            nombre = f"{dicho.asunto[:100] or 'mensaje'}.eml"
        elif not nombre.lower().endswith((".eml", ".msg")):
            nombre += ".eml"
        self._agregar(
            nombre,
            nodo.tipo,
            contenido,
            defecto=defecto,
            cuarentena=cuarentena,
            identificador=_identificador(nodo),
        )
        return _Dicho()

    def _por_dentro(self, contenido: bytes, *, contar: bool) -> tuple[Reenviado, str]:
        """Who wrote the message that came inside, and why it is not handed over: what runs may hide in it."""
        campos = encabezados.separar(contenido, 0, min(len(contenido), 300_000))[0]
        dichos: dict[str, bytes] = {}
        for clave, valor in campos:
            dichos.setdefault(clave, valor)
        halladas = encabezados.direcciones(dichos.get("from", b""))[0]
        reenviado = Reenviado(
            halladas[0] if halladas else Direccion("", ""),
            encabezados.legible(dichos.get("subject", b""))[0][:300],
            encabezados.legible(dichos.get("date", b""))[0][:100],
        )
        if self.nivel >= _NIVELES_DE_MENSAJES or self.lector.presupuesto.partes <= 0:
            return reenviado, "Trae demasiados mensajes, uno dentro de otro: no se pudo revisar."
        lector = Lector(contenido, self.lector.presupuesto)
        adentro = _Recolector(lector, nivel=self.nivel + 1)
        raiz = lector.leer()
        dicho = adentro._nodo(raiz, solo=not raiz.hijos)
        mala = next((p for p in adentro.cuerpo.piezas if p.cuarentena), None)
        if contar and self.nivel == 0 and len(self.cuerpo.reenviados) < _MENSAJES_ABIERTOS:
            reenviado = replace(reenviado, texto=limpio(dicho.texto[:50_000]).strip())
            self.cuerpo.reenviados.append(reenviado)
        return reenviado, f"Trae por dentro «{mala.nombre[:80]}». {mala.cuarentena}" if mala else ""

    def _calendario(self, nodo: Nodo) -> None:
        if self.cuerpo.calendario is None:
            contenido, _ = self._contenido(nodo)
            texto = limpio(decodificar(contenido[:_BYTES_DE_TEXTO], nodo.parametros.get("charset", ""))[0])
            self.cuerpo.calendario = de_calendario.leer(texto, nodo.parametros.get("method", ""))

    # --- Bytes and files -----------------------------------------------------------------------------------------
    def _contenido(self, nodo: Nodo) -> tuple[bytes, str]:
        """The bytes of the part as they were before travelling, and what was wrong with them."""
        crudo = self.crudo[nodo.inicio : nodo.fin]
        como = nodo.codificacion
        if como == "base64":
            contenido, bien = encabezados.de_base64(crudo)
            # A line of text after the end (a list's footer) is no damage.
            if not bien:
                self._anotar(Falla.CODIFICACION, "Una parte está cortada o dañada (base64).")
                return contenido, "Está cortado o dañado."
            return contenido, ""
        if como == "quoted-printable":
            return binascii.a2b_qp(crudo), ""
        if como in {"x-uuencode", "uuencode", "x-uue", "uue"}:
            return self._de_uu(crudo)
        if como not in {"", "7bit", "8bit", "binary"}:
            self._anotar(Falla.CODIFICACION, "Una parte dice venir codificada de un modo que no existe.")
        return crudo, ""

    def _de_uu(self, crudo: bytes) -> tuple[bytes, str]:
        salida: list[bytes] = []
        empezo = False
        for linea in crudo.replace(b"\r", b"").split(b"\n"):
            if not empezo:
                empezo = linea.startswith(b"begin ")
                continue
            if linea.strip() in (b"end", b"`"):
                return b"".join(salida), ""
            try:
                salida.append(binascii.a2b_uu(linea))
            except binascii.Error:
                break
        self._anotar(Falla.CODIFICACION, "Una parte está cortada o dañada (uuencode).")
        return (b"".join(salida) if empezo else crudo), "Está cortado o dañado."

    def _pieza(self, nodo: Nodo, nombre: str, contenido: bytes, defecto: str) -> None:
        es_tnef = nodo.tipo in {"application/ms-tnef", "application/vnd.ms-tnef"} or nombre.lower() == "winmail.dat"
        if nodo.tipo in _CERRADOS:
            de_que = nodo.parametros.get("smime-type", "").lower()
            self.cuerpo.cifrado = de_que not in {"certs-only", "signed-receipt"}
            defecto = defecto or "Está cifrado o sellado: hay que abrirlo con un programa de correo."
        if es_tnef:
            self._tnef(nodo, nombre, contenido)
            return
        cuarentena = ""
        if nombre.lower().endswith(".eml"):  # a message that says to be another thing
            cuarentena = self._por_dentro(contenido, contar=False)[1]
        self._agregar(
            nombre,
            nodo.tipo,
            contenido,
            defecto=defecto,
            cuarentena=cuarentena,
            incrustada=nodo.tipo in _FIRMAS and self.cuerpo.firmado,
            identificador=_identificador(nodo),
        )

    def _tnef(self, nodo: Nodo, nombre: str, contenido: bytes) -> None:
        sobre = tnef.leer(contenido)
        if sobre is None or sobre.cortado:
            self._anotar(Falla.TNEF, "El sobre de Outlook (winmail.dat) está dañado.")
        leido = sobre is not None and bool(sobre.archivos or sobre.texto or sobre.html)
        self._agregar(
            nombre or "winmail.dat",
            nodo.tipo,
            contenido,
            incrustada=leido,
            defecto="" if leido else "Es un sobre de Outlook que no se pudo abrir.",
        )
        self.sobre = self.sobre or sobre
        for uno, tipo, datos in sobre.archivos if sobre else ():
            self._agregar(uno, tipo if "/" in tipo else "application/octet-stream", datos)

    def _agregar(
        self,
        nombre: str,
        tipo: str,
        contenido: bytes,
        *,
        defecto: str = "",
        cuarentena: str = "",
        incrustada: bool = False,
        identificador: str = "",
    ) -> None:
        orden = len(self.cuerpo.piezas) + 1
        puesto = nombre or f"adjunto-{orden}.{_EXTENSIONES.get(tipo, 'bin')}"
        self.cuerpo.piezas.append(
            Pieza(
                orden=orden,
                nombre=nombres.limpiar(puesto),
                tipo=tipo[:200],
                contenido=contenido,
                sha256=hashlib.sha256(contenido).hexdigest(),
                incrustada=incrustada,
                defecto=defecto or ("" if contenido else "Está vacío."),
                cuarentena=cuarentena or ejecutables.motivo(puesto, contenido),
                identificador=identificador,
            )
        )


def _identificador(nodo: Nodo) -> str:
    valor = nodo.valor("content-id")
    return encabezados.legible(valor)[0].strip("<> ").lower()[:200] if valor else ""


def _como_html(plano: str) -> str:
    escapado = plano.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return "<div>" + escapado.replace("\n", "<br>\n") + "</div>"


_META = re.compile(rb"<meta[^<>]{0,200}charset\s{0,5}=\s{0,5}[\"']?([\w-]{1,40})", re.IGNORECASE)


def _juego_del_html(contenido: bytes) -> str:
    hallado = _META.search(contenido[:4096])
    return hallado[1].decode("ascii", "ignore") if hallado else ""


def _sin_flujo(texto: str, sin_espacio: bool) -> str:
    """format=flowed (RFC 3676): a line that ends in a space goes on in the next, at the same level of quoting."""
    salida: list[str] = []
    seguir, nivel = False, ""
    for linea in texto.split("\n"):
        sin_marca = linea.lstrip(">")
        marca = linea[: len(linea) - len(sin_marca)]
        cuerpo = sin_marca.removeprefix(" ")
        fluye = cuerpo.endswith(" ") and cuerpo != "-- "
        if seguir and marca == nivel and cuerpo != "-- ":
            salida[-1] += cuerpo
        else:
            salida.append(f"{marca} {cuerpo}" if marca else cuerpo)
        if fluye and sin_espacio:
            salida[-1] = salida[-1][:-1]
        seguir, nivel = fluye, marca
    return "\n".join(salida)
