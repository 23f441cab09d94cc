"""What goes in a sealed copy, member by member. The same state gives the same bytes: fixed dates, fixed order."""

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from archivos import almacen
from archivos.antivirus import DESCARGABLES
from avisos.models import Envio
from bandeja.models import Entrega
from bitacora.cadena import CAMPOS, textos
from bitacora.models import Cabeza, Suceso
from buzones.models import Llegada
from conceptos.models import Firma, Revision
from direcciones.models import Dependencia, Persona
from documentos import autoridad, separada
from documentos.autoridad import Identidad
from expedientes.models import Copia, CopiaPdfa, Documento, IndiceElectronico
from expedientes.services.cierre import nombre_en_la_copia
from expedientes.services.dia_por_dia import COLUMNAS, dia_por_dia
from exportaciones.escritores.textos import sin_formula
from solicitudes.models import Archivo, ConstanciaRadicacion, ExcepcionOrden, Movimiento, Parte, Solicitud
from solicitudes.services.constancias import pdf_de_constancia
from solicitudes.services.puesto import puestos_de

RECURSOS = Path(__file__).resolve().parent.parent / "recursos"
EPOCA = (1980, 1, 1, 0, 0, 0)
_TROZO = 1 << 20


class DocumentoCambiado(RuntimeError):
    """The stored bytes of a document are not those of the index: nothing is delivered until somebody looks."""


