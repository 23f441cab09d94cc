"""Load the demo: catalogues, accounts and the 42 examples, filed and attended through the same services as a person.

Each example lives on its own clock (`con_reloj`): filed at its true instant, claimed, attended and surveyed on the
business days that follow. What is recent is left half-way, so that every queue and every state has work.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction

from alcance import como_sistema
from demo.actores import como, dia_de_sesion, dia_habil
from demo.conceptos import vivir_concepto
from demo.cuentas import CUENTAS, DESDE, crear_cuentas
from demo.ejemplos import RECIENTES, Ejemplo, leer
from direcciones.catalogos import cargar_catalogos
from direcciones.models import Membresia, Persona
from direcciones.roles import ATIENDEN, Rol
from encuestas import services as encuestas
from encuestas.models import Encuesta
from plazos.reloj import ahora, con_reloj, hoy
from plazos.services import calendario_vigente
from solicitudes.estados import EstadoParte
from solicitudes.models import Actuacion, Parte, Solicitud
from solicitudes.services import DatosSolicitud, Recepcion, atender_siguiente, empezar_a_atender, radicar
from solicitudes.services.actuaciones import cambiar_actuacion, registrar_actuacion
from solicitudes.services.asignacion import puede_atender
from solicitudes.services.constancias import emitir_constancia
from solicitudes.services.conversacion import cerrar_con_resultado, escribir_mensaje, pedir_complemento, responder
from solicitudes.services.salidas import declarar_no_competencia, marcar_duplicada

SESIONES = {"visita", "mesa", "jornada", "taller", "asesoria", "revision", "comision"}


def cargar(avisar: Callable[[str], None] = lambda texto: None) -> dict[str, int]:
    """Load everything that is missing. Raises ImproperlyConfigured in a production. Safe to repeat."""
    if settings.ES_PRODUCCION:
        raise ImproperlyConfigured("Los datos de demostración no se cargan en una instalación real.")
    with como_sistema("cargar la demostración"):
        cargar_catalogos()
        with transaction.atomic():
            personas = crear_cuentas()
        ejemplos = leer(calendario_vigente(), hoy())
    total = len(ejemplos)
    for orden, ejemplo in enumerate(ejemplos):
        _vivir(ejemplo, orden, total, personas)
        avisar(f"{orden + 1} de {total} solicitudes")
    with como_sistema("contar la demostración"), transaction.atomic():
        return {"solicitudes": Solicitud.objects.count(), "cuentas": len(CUENTAS)}


def clave_de(ejemplo: Ejemplo, que: str = "radicar") -> UUID:
    """A key that is the same on every load: repeating one changes nothing."""
    return uuid5(NAMESPACE_URL, f"demo:{ejemplo.id}:{que}")


@transaction.atomic
def _vivir(ejemplo: Ejemplo, orden: int, total: int, personas: dict[str, Persona]) -> None:
    """One transaction for the whole story: a load that was cut has each example complete or not at all."""
    with como_sistema("ver si el ejemplo ya está"):
        if Solicitud.objects.filter(clave_radicacion=clave_de(ejemplo)).exists():
            return
    solicitud = _radicar(ejemplo, personas)
    faltan = total - orden
    if faltan <= 6:
        return
    for indice, parte in enumerate(_partes(solicitud)):
        _atender(ejemplo, parte, indice, faltan, personas)


def _partes(solicitud: Solicitud) -> list[Parte]:
    with como_sistema("leer las partes del ejemplo"), transaction.atomic():
        return list(
            Parte.objects.filter(solicitud=solicitud)
            .select_related("dependencia", "modalidad", "solicitud", "asesor")
            .order_by("-lidera", "id")
        )


def _radicar(ejemplo: Ejemplo, personas: dict[str, Persona]) -> Solicitud:
    datos = DatosSolicitud(
        entidad=ejemplo.entidad,
        asunto=ejemplo.asunto,
        necesidad=ejemplo.cuerpo,
        temas=ejemplo.temas,
        modalidad=ejemplo.modalidad,
        preguntas=ejemplo.preguntas,
        reservada="informacion_reservada" in ejemplo.etiquetas,
        motivo_reserva="La entidad pidió reserva" if "informacion_reservada" in ejemplo.etiquetas else "",
    )
    if ejemplo.canal == Solicitud.Canal.PORTAL:
        enlace = _enlace_de(ejemplo)
        with como(enlace, ejemplo.recibido_en):
            return _con_constancia(ejemplo, datos, Recepcion(radicada_por=enlace))
    recepcion = Recepcion(
        canal=ejemplo.canal,
        recibido_en=ejemplo.recibido_en,
        registrada_por=personas["ventanilla"],
        remitente_nombre=ejemplo.remitente["nombre"],
        remitente_cargo=ejemplo.remitente["cargo"],
        remitente_correo=ejemplo.remitente["correo"],
        evidencia=f"Registro {ejemplo.id} del canal {Solicitud.Canal(ejemplo.canal).label.lower()}",
    )
    if ejemplo.canal == Solicitud.Canal.SIGA:
        recepcion = replace(recepcion, siga_entrada=f"1-{ejemplo.recibido_en.year}-{ejemplo.id[3:].zfill(5)}")
    with como(personas["ventanilla"], ejemplo.recibido_en + timedelta(minutes=25)):
        return _con_constancia(ejemplo, datos, recepcion)


def _con_constancia(ejemplo: Ejemplo, datos: DatosSolicitud, recepcion: Recepcion) -> Solicitud:
    """As the last step of the wizard does: the proof is born with the solicitud."""
    solicitud = radicar(clave=clave_de(ejemplo), datos=datos, recepcion=recepcion)
    emitir_constancia(solicitud=solicitud)
    return solicitud


def _enlace_de(ejemplo: Ejemplo) -> Persona:
    """The sender as an enlace of the entity; the demo's own enlace files those of its entity."""
    propia = next(c for c in CUENTAS if c.rol == Rol.ENLACE)
    correo = propia.correo if ejemplo.entidad.codigo == propia.entidad else ejemplo.remitente["correo"]
    persona = Persona.objects.filter(correo=correo).first()
    if persona is None:
        persona = Persona.objects.crear(
            correo=correo, nombre=ejemplo.remitente["nombre"], cargo=ejemplo.remitente["cargo"]
        )
        with como_sistema("dar su membresía al enlace del ejemplo"), transaction.atomic():
            Membresia.objects.create(persona=persona, rol=Rol.ENLACE, entidad=ejemplo.entidad, desde=DESDE)
    return persona


