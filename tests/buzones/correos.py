"""Rows of the ledger, as whoever reads the mailboxes leaves them."""

from email.message import EmailMessage
from typing import Any
from uuid import uuid4

from django.utils import timezone

from buzones.estados import Clase, EstadoAdjunto, EstadoCorreo, Origen
from buzones.mime.desarmar import desarmar
from buzones.models import Adjunto, Correo, Llegada
from buzones.services import guardar
from tests.fabricas import escribiendo
from tests.soporte.elenco import Elenco


def correo(elenco: Elenco, **datos: Any) -> Correo:
    """One that nobody decided yet, of the mailbox of Desarrollo Institucional unless it says another."""
    numero = uuid4().int % 10**6
    propios: dict[str, Any] = {
        "numero": f"CR-1999-{numero:06d}",
        "huella": uuid4().hex * 2,
        "mensaje_id": f"<{uuid4().hex}@entidad.example>",
        "de_correo": "jimena.tovar@entidad.example",
        "de_nombre": "Jimena Tovar",
        "asunto": "Duda sobre integridad",
        "texto": "Queremos saber cómo se mide la integridad.",
        "recibido_en": timezone.now(),
        "fecha_efectiva": timezone.localdate(),
        "clase": Clase.POR_CLASIFICAR,
        "estado": EstadoCorreo.POR_CLASIFICAR,
        "razones": ["Nadie lo comprobó."],
        "dependencias": [elenco.desarrollo.pk, elenco.tecnica.pk],
    }
    with escribiendo():
        return Correo.objects.create(**propios | datos)


def correo_de(elenco: Elenco, crudo: bytes, **datos: Any) -> Correo:
    """What the ledger keeps of a raw message: its llegada, the correo and its pieces, tied."""
    leido = desarmar(crudo)
    suya = guardar(crudo, origen=Origen.COMANDO, casilla=datos.pop("casilla", None))
    propios = {
        "huella": leido.huella,
        "mensaje_id": leido.mensaje_id,
        "de_correo": leido.de.correo,
        "de_nombre": leido.de.nombre,
        "para": [[d.nombre, d.correo] for d in leido.para],
        "asunto": leido.asunto[:300],
        "texto": leido.texto,
        "html": leido.html,
    }
    fila = correo(elenco, **propios | datos)
    with escribiendo():
        Llegada.objects.filter(pk=suya.pk).update(correo=fila, estado="procesada")
        for pieza in leido.piezas:
            estado = EstadoAdjunto.CUARENTENA if pieza.cuarentena else EstadoAdjunto.DISPONIBLE
            Adjunto.objects.create(
                correo=fila,
                orden=pieza.orden,
                nombre=pieza.nombre,
                tipo_dicho=pieza.tipo,
                bytes=pieza.bytes,
                sha256=pieza.sha256,
                estado=EstadoAdjunto.INCRUSTADO if pieza.incrustada else estado,
                motivo=pieza.cuarentena[:300],
            )
    return fila


def mensaje(*piezas: tuple[str, str, bytes], html: str = "", texto: str = "Adjunto lo pedido.") -> bytes:
    """A whole message with these pieces: (name, type, content)."""
    armado = EmailMessage()
    armado["From"] = "Jimena Tovar <jimena.tovar@entidad.example>"
    armado["To"] = "mipg@prueba.example"
    armado["Subject"] = "Documentos"
    armado["Message-ID"] = f"<{uuid4().hex}@entidad.example>"
    armado.set_content(texto)
    if html:
        armado.add_alternative(html, subtype="html")
    for nombre, tipo, contenido in piezas:
        principal, _, secundario = tipo.partition("/")
        armado.add_attachment(contenido, maintype=principal, subtype=secundario, filename=nombre)
    return armado.as_bytes()