def escribir_paquete(salida: IO[bytes], *, copia: Copia, indice: IndiceElectronico, pdf: bytes) -> None:
    """Write the whole ZIP. Needs to act as the system; one document at a time in memory."""
    solicitud, quien = copia.solicitud, autoridad.identidad()
    documentos = list(copia.expediente.documentos.filter(orden__lte=indice.documentos).order_by("orden"))
    fuera = _no_incluidos(documentos)
    huellas: dict[str, str] = {}
    with zipfile.ZipFile(salida, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as contenedor:
        for nombre, contenido in _sueltos(copia, indice, pdf, documentos, fuera, quien):
            huellas[nombre] = _poner(contenedor, nombre, contenido)
        for documento in documentos:
            if documento.orden not in fuera:
                nombre = nombre_en_la_copia(documento)
                huellas[nombre] = _copiar(contenedor, nombre, documento.ruta, documento.sha256, documento)
        pdfa = _copias_pdfa(documentos, fuera)
        for documento, copia_pdfa in pdfa:
            nombre = nombre_pdfa(documento)
            if copia_pdfa is not None and copia_pdfa.ruta not in {"", documento.ruta}:
                huellas[nombre] = _copiar(contenedor, nombre, copia_pdfa.ruta, copia_pdfa.sha256, documento)
        huellas["pdfa.json"] = _poner(contenedor, "pdfa.json", _json([_dice_de_la_pdfa(*par) for par in pdfa]))
        for nombre, contenido in _de_la_historia(solicitud, timezone.localdate(copia.pedida_en)):
            huellas[nombre] = _poner(contenedor, nombre, contenido)
        manifiesto = "".join(f"{huellas[nombre]}  {nombre}\n" for nombre in sorted(huellas)).encode()
        _poner(contenedor, "manifiesto.sha256", manifiesto)
        firma = separada.firmar(manifiesto, identidad=quien, instante=copia.pedida_en)
        _poner(contenedor, "manifiesto.firma", f"{firma}\n".encode())


def _poner(contenedor: zipfile.ZipFile, nombre: str, contenido: bytes) -> str:
    contenedor.writestr(_miembro(nombre), contenido, compress_type=zipfile.ZIP_DEFLATED, compresslevel=6)
    return hashlib.sha256(contenido).hexdigest()


def _copiar(contenedor: zipfile.ZipFile, nombre: str, ruta: str, huella: str, documento: Documento) -> str:
    suma = hashlib.sha256()
    miembro = _miembro(nombre)
    miembro.compress_type = zipfile.ZIP_DEFLATED
    with almacen.abrir(ruta) as archivo, contenedor.open(miembro, "w") as destino:
        while trozo := archivo.read(_TROZO):
            suma.update(trozo)
            destino.write(trozo)
    if suma.hexdigest() != huella:
        raise DocumentoCambiado(f"El documento {documento.orden} («{documento.nombre}») no es el que se guardó.")
    return suma.hexdigest()


def _miembro(nombre: str) -> zipfile.ZipInfo:
    miembro = zipfile.ZipInfo(nombre, date_time=EPOCA)
    miembro.create_system, miembro.external_attr = 3, 0o100644 << 16
    return miembro


def _no_incluidos(documentos: list[Documento]) -> dict[int, str]:
    """What the antivirus has not cleared leaves with nobody: neither a file nor a message. Shape: order → why."""
    por_ruta = {d.ruta: d.orden for d in documentos if d.clave.startswith(("archivo:", "correo:"))}
    fuera = {}
    for modelo in (Archivo, Llegada):
        malos = modelo.objects.filter(ruta__in=por_ruta).exclude(estado_antivirus__in=DESCARGABLES)
        for malo in malos.order_by("pk"):
            fuera[por_ruta[malo.ruta]] = f"antivirus: {malo.get_estado_antivirus_display().lower()}"
    return fuera


def _copias_pdfa(documentos: list[Documento], fuera: dict[int, str]) -> list[tuple[Documento, CopiaPdfa | None]]:
    """Of the documents that leave, in order, with their copy if it was made."""
    hechas = {copia.documento_id: copia for copia in CopiaPdfa.objects.filter(documento__in=documentos)}
    return [(documento, hechas.get(documento.pk)) for documento in documentos if documento.orden not in fuera]


def _dice_de_la_pdfa(documento: Documento, copia: CopiaPdfa | None) -> dict[str, Any]:
    archivo = ""
    if copia is not None and copia.ruta:
        archivo = nombre_en_la_copia(documento) if copia.ruta == documento.ruta else nombre_pdfa(documento)
    return {
        "orden": documento.orden,
        "nombre": documento.nombre,
        "archivo": archivo,
        "huella": copia.sha256 if copia else "",
        "sin_copia": copia.motivo_sin if copia else "Todavía no se había hecho al preparar esta copia.",
    }


def nombre_pdfa(documento: Documento) -> str:
    return f"pdfa/{Path(nombre_en_la_copia(documento)).stem}.pdf"


def _sueltos(
    copia: Copia,
    indice: IndiceElectronico,
    pdf: bytes,
    documentos: list[Documento],
    fuera: dict[int, str],
    quien: Identidad,
) -> Iterator[tuple[str, bytes]]:
    yield "LEEME.txt", _leeme().encode()
    yield "verificar.py", (RECURSOS / "verificar.py").read_bytes()
    yield "copia.json", _json(_datos_de_la_copia(copia, indice, fuera))
    yield "indice.json", indice.contenido.encode()
    yield "indice.firma", f"{indice.firma}\n".encode()
    if indice.xml is not None:
        yield "indice.xml", indice.xml.encode()
        yield "indice.xml.firma", f"{indice.firma_xml}\n".encode()
    yield "indice.certificado.pem", indice.anclas.encode()
    yield "certificado.pem", quien.anclas.pem.encode()
    yield "indice.pdf", pdf
    constancia = ConstanciaRadicacion.objects.filter(solicitud=copia.solicitud).first()
    if constancia is not None:
        yield "recepcion/constancia.pdf", pdf_de_constancia(constancia).bytes
    yield "recepcion/recepcion.json", _json(_recepcion(copia.solicitud, constancia, documentos))


def _leeme() -> str:
    return (
        (RECURSOS / "LEEME.txt")
        .read_text(encoding="utf-8")
        .format(
            direccion=settings.DOMINIO + reverse("expedientes:comprobar"),
            demostracion=" Esta copia es de una demostración y no tiene validez." if settings.ES_DEMO else "",
        )
    )


def _datos_de_la_copia(copia: Copia, indice: IndiceElectronico, fuera: dict[int, str]) -> dict[str, Any]:
    return {
        "expediente": copia.expediente.numero,
        "radicado": copia.solicitud.radicado,
        "indice": {"version": indice.version, "sha256": indice.sha256, "motivo": indice.get_motivo_display()},
        "destinatario": copia.destinatario,
        "motivo": copia.motivo,
        "pedida_por": copia.pedida_por.nombre,
        "pedida_en": timezone.localtime(copia.pedida_en).isoformat(),
        "portal": settings.DOMINIO,
        "demostracion": settings.ES_DEMO,
        "no_incluidos": [{"orden": orden, "razon": razon} for orden, razon in sorted(fuera.items())],
    }


def _recepcion(
    solicitud: Solicitud, constancia: ConstanciaRadicacion | None, documentos: list[Documento]
) -> dict[str, Any]:
    return {
        "canal": solicitud.get_canal_display(),
        "recibido_en": timezone.localtime(solicitud.recibido_en).isoformat(),
        "radicado_en": timezone.localtime(solicitud.radicado_en).isoformat(),
        "fecha_efectiva": solicitud.fecha_efectiva.isoformat(),
        "registrada_por": solicitud.registrada_por.nombre if solicitud.registrada_por else "",
        "evidencia": solicitud.evidencia,
        "siga_entrada": solicitud.siga_entrada,
        "siga_salida": solicitud.siga_salida,
        "constancia": {"codigo": constancia.codigo, "sha256": constancia.huella} if constancia else {},
        "documentos_de_evidencia": [
            nombre_en_la_copia(d) for d in documentos if d.tipo_documental == "Evidencia de la recepción"
        ],
    }


def _de_la_historia(solicitud: Solicitud, hasta: date) -> Iterator[tuple[str, bytes]]:
    hechos = historia(solicitud)
    yield "historia.json", _json(hechos)
    columnas = ("en", "quien", "rol", "que", "motivo", "de", "a", "dependencia", "interno")
    yield "historia.csv", _csv(columnas, ([hecho[columna] for columna in columnas] for hecho in hechos))
    columnas_cola = ("desde", "dependencia", "en_la_bandeja_de", "puesto", "mas_antiguas_esperando")
    yield "cola.csv", _csv(columnas_cola, _cola(solicitud))
    yield "plazo.csv", _csv(COLUMNAS, dia_por_dia(solicitud, hasta))
    yield "bitacora.json", _json(bitacora(solicitud))


def historia(solicitud: Solicitud) -> list[dict[str, str]]:
    """Who did what, when and why, with reviews, signatures, exceptions to the order and mails. Oldest first."""
    hechos = [
        _hecho(
            m.en, m.persona, m.texto, rol=m.rol, motivo=m.motivo, de=m.de, a=m.a, interno="sí" if m.interno else "no",
            dependencia=m.parte.dependencia.nombre if m.parte else "",
        )
        for m in Movimiento.objects.filter(solicitud=solicitud).select_related("persona", "parte__dependencia")
    ]  # fmt: skip
    hechos += [
        _hecho(
            e.en, e.persona, f"La atendió antes que {e.anteriores} más antiguas: {e.get_codigo_display().lower()}",
            motivo=e.motivo, interno="sí", dependencia=e.parte.dependencia.nombre,
        )
        for e in ExcepcionOrden.objects.filter(solicitud=solicitud).select_related("persona", "parte__dependencia")
    ]  # fmt: skip
    firmas = Firma.objects.filter(concepto__solicitud=solicitud)
    revisiones = Revision.objects.filter(concepto__solicitud=solicitud)
    hechos += [
        _hecho(
            r.en, r.revisor, f"{'Aprobó' if r.aprueba else 'Devolvió'} el concepto {r.concepto.numero}",
            motivo=r.motivo, interno="sí", dependencia=r.concepto.dependencia.nombre,
        )
        for r in revisiones.select_related("revisor", "concepto__dependencia")
    ]  # fmt: skip
    hechos += [
        _hecho(
            f.en, f.firmante, f"Firmó el concepto {f.concepto.numero} como {f.cargo}",
            dependencia=f.concepto.dependencia.nombre,
        )
        for f in firmas.select_related("firmante", "concepto__dependencia")
    ]  # fmt: skip
    hechos += correos(solicitud)
    return sorted(hechos, key=lambda hecho: hecho["en"])


def correos(solicitud: Solicitud) -> list[dict[str, str]]:
    """What the ledger says of each mail: when it left and how it ended, each at its instant, or how it stands. The
    outbox also hands over facts that are no mail, and gives up those that came to nothing as done."""
    envios = Envio.objects.filter(solicitud_id=solicitud.pk).exclude(canal=Envio.Canal.PORTAL)
    filas = list(envios.select_related("aviso", "dentro_de").order_by("id"))
    entregas = Entrega.objects.filter(clave_idempotencia__in=[envio.clave for envio in filas]).order_by("id")
    cargas = dict(entregas.values_list("clave_idempotencia", "carga"))
    return [hecho for envio in filas for hecho in _de_un_correo(envio, cargas.get(envio.clave, {}))]


def _de_un_correo(envio: Envio, carga: dict[str, Any]) -> Iterator[dict[str, str]]:
    correo = envio.dentro_de or envio  # what waited for the mail of the day left with it
    aviso = envio.aviso.titulo if envio.aviso else ""
    asunto = carga.get("carta", {}).get("asunto") or carga.get("asunto") or aviso
    cual = f"{envio.que}: «{asunto}»" if asunto else envio.que
    en_el_resumen = " (en el resumen del día)" if envio.canal == Envio.Canal.RESUMEN else ""
    que = f"Correo a {envio.correo or envio.nombre or 'nadie'}{en_el_resumen}. {cual}"
    de_nuevo = "Se envió de nuevo: el anterior no llegó." if envio.reenvio_de_id else ""
    final = envio if envio.desenlace else correo
    if correo.entregado_en:
        yield _hecho(correo.entregado_en, None, que, a="Entregado al servidor de correo", motivo=de_nuevo)
    if final.desenlace:
        yield _hecho(final.desenlace_en, None, que, a=final.get_desenlace_display(), motivo=final.motivo)
    elif not correo.entregado_en:
        yield _hecho(correo.encolado_en or envio.debido_en, None, que, a=envio.estado[0], motivo=de_nuevo)


def _hecho(en: Any, quien: Any, que: str, **resto: str) -> dict[str, str]:
    vacio = dict.fromkeys(("rol", "motivo", "de", "a", "dependencia", "interno"), "")
    instante = timezone.localtime(en).isoformat(timespec="microseconds")
    return {"en": instante, "quien": quien.nombre if quien else "El portal", "que": que, **vacio, **resto}


def _cola(solicitud: Solicitud) -> Iterator[list[Any]]:
    """Its place in the queue and then in the tray of whoever was given it, until it was started."""
    partes = Parte.objects.filter(solicitud=solicitud).order_by("id")
    puestos = [puesto for parte in partes for puesto in puestos_de(parte)]
    asesores = {puesto.asesor_id for puesto in puestos if puesto.asesor_id}
    nombres = dict(Dependencia.objects.values_list("pk", "nombre"))
    personas = dict(Persona.objects.filter(pk__in=asesores).values_list("pk", "nombre"))
    for puesto in puestos:
        salio = puesto.anteriores is None
        yield [
            timezone.localtime(puesto.desde).isoformat(),
            nombres.get(puesto.dependencia_id, ""),
            personas.get(puesto.asesor_id or 0, ""),
            f"salió de la {'bandeja' if puesto.asesor_id else 'cola'}" if salio else puesto.puesto,
            "" if salio else puesto.anteriores,
        ]


def bitacora(solicitud: Solicitud) -> dict[str, Any]:
    """The sealed events of the solicitud with what their digests read, and the heads of their chains."""
    sucesos = list(
        Suceso.objects.filter(solicitud_id=solicitud.pk, posicion__isnull=False).order_by("cadena", "posicion")
    )
    cabezas = Cabeza.objects.filter(cadena__in={s.cadena for s in sucesos}).order_by("cadena")
    return {
        "algoritmo": "SHA-256 de: hash anterior + cada campo como «largo en bytes:valor;», o «-;» si no hay valor",
        "campos": list(CAMPOS),
        "cabezas": {c.cadena: {"posicion": c.posicion, "hash": c.hash} for c in cabezas},
        "cuantos": len(sucesos),
        "sucesos": [
            {
                "datos": textos(s),
                "motivo": s.motivo,
                "motivo_sal": s.motivo_sal,
                "hash_anterior": s.hash_anterior,
                "hash": s.hash,
            }
            for s in sucesos
        ],
    }


def _json(datos: Any) -> bytes:
    return json.dumps(datos, ensure_ascii=False, sort_keys=True, indent=1).encode() + b"\n"


def _csv(columnas: tuple[str, ...], filas: Any) -> bytes:
    """For a spreadsheet: UTF-8 with its mark, semicolons, and nothing that could be taken for a formula (E02)."""
    salida = io.StringIO()
    escritor = csv.writer(salida, delimiter=";", lineterminator="\r\n")
    escritor.writerow(columnas)
    escritor.writerows([[sin_formula(str(valor)) for valor in fila] for fila in filas])
    return b"\xef\xbb\xbf" + salida.getvalue().encode()