def _quien_atiende(parte: Parte, personas: dict[str, Persona]) -> Persona:
    if parte.asesor is not None:
        return parte.asesor
    candidatos = [personas[c.correo.split("@")[0]] for c in CUENTAS if c.rol in ATIENDEN]
    with transaction.atomic():
        return next(p for p in candidatos if puede_atender(p, parte.dependencia_id))


def _atender(ejemplo: Ejemplo, parte: Parte, indice: int, faltan: int, personas: dict[str, Persona]) -> None:
    asesor = _quien_atiende(parte, personas)
    with como(asesor, dia_habil(parte, 1)):
        tomada = _tomar(parte, asesor)
    reciente = faltan <= RECIENTES
    if tomada is None or (reciente and faltan <= 9):
        return
    if reciente and faltan % 3 == 0:
        with como(asesor, dia_habil(parte, 2, 11)):
            pedir_complemento(
                parte=tomada,
                texto="Por favor envíe el documento que menciona en su solicitud.",
                clave=clave_de(ejemplo, f"pedir:{indice}"),
            )
        return
    _cerrar(ejemplo, tomada, indice, asesor, reciente, personas)


def _tomar(parte: Parte, asesor: Persona) -> Parte | None:
    if parte.estado == EstadoParte.EN_COLA:
        atender_siguiente(dependencia=parte.dependencia_id, persona=asesor)
    elif parte.estado == EstadoParte.ASIGNADA:
        empezar_a_atender(parte=parte, codigo="disponibilidad", motivo="Agenda acordada con la entidad")
    with como_sistema("releer la parte del ejemplo"):
        actual = Parte.objects.select_related("dependencia", "modalidad", "solicitud").get(pk=parte.pk)
    return actual if actual.estado == EstadoParte.EN_ATENCION and actual.asesor_id == asesor.pk else None


