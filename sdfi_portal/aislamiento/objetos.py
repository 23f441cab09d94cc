"""The objects of the world: one row of every tenant table, with a canary inside and the list of who may see it.

The lists are written by hand on purpose: they are the oracle, and share no code with the nets they judge.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from email.message import EmailMessage
from typing import Any
from uuid import uuid4

from django.core.files.base import ContentFile
from django.db.models import Model
from django.utils import timezone

from api.models import Suscripcion as Integracion
from api.models import Token
from api.permisos import permisos_de
from archivos.almacen import escribir
from archivos.antivirus import EstadoAntivirus
from avisos.models import Aviso, DireccionCorreo, Envio, PreferenciaAviso
from bandeja.models import Entrega
from bitacora.models import Suceso
from buzones.estados import Clase, EstadoAdjunto, EstadoCorreo, Origen
from buzones.mime.desarmar import desarmar
from buzones.mime.limpiar_html import limpiar
from buzones.models import Adjunto, CanalExterno, Casilla, Correo, Decision, Llegada, PropuestaEnlace, Traslado
from conceptos import secciones
from conceptos.estados import Audiencia, EstadoConcepto
from conceptos.models import Concepto, Firma, Revision, Verificacion, Version
from cuentas.models import Invitacion, SolicitudAcceso
from direcciones.models import Ausencia, Buzon, Persona
from documentos import codigos
from documentos.autoridad import identidad
from encuestas.models import Encuesta, huella
from expedientes.models import Copia, CopiaPdfa, Documento, Expediente, IndiceElectronico
from exportaciones.estados import EstadoExportacion, Formato
from exportaciones.models import Exportacion
from importaciones.models import FilaImportada, Importacion, Mapeo
from importaciones.services.importar import CARPETA
from sdfi_portal.aislamiento.elenco import DE_A, DE_B, DE_X, DE_Y, JEFES_X, SUPERVISAN, TODOS, Elenco
from solicitudes.estados import EstadoParte, EstadoSolicitud
from solicitudes.models import (
    Actuacion,
    Archivo,
    Borrador,
    ConstanciaRadicacion,
    EnlacePrivado,
    ExcepcionOrden,
    IndiceBusqueda,
    Mensaje,
    Movimiento,
    Parte,
    Prorroga,
    Solicitud,
    Termino,
    Vista,
)
from solicitudes.services.constancias import emitir_constancia
from tableros.models import Delta, Inicio, Inversion, Resumen, Suscripcion

VEN_COMUN = DE_A | DE_X | SUPERVISAN
VEN_RESERVADA = frozenset({"enlace_a", "asesor_x", "auditor"}) | JEFES_X
VEN_LO_DE_B = DE_B | DE_Y | SUPERVISAN
PERSONAL_COMUN = DE_X | SUPERVISAN
CIFRAS_X = JEFES_X | SUPERVISAN
AUDITORIA_X = JEFES_X | {"administrador", "auditor"}
DIRECTORIO = frozenset(TODOS) - {"anonimo", "sin_rol", "enlace_b", "admin_b"}
# The term as a constancia quotes it.
REGLA = {
    "dias": 10,
    "frases": ["Se recibió hoy.", "El plazo es de 10 días hábiles.", "Vence hoy."],
    "horario": {"abre": "7:00 a. m.", "cierra": "4:30 p. m.", "norma": "Norma de prueba", "confianza": ""},
}


@dataclass(frozen=True, slots=True)
class Objeto:
    """`clave` names it in the report; `ven` are the papeles that may see it; `canario` must reach nobody else."""

    clave: str
    fila: Model
    ven: frozenset[str]
    canario: str = ""


def canario(clave: str) -> str:
    return f"CANARIO-{clave}-{uuid4().hex[:12]}"


def crear(elenco: Elenco) -> dict[str, Objeto]:
    """Build every object. Must run as the system, inside a transaction that will be rolled back."""
    objetos: dict[str, Objeto] = {}

    def poner(clave: str, ven: frozenset[str], hacer: Callable[[str], Model]) -> Any:
        marca = canario(clave)
        fila = hacer(marca)
        objetos[clave] = Objeto(clave, fila, ven, marca)
        return fila

    _solicitudes(elenco, poner)
    comun, parte = objetos["solicitud"].fila, objetos["parte"].fila
    _hijas(elenco, poner, comun, parte)
    _de_persona(elenco, poner)
    _conceptos(elenco, poner, comun, parte)
    _cuentas(elenco, poner)
    _exportaciones(elenco, poner)
    _importaciones(elenco, poner)
    _correo(elenco, poner, comun, objetos["nota"].fila)
    _del_sistema(poner)
    poner("membresia", DIRECTORIO, lambda m: elenco.membresias["enlace_a"])
    objetos["membresia"] = Objeto("membresia", elenco.membresias["enlace_a"], DIRECTORIO)
    return objetos


def _solicitud(
    elenco: Elenco,
    marca: str,
    *,
    reservada: bool = False,
    de: str = "a",
    a: str = "x",
    registrada_por: Persona | None = None,
) -> Solicitud:
    ahora = timezone.now()
    return Solicitud.objects.create(
        radicado=f"AT-1999-{uuid4().int % 10**6:06d}",
        entidad=elenco.lugares[de],
        estado=EstadoSolicitud.EN_ATENCION,
        radicada_por=elenco.personas[f"enlace_{de}"],
        remitente_nombre=f"Quien pide {marca}",
        recibido_en=ahora,
        radicado_en=ahora,
        fecha_efectiva=timezone.localdate(),
        vence=timezone.localdate(),
        asunto=f"Asunto {marca}",
        necesidad=f"Necesidad {marca}",
        modalidad=elenco.modalidad,
        reservada=reservada,
        regla_plazo=REGLA,
        temas=[elenco.temas[a].pk],
        registrada_por=registrada_por,
        dependencias=[elenco.lugares[f"{a}1"].pk],
        responsables=[elenco.personas[f"asesor_{a}"].pk],
    )


def _parte(elenco: Elenco, solicitud: Solicitud, a: str = "x") -> Parte:
    return Parte.objects.create(
        solicitud=solicitud,
        entidad_id=solicitud.entidad_id,
        dependencia=elenco.lugares[f"{a}1"],
        tema=elenco.temas[a],
        modalidad=elenco.modalidad,
        lidera=True,
        estado=EstadoParte.EN_ATENCION,
        asesor=elenco.personas[f"asesor_{a}"],
        recibido_en=solicitud.recibido_en,
        vence=solicitud.vence,
        reservada=solicitud.reservada,
    )


def _solicitudes(elenco: Elenco, poner: Callable[..., Any]) -> None:
    comun = poner("solicitud", VEN_COMUN, lambda m: _solicitud(elenco, m))
    poner("parte", VEN_COMUN, lambda m: _parte(elenco, comun))
    reservada = poner("solicitud_reservada", VEN_RESERVADA, lambda m: _solicitud(elenco, m, reservada=True))
    poner("parte_reservada", VEN_RESERVADA, lambda m: _parte(elenco, reservada))
    de_b = poner("solicitud_b", VEN_LO_DE_B, lambda m: _solicitud(elenco, m, de="b", a="y"))
    poner("parte_b", VEN_LO_DE_B, lambda m: _parte(elenco, de_b, "y"))
    # The triggers write them: here they are only found.
    poner("indice", VEN_COMUN, lambda m: IndiceBusqueda.objects.get(solicitud=comun))
    poner("indice_reservada", VEN_RESERVADA, lambda m: IndiceBusqueda.objects.get(solicitud=reservada))
    poner("indice_b", VEN_LO_DE_B, lambda m: IndiceBusqueda.objects.get(solicitud=de_b))
    for fila in (comun, reservada, de_b):
        emitir_constancia(solicitud=fila)
    _registradas(elenco, poner)


def _registradas(elenco: Elenco, poner: Callable[..., Any]) -> None:
    """What ventanilla registered for another: it hands over the constancia even when it may not open the solicitud."""
    for clave, reservada, ven in (
        ("constancia", False, VEN_COMUN),
        ("constancia_reservada", True, VEN_RESERVADA),
    ):

        def registrar(marca: str, reservada: bool = reservada) -> ConstanciaRadicacion:
            ventanilla = elenco.personas["ventanilla"]
            solicitud = _solicitud(elenco, marca, reservada=reservada, registrada_por=ventanilla)
            _parte(elenco, solicitud)
            return emitir_constancia(solicitud=solicitud)

        poner(clave, ven | {"ventanilla"}, registrar)


def _hijas(elenco: Elenco, poner: Callable[..., Any], comun: Any, parte: Any) -> None:
    asesor = elenco.personas["asesor_x"]

    def mensaje(marca: str, *, interno: bool) -> Mensaje:
        return Mensaje.objects.create(
            solicitud=comun,
            clave=uuid4(),
            tipo=Mensaje.Tipo.NOTA if interno else Mensaje.Tipo.MENSAJE,
            texto=f"Texto {marca}",
            autor=asesor,
            interno=interno,
        )

    poner("mensaje", VEN_COMUN, lambda m: mensaje(m, interno=False))
    nota = poner("nota", PERSONAL_COMUN, lambda m: mensaje(m, interno=True))
    poner("movimiento", VEN_COMUN, lambda m: Movimiento.objects.create(solicitud=comun, accion="prueba", texto=m))
    poner(
        "movimiento_interno",
        PERSONAL_COMUN,
        lambda m: Movimiento.objects.create(solicitud=comun, accion="prueba", texto=m, interno=True),
    )
    poner("archivo", VEN_COMUN, lambda m: _archivo(elenco, m, solicitud=comun))
    poner("archivo_nota", PERSONAL_COMUN, lambda m: _archivo(elenco, m, solicitud=comun, mensaje=nota))
    poner(
        "suceso",
        AUDITORIA_X,
        lambda m: Suceso.objects.create(
            accion="prueba",
            objeto_texto=m,
            motivo=m,
            solicitud_id=comun.pk,
            entidad_id=comun.entidad_id,
            dependencias=comun.dependencias,
        ),
    )
    poner(
        "actuacion",
        VEN_COMUN,
        lambda m: Actuacion.objects.create(
            solicitud=comun,
            parte=parte,
            modalidad=elenco.modalidad,
            medio="presencial",
            lugar=f"Lugar {m}",
            asunto=f"Sesión {m}",
            programada_para=timezone.now(),
            registrada_por=asesor,
        ),
    )
    poner(
        "excepcion",
        VEN_COMUN,
        lambda m: ExcepcionOrden.objects.create(
            parte=parte, solicitud=comun, codigo="fecha_legal", motivo=m, anteriores=1, persona=asesor
        ),
    )
    _relojes(elenco, poner, comun, parte)
    poner("encuesta", PERSONAL_COMUN, lambda m: _encuesta(elenco, comun, m))
    poner("seguimiento", PERSONAL_COMUN, lambda m: _enlace_privado(elenco, m))
    _cifras(elenco, poner)
    _expediente(elenco, poner, comun)


def _relojes(elenco: Elenco, poner: Callable[..., Any], comun: Any, parte: Any) -> None:
    """The clocks of the common one, and the extension of its legal term."""
    propio = {"solicitud": comun, "parte": parte}
    poner("termino", VEN_COMUN, lambda m: Termino.objects.create(reloj="lineamiento", nombre=m, dias=10, **propio))
    legal = poner(
        "termino_legal", VEN_COMUN, lambda m: Termino.objects.create(reloj="legal", nombre=m, dias=15, **propio)
    )
    poner(
        "prorroga",
        VEN_COMUN,
        lambda m: Prorroga.objects.create(
            solicitud=comun,
            termino=legal,
            dias=15,
            motivo=m,
            pedida_por=elenco.personas["director_x"],
            vence_nuevo=timezone.localdate(),
        ),
    )


def _cifras(elenco: Elenco, poner: Callable[..., Any]) -> None:
    """Cells of the board: numbers, so without a canary; the reserved ones only for the heads and the auditor."""
    celda = {
        "familia": Delta.Familia.MES,
        "periodo": date(1999, 1, 1),
        "dependencia_id": elenco.lugares["x1"].pk,
        "sector_id": 0,
    }
    for clave, reservada, ven in (("", False, CIFRAS_X), ("_reservada", True, JEFES_X | {"auditor"})):
        filas = (Resumen(**celda, reservada=reservada), Delta(**celda, reservada=reservada))
        for nombre, fila in zip(("resumen", "delta"), filas, strict=True):
            fila.save()
            poner(f"{nombre}{clave}", ven, lambda m, fila=fila: fila)
        for nombre, modelo in (("inversion", Inversion), ("inicio", Inicio)):
            fila = modelo(
                movimiento_id=-1 - int(reservada),
                parte_id=-1,
                dependencia_id=elenco.lugares["x1"].pk,
                entidad_id=elenco.lugares["a"].pk,
                reservada=reservada,
                en=timezone.now(),
            )
            fila.save()
            poner(f"{nombre}{clave}", ven, lambda m, fila=fila: fila)


def _expediente(elenco: Elenco, poner: Callable[..., Any], solicitud: Any) -> None:
    """For the staff that sees the solicitud; the canary of a copy is inside its file too."""
    ahora, comun = timezone.now(), {"solicitud": solicitud}
    expediente = poner(
        "expediente", PERSONAL_COMUN, lambda m: Expediente.objects.create(numero=m[:30], abierto_en=ahora, **comun)
    )
    comun["expediente"] = expediente

    def documento(marca: str) -> Documento:
        escrito = escribir(ContentFile(marca.encode()), carpeta="expedientes")
        return Documento.objects.create(
            orden=1, clave="prueba", nombre=marca, tipo_documental="Prueba", origen="Prueba", formato="text/plain",
            creado_en=ahora, incorporado_en=ahora, bytes=escrito.bytes, sha256=escrito.sha256, paginas=1,
            folio_inicial=1, folio_final=1, ruta=escrito.ruta, **comun,
        )  # fmt: skip

    def copia(marca: str) -> Copia:
        escrito = escribir(ContentFile(marca.encode()), carpeta="expedientes")
        return Copia.objects.create(
            clave=uuid4(), destinatario=marca, motivo=marca, pedida_por=elenco.personas["director_x"], indice=indice,
            ruta=escrito.ruta, bytes=escrito.bytes, sha256=escrito.sha256, hecha_en=ahora, **comun,
        )  # fmt: skip

    suyo = poner("documento", PERSONAL_COMUN, documento)
    poner(
        "copia_pdfa",
        PERSONAL_COMUN,
        lambda m: CopiaPdfa.objects.create(documento=suyo, solicitud=solicitud, motivo_sin=m, hecha_en=ahora),
    )
    indice = poner(
        "indice",
        PERSONAL_COMUN,
        lambda m: IndiceElectronico.objects.create(
            version=1, motivo="cierre", documentos=1, folios=1, contenido=m, sha256="0" * 64, firma="00",
            anclas=identidad().anclas.pem, firmado_en=ahora, **comun,
        ),
    )  # fmt: skip
    poner("copia", PERSONAL_COMUN, copia)


def _enlace_privado(elenco: Elenco, marca: str) -> EnlacePrivado:
    """Of one that was asked without an account. The canary is where its page does not show it."""
    solicitud = _solicitud(elenco, "de quien no tiene usuario")
    solicitud.radicada_por, solicitud.remitente_correo = None, f"{uuid4().hex}@aislamiento.example"
    solicitud.save()
    _parte(elenco, solicitud)
    enlace = EnlacePrivado.nuevo(solicitud, solicitud.remitente_correo, nonce=marca)
    enlace.save()
    return enlace


def _encuesta(elenco: Elenco, solicitud: Solicitud, marca: str) -> Encuesta:
    encuesta = Encuesta(
        solicitud=solicitud,
        entidad=elenco.lugares["a"],
        nonce=Encuesta.nuevo_nonce(),
        recordar_el=timezone.localdate(),
        vence=timezone.localdate(),
        mejoraria=f"Mejoraría {marca}",
    )
    encuesta.token_sha256 = huella(encuesta.token())
    encuesta.save()
    return encuesta


def _archivo(elenco: Elenco, marca: str, **lugar: Any) -> Archivo:
    """A text file whose name and bytes carry the canary."""
    escrito = escribir(ContentFile(f"Contenido {marca}".encode()))
    return Archivo.objects.create(
        nombre=f"{marca}.txt",
        tipo="txt",
        bytes=escrito.bytes,
        sha256=escrito.sha256,
        ruta=escrito.ruta,
        estado_antivirus=EstadoAntivirus.LIMPIO,
        subido_por=elenco.personas["enlace_a"],
        **lugar,
    )


def _de_persona(elenco: Elenco, poner: Callable[..., Any]) -> None:
    enlace = elenco.personas["enlace_a"]
    suyo = frozenset({"enlace_a"})
    borrador = poner(
        "borrador",
        suyo,
        lambda m: Borrador.objects.create(
            persona=enlace, entidad=elenco.lugares["a"], datos={"asunto": m, "necesidad": m}
        ),
    )
    _vistas(elenco, poner)
    poner("archivo_borrador", suyo, lambda m: _archivo(elenco, m, borrador=borrador))
    poner("suscripcion", suyo, lambda m: Suscripcion.objects.create(persona=enlace, recibe=False))
    poner("aviso", suyo, lambda m: Aviso.objects.create(persona=enlace, clave=m, titulo=f"Título {m}", texto=m))
    poner("preferencia", suyo, lambda m: PreferenciaAviso.objects.create(persona=enlace, grupo=m))
    poner(
        "envio",
        suyo | CIFRAS_X,
        lambda m: Envio.objects.create(
            clave=m, persona=enlace, correo=enlace.correo, nombre=m, dependencias=[elenco.lugares["x1"].pk]
        ),
    )
    hoy = timezone.localdate()
    poner(
        "ausencia",
        DE_X | DE_Y | SUPERVISAN | {"ventanilla"},
        lambda m: Ausencia.objects.create(
            persona=elenco.personas["vecino_x"],
            suplente=elenco.personas["asesor_x"],
            desde=hoy - timedelta(days=400),
            hasta=hoy - timedelta(days=390),
            registrada_por=elenco.personas["director_x"],
        ),
    )
    # The canary is its purpose: of the secret nobody has anything.
    poner(
        "token",
        suyo | {"administrador", "auditor"},
        lambda m: Token.objects.create(
            persona=enlace,
            membresia=elenco.membresias["enlace_a"],
            nombre=f"Para {m}",
            permisos=permisos_de("enlace"),
            sha256=uuid4().hex * 2,
            final="0000",
            vence_en=timezone.now() + timedelta(days=1),
        ),
    )


def _vistas(elenco: Elenco, poner: Callable[..., Any]) -> None:
    """One of an asesor alone, and one that a head shares with everybody of the dependencia."""
    poner(
        "vista",
        frozenset({"asesor_x"}),
        lambda m: Vista.objects.create(persona=elenco.personas["asesor_x"], nombre=m, consulta="estado=abierta"),
    )
    poner(
        "vista_compartida",
        DE_X,
        lambda m: Vista.objects.create(
            persona=elenco.personas["director_x"],
            dependencia=elenco.lugares["x1"],
            nombre=m,
            consulta="estado=abierta",
        ),
    )


def _cuentas(elenco: Elenco, poner: Callable[..., Any]) -> None:
    """The canary of an invitation is where its own page does not show it: whoever has the link reads the rest."""

    def invitacion(marca: str) -> Invitacion:
        fila = Invitacion(
            correo=f"{uuid4().hex}@aislamiento.example",
            nombre="Persona invitada",
            cargo=marca,
            rol="enlace",
            entidad=elenco.lugares["a"],
        )
        fila.renovar()
        fila.save()
        return fila

    poner("invitacion", frozenset({"admin_a", "administrador", "auditor"}), invitacion)
    poner(
        "solicitud_acceso",
        frozenset({"administrador", "auditor"}),
        lambda m: SolicitudAcceso.objects.create(
            entidad=elenco.lugares["b"],
            nombre=m,
            correo=f"{uuid4().hex}@aislamiento.example",
            cargo=m,
            para_que=m,
        ),
    )


def _conceptos(elenco: Elenco, poner: Callable[..., Any], comun: Any, parte: Any) -> None:
    def concepto(marca: str, estado: EstadoConcepto, audiencia: str = "") -> Concepto:
        firmado = estado != EstadoConcepto.EN_PROYECCION
        pdf = escribir(ContentFile(f"%PDF {marca}".encode()), carpeta="conceptos")
        return Concepto.objects.create(
            solicitud=comun,
            parte=parte if not firmado else _parte_aparte(elenco, marca),
            entidad=elenco.lugares["a"],
            dependencia=elenco.lugares["x1"],
            tema=elenco.temas["x"],
            autor=elenco.personas["asesor_x"],
            estado=estado,
            # Allotted with the first freezing, so the one that came back from review has them too.
            numero=f"C-1999-{uuid4().int % 10**6:06d}",
            codigo=codigos.nuevo(),
            asunto=f"Concepto {marca}",
            respuesta_corta=f"Respuesta {marca}",
            audiencia=audiencia,
            firmado_en=timezone.now() if firmado else None,
            notificado_en=timezone.now() if firmado else None,
            contenido=secciones.nuevo(f"Concepto {marca}", []) | {"analisis": marca},
            ruta_firmada=pdf.ruta if firmado else "",
            sha256_firmado=pdf.sha256 if firmado else "",
        )

    def entregado(marca: str, audiencia: str) -> Concepto:
        hecho = concepto(marca, EstadoConcepto.NOTIFICADO, audiencia)
        Version.objects.create(concepto=hecho, numero=1, contenido=hecho.contenido, autor=hecho.autor)
        Verificacion.objects.create(
            codigo=hecho.codigo,
            numero=hecho.numero,
            asunto=hecho.asunto if audiencia == Audiencia.PUBLICO else "",
            dependencia=str(hecho.dependencia),
            firmante="Persona director_x",
            cargo="Directora",
            firmado_en=hecho.firmado_en,
            sha256_revisado="0" * 64,
        )
        return hecho

    borrador = poner("concepto", PERSONAL_COMUN, lambda m: concepto(m, EstadoConcepto.EN_PROYECCION))
    autor = elenco.personas["asesor_x"]

    def congelada(marca: str) -> Version:
        """Version 1 went to review and came back; version 2 is being written."""
        pdf = escribir(ContentFile(f"%PDF {marca}".encode()), carpeta="conceptos")
        contenido = secciones.nuevo(f"Concepto {marca}", []) | {"analisis": marca}
        comun_a_las_dos = {"concepto": borrador, "contenido": contenido, "autor": autor}
        Version.objects.create(numero=2, **comun_a_las_dos)
        return Version.objects.create(
            numero=1, congelada_en=timezone.now(), sha256=pdf.sha256, ruta=pdf.ruta, **comun_a_las_dos
        )

    version = poner("version", PERSONAL_COMUN, congelada)
    poner(
        "revision",
        PERSONAL_COMUN,
        lambda m: Revision.objects.create(
            concepto=borrador,
            version=version,
            autor=autor,
            revisor=elenco.personas["revisor_x"],
            aprueba=True,
            motivo=m,
            sha256="0" * 64,
        ),
    )
    Verificacion.objects.create(
        codigo=borrador.codigo,
        numero=borrador.numero,
        dependencia=str(borrador.dependencia),
        firmante="Persona director_x",
        cargo="Directora",
        firmado_en=timezone.now(),
        sha256_revisado="0" * 64,
    )
    poner(
        "firma",
        PERSONAL_COMUN,
        lambda m: Firma.objects.create(
            concepto=borrador,
            version=version,
            firmante=elenco.personas["director_x"],
            nombre=m,
            cargo="Directora",
            segundo_factor_en=timezone.now(),
            sha256_revisado="0" * 64,
        ),
    )
    for audiencia, ven in (
        (Audiencia.PUBLICO, TODOS),
        (Audiencia.ENTIDADES, TODOS - {"anonimo", "sin_rol"}),
        (Audiencia.SDA, TODOS - {"anonimo", "sin_rol"}),
        (Audiencia.RESERVADO, VEN_COMUN),
    ):
        poner(f"concepto_{audiencia}", frozenset(ven), lambda m, a=audiencia: entregado(m, a))


def _exportaciones(elenco: Elenco, poner: Callable[..., Any]) -> None:
    """What an asesor took out is only theirs: not even the head opens it."""

    def exportacion(marca: str, estado: EstadoExportacion) -> Exportacion:
        lista = estado == EstadoExportacion.LISTA
        csv = escribir(ContentFile(marca.encode()), carpeta="exportaciones")
        return Exportacion.objects.create(
            persona=elenco.personas["asesor_x"],
            membresia=elenco.membresias["asesor_x"],
            consulta=f"buscar={marca}",
            columnas=["radicado"],
            formato=Formato.CSV,
            huella=uuid4().hex * 2,
            estado=estado,
            ruta=csv.ruta if lista else "",
            filas=40,
            total=100,
            bytes=csv.bytes,
            sha256=csv.sha256,
            terminada_en=timezone.now() if lista else None,
            vence_en=timezone.now() + timedelta(days=7) if lista else None,
        )

    suya = frozenset({"asesor_x"})
    poner("exportacion", suya, lambda m: exportacion(m, EstadoExportacion.LISTA))
    poner("exportacion_activa", suya, lambda m: exportacion(m, EstadoExportacion.EN_CURSO))


def _importaciones(elenco: Elenco, poner: Callable[..., Any]) -> None:
    """One confirmed and one in rehearsal: each has pages that the other has not."""
    quien, solo_el = elenco.personas["administrador"], frozenset({"administrador"})

    def importacion(marca: str, estado: str, tipo: str = "enlaces") -> Importacion:
        contenido = f"correo;nombre;entidad\r\nalguien@entidad.example;{marca};No existe\r\n"
        escrito = escribir(ContentFile(contenido.encode()), CARPETA)
        return Importacion.objects.create(
            tipo=tipo,
            estado=estado,
            nombre=f"{marca}.csv",
            bytes=escrito.bytes,
            sha256=escrito.sha256,
            ruta=escrito.ruta,
            mapa={"correo": "correo", "nombre": "nombre", "entidad": "entidad"},
            subida_por=quien,
        )

    hecha = poner("importacion", solo_el, lambda m: importacion(m, "terminada"))
    poner("importacion_ensayada", solo_el, lambda m: importacion(m, "revisada"))
    poner(
        "fila_importada",
        solo_el,
        lambda m: FilaImportada.objects.create(importacion=hecha, numero=2, resultado="error", frase=m),
    )
    poner(
        "mapeo",
        solo_el,
        lambda m: Mapeo.objects.create(tipo="enlaces", huella="0" * 64, mapa={"correo": m}, guardado_por=quien),
    )
    # Those of SIGA are the window's too.
    con_ventanilla = solo_el | {"ventanilla"}
    de_siga = poner("importacion_siga", con_ventanilla, lambda m: importacion(m, "terminada", "siga"))
    poner(
        "fila_siga",
        con_ventanilla,
        lambda m: FilaImportada.objects.create(importacion=de_siga, numero=2, resultado="error", frase=m),
    )
    poner(
        "mapeo_siga",
        con_ventanilla,
        lambda m: Mapeo.objects.create(tipo="siga", huella="0" * 64, mapa={"siga": m}, guardado_por=quien),
    )


def _correo(elenco: Elenco, poner: Callable[..., Any], comun: Any, nota: Any) -> None:
    """What reached a mailbox of dirección X: alone, reserved, tied to the common solicitud or to its internal note."""
    x = [elenco.lugares["x"].pk, elenco.lugares["x1"].pk]

    def correo(marca: str, **datos: Any) -> Correo:
        """With its raw message, and a file inside it."""
        fila = Correo.objects.create(
            numero=f"CR-1999-{uuid4().int % 10**6:06d}",
            huella=uuid4().hex * 2,
            de_nombre=f"Quien escribe {marca}",
            asunto=f"Asunto {marca}",
            texto=f"Texto {marca}",
            html=limpiar(f"<p>Formato {marca}</p>"),  # as it is kept when it arrives
            recibido_en=timezone.now(),
            fecha_efectiva=timezone.localdate(),
            clase=datos.pop("clase", Clase.POR_CLASIFICAR),
            estado=EstadoCorreo.ATENDIDO if "solicitud" in datos else EstadoCorreo.POR_CLASIFICAR,
            razones=[f"Razón {marca}"],
            dependencias=x,
            **datos,
        )
        llegada(marca, fila)
        return fila

    def crudo(marca: str) -> bytes:
        escrito = EmailMessage()
        escrito["Subject"] = marca
        escrito.set_content(marca)
        escrito.add_attachment(f"Adjunto {marca}".encode(), maintype="text", subtype="plain", filename="nota.txt")
        return escrito.as_bytes()

    def llegada(marca: str, fila: Correo | None = None) -> Llegada:
        buzon = Buzon.objects.create(
            correo=f"{uuid4().hex}@aislamiento.example", dependencia=elenco.lugares["x"], para_que="Pruebas"
        )
        escrito = escribir(ContentFile(crudo(marca)))
        return Llegada.objects.create(
            casilla=Casilla.objects.create(nombre=uuid4().hex, buzon=buzon),
            origen=Origen.COMANDO,
            nombre="correo.eml",
            tipo="eml",
            bytes=escrito.bytes,
            sha256=escrito.sha256,
            ruta=escrito.ruta,
            estado_antivirus=EstadoAntivirus.SIN_ANTIVIRUS,
            recibida_en=timezone.now(),
            sobre_de=f"{marca}@aislamiento.example",
            dependencias=x,
            correo=fila,
        )

    def adjunto(marca: str) -> Adjunto:
        suyo = correo(marca)
        (pieza,) = desarmar(crudo(marca)).piezas
        return Adjunto.objects.create(
            correo=suyo,
            orden=pieza.orden,
            nombre=f"{marca}.txt",
            bytes=pieza.bytes,
            sha256=pieza.sha256,
            estado=EstadoAdjunto.DISPONIBLE,
        )

    libro = DE_X | SUPERVISAN | {"ventanilla"}
    poner("llegada", libro, llegada)
    suelto = poner("correo", libro, correo)
    poner("correo_reservado", JEFES_X | {"ventanilla", "auditor"}, lambda m: correo(m, reservado=True))
    atado = {"solicitud": comun, "clase": Clase.MENSAJE}
    poner("correo_de_solicitud", VEN_COMUN, lambda m: correo(m, **atado))
    poner("correo_de_nota", PERSONAL_COMUN, lambda m: correo(m, mensaje_agregado=nota, **atado))
    poner("adjunto", libro, adjunto)
    poner("decision", libro, lambda m: Decision.objects.create(correo=suelto, clase=Clase.POR_CLASIFICAR, motivo=m))
    poner(
        "traslado",
        libro,
        lambda m: Traslado.objects.create(
            correo=correo(m),
            canal=CanalExterno.objects.create(nombre=uuid4().hex, correo="canal@aislamiento.example"),
            motivo=m,
            pedido_por=elenco.personas["ventanilla"],
            vence=timezone.localdate(),
        ),
    )
    poner(
        "propuesta",
        SUPERVISAN | {"admin_a", "ventanilla"},
        lambda m: PropuestaEnlace.objects.create(
            correo=suelto,
            entidad=elenco.lugares["a"],
            nombre=m,
            cargo=m,
            correo_propuesto=f"{uuid4().hex}@aislamiento.example",
            vence=timezone.localdate() + timedelta(days=10),
        ),
    )


def _del_sistema(poner: Callable[..., Any]) -> None:
    """Rows of no tenant that only some may read: the page is their only net."""
    poner(
        "entrega",
        frozenset({"administrador"}),
        lambda m: Entrega.objects.create(
            clave_idempotencia=m, tipo="prueba", destinatario="alguien@example.com", estado="muerta", error=m
        ),
    )
    quien = Persona.objects.earliest("pk")
    poner(
        "integracion",
        frozenset({"administrador"}),
        lambda m: Integracion.objects.create(
            nombre=m, url="https://siga.example/avisos", eventos=["solicitud.radicada"], nonce=m, creada_por=quien
        ),
    )
    poner(
        "direccion_correo",
        frozenset({"administrador"}),
        lambda m: DireccionCorreo.objects.create(
            correo=f"{m.lower()}@example.com", estado="mala", causa="rebote", detalle=m
        ),
    )


def _parte_aparte(elenco: Elenco, marca: str) -> Parte:
    """Each sent concepto hangs from a solicitud of its own, seen by the same people."""
    solicitud = _solicitud(elenco, marca)
    emitir_constancia(solicitud=solicitud)
    return _parte(elenco, solicitud)