def _cerrar(
    ejemplo: Ejemplo, parte: Parte, indice: int, asesor: Persona, reciente: bool, personas: dict[str, Persona]
) -> None:
    if "duplicado" in ejemplo.etiquetas and _marcar_duplicada(ejemplo, parte, asesor):
        return
    if "no_es_asistencia" in ejemplo.etiquetas:
        _no_competencia(ejemplo, parte, personas)
        return
    with como(asesor, dia_habil(parte, 2, 9)):
        escribir_mensaje(
            solicitud=parte.solicitud,
            texto="Recibimos su solicitud y ya la estamos atendiendo. Le escribiremos si falta algo.",
            clave=clave_de(ejemplo, f"saludo:{indice}"),
        )
    if parte.modalidad.produce_concepto:
        vivir_concepto(ejemplo=ejemplo, parte=parte, asesor=asesor, personas=personas, hasta_el_final=not reciente)
    elif parte.modalidad.codigo in SESIONES:
        _sesion(ejemplo, parte, asesor, reciente)
    else:
        with como(asesor, dia_habil(parte, 5 + indice)):
            texto = f"En respuesta a su solicitud «{ejemplo.asunto}», le informamos que quedó atendida. Gracias."
            responder(parte=parte, texto=texto, clave=clave_de(ejemplo, f"respuesta:{indice}"))
    if not reciente:
        _encuestar(ejemplo, parte)


def _marcar_duplicada(ejemplo: Ejemplo, parte: Parte, asesor: Persona) -> bool:
    with como_sistema("buscar la principal del duplicado"), transaction.atomic():
        principal = (
            Solicitud.objects.filter(entidad=ejemplo.entidad, recibido_en__lt=ejemplo.recibido_en)
            .order_by("-recibido_en")
            .first()
        )
    if principal is None:
        return False
    with como(asesor, dia_habil(parte, 2)):
        marcar_duplicada(parte=parte, principal=principal, motivo="Pide lo mismo que la anterior de la entidad")
    return True


def _no_competencia(ejemplo: Ejemplo, parte: Parte, personas: dict[str, Persona]) -> None:
    jefe = next(
        personas[c.correo.split("@")[0]]
        for c in CUENTAS
        if c.rol == Rol.SUBDIRECTOR and c.dependencia == parte.dependencia.codigo
    )
    with como(jefe, dia_habil(parte, 3)):
        motivo = "Es una petición de información de un órgano de control: se responde por el canal de peticiones."
        declarar_no_competencia(parte=parte, respuesta=motivo, clave=clave_de(ejemplo, "no_competencia"))


def _sesion(ejemplo: Ejemplo, parte: Parte, asesor: Persona, reciente: bool) -> None:
    presencial = parte.modalidad.codigo in {"visita", "jornada", "taller"}
    with como(asesor, dia_habil(parte, 3)):
        actuacion = registrar_actuacion(
            parte=parte,
            datos={
                "modalidad": parte.modalidad,
                "medio": Actuacion.Medio.PRESENCIAL if presencial else Actuacion.Medio.VIRTUAL,
                "lugar": "Sede de la entidad, sala de reuniones" if presencial else "https://reunion.example/sala-1",
                "asunto": ejemplo.asunto[:200],
                "programada_para": dia_de_sesion(parte),
                "participantes": [{"nombre": ejemplo.remitente["nombre"], "cargo": ejemplo.remitente["cargo"]}],
            },
        )
    if reciente:
        return
    with como(asesor, dia_habil(parte, 6, 15)):
        cambiar_actuacion(
            actuacion=actuacion,
            cambios={
                "estado": Actuacion.Estado.REALIZADA,
                "inicio": ahora() - timedelta(hours=2),
                "fin": ahora(),
                "resultado": "Se resolvieron las dudas y se acordaron los pasos siguientes.",
                "productos": ["Acta de la sesión", "Plan de los pasos siguientes"],
            },
        )
        cerrar_con_resultado(parte=parte, resultado=f"{parte.modalidad.nombre} realizada, con compromisos acordados")


def _encuestar(ejemplo: Ejemplo, parte: Parte) -> None:
    """Two of every three answer; what the third does, the sweep of surveys decides."""
    numero = int(ejemplo.id[3:])
    with con_reloj(dia_habil(parte, 8)):
        encuesta = encuestas.abrir_encuesta(solicitud=parte.solicitud)
        if encuesta is None or numero % 3 == 0:
            return
        encuestas.responder(
            token=encuesta.token(),
            respuestas={
                "oportunidad": 3 + numero % 3,
                "pertinencia": 4 + numero % 2,
                "calidad": 3 + (numero // 2) % 3,
                "resolvio": Encuesta.Resolvio.SI if numero % 4 else Encuesta.Resolvio.EN_PARTE,
                "aplicara": Encuesta.Resolvio.SI if numero % 5 else Encuesta.Resolvio.EN_PARTE,
                "mejoraria": "Que la respuesta llegue con ejemplos." if numero % 4 == 0 else "",
            },
        )
