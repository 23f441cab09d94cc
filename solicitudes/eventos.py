"""What people are told of a solicitud, each with an example that its own words make."""

from collections.abc import Callable
from datetime import date, datetime

from avisos.carta import Carta
from avisos.eventos import TODOS, Clase, Evento, registrar_evento
from avisos.recordables import Recordable, registrar_recordable
from direcciones.models import Dependencia, Entidad, Modalidad, Persona, Sector
from direcciones.roles import DE_ENTIDAD, PERSONAL, Rol
from plazos.fechas import BOGOTA
from plazos.reloj import comienzo, con_reloj
from solicitudes import cartas
from solicitudes.destinatarios import ESCALERA
from solicitudes.estados import EstadoParte
from solicitudes.models import Actuacion, Archivo, Mensaje, Movimiento, Parte, Prorroga, Reflujo, Solicitud, Termino
from solicitudes.services.asesores import DelSector
from solicitudes.services.politica import Destino, Reloj
from solicitudes.services.previa import enviaria_hoy

DE_LA_ENTIDAD = "Lo que pide mi entidad"
A_MI_CARGO = "Lo que tengo a mi cargo"
PLAZOS = "Recordatorios de plazos"
EQUIPO = "Lo que espera en mi dependencia"


# --- An example ----------------------------------------------------------------------------------------------------
def _solicitud() -> Solicitud:
    return Solicitud(
        pk=0,
        radicado="AT-2026-000123",
        asunto="Aplicación de la tabla de retención documental",
        radicada_por_id=0,
        entidad=_entidad(),
    )


def _entidad() -> Entidad:
    return Entidad(pk=0, codigo="02-01", nombre="Secretaría Distrital de Gobierno", sigla="SDG")


def _parte(**datos: object) -> Parte:
    valores: dict[str, object] = {
        "pk": 0,
        "solicitud": _solicitud(),
        "entidad": _entidad(),
        "dependencia": Dependencia(pk=0, codigo="SSDA", nombre="Subdirección del Sistema Distrital de Archivos"),
        "asesor": _asesora(),
        "estado": EstadoParte.EN_ATENCION,
        "recibido_en": datetime(2026, 11, 9, 10, 0, tzinfo=BOGOTA),
        "vence": date(2026, 11, 24),
        "complemento_hasta": date(2026, 11, 18),
    }
    return Parte(**valores | datos)


def _asesora() -> Persona:
    return Persona(pk=0, nombre="Ana Ruiz", correo="ana.ruiz@entidad.example")


def _mensaje() -> Mensaje:
    return Mensaje(
        pk=0, solicitud=_solicitud(), autor=_asesora(), texto="¿Cuál versión de la tabla aplican desde enero?"
    )


def _actuacion(**datos: object) -> Actuacion:
    valores: dict[str, object] = {
        "pk": 0,
        "solicitud": _solicitud(),
        "modalidad": Modalidad(pk=0, codigo="asesoria", nombre="Asesoría"),
        "medio": "virtual",
        "lugar": "enlace por confirmar",
        "programada_para": datetime(2026, 11, 17, 9, 0, tzinfo=BOGOTA),
    }
    return Actuacion(**valores | datos)


def _acuse() -> Carta:
    return cartas.para_la_entidad(
        _solicitud(),
        "Recibimos su solicitud",
        f"Recibimos su solicitud {cartas.nombre_de(_solicitud())} el 9 de noviembre de 2026, a las 10:00 a. m. "
        "Fecha efectiva de recepción: 9 de noviembre de 2026.",
        "No tiene que hacer nada más: le avisaremos. En la página puede descargar la constancia.",
        fecha_limite="responderemos a más tardar el 24 de noviembre de 2026",
        boton="Ver la solicitud y su constancia",
    )


def _una_prorroga() -> Prorroga:
    return Prorroga(
        solicitud=_solicitud(),
        termino=Termino(vence=date(2026, 11, 30)),
        dias=5,
        motivo="Falta el concepto de otra entidad",
        vence_nuevo=date(2026, 12, 7),
    )


def _su_asesor() -> Carta:
    dependencia = Dependencia(
        pk=0, nombre="Dirección Distrital de Desarrollo Institucional", nombre_corto="Desarrollo Institucional"
    )
    suyo = DelSector(Sector(pk=0, nombre="Gobierno"), _asesora(), None, (), ())
    return cartas.sus_asesores(dependencia, [suyo], 2027)


def _direccion_mala() -> Carta:
    return cartas.para_quien_atiende(
        _parte(),
        "No pudimos escribirle a quien la pide",
        "Los correos que le enviamos rebotan. Su dirección es quien.pidio@entidad.example.",
        "Consiga su correo por otro medio y corríjalo: lo que no llegó sale de nuevo.",
    )


def _el_dia(dia: date, carta: Callable[[Parte], Carta], parte: Parte) -> Carta:
    with con_reloj(comienzo(dia)):
        return carta(parte)


def _final(carta: Callable[[Parte, Movimiento], Carta]) -> Callable[[], Carta]:
    linea = {"destino": "la Secretaría Distrital de Hacienda"}
    return lambda: carta(_parte(), Movimiento(pk=0, datos=linea))


# --- Registration --------------------------------------------------------------------------------------------------
def _cambio_de_plazos() -> Carta:
    linea = Movimiento(
        solicitud=_solicitud(), texto="El plazo pasó del 23 de diciembre de 2026 al 24 de diciembre de 2026"
    )
    reflujo = Reflujo(version=0, que="El 22 de diciembre de 2026 se declaró no hábil (Decreto 612 de 2026)")
    return cartas.cambio_de_plazos(reflujo, [linea], 1)


def _legal(clave: str, titulo: str, muestra: Callable[[], Carta]) -> None:
    registrar_evento(
        Evento(f"solicitudes.{clave}", titulo, DE_LA_ENTIDAD, muestra, Clase.LEGAL, resumible=False, para=DE_ENTIDAD)
    )


def _normal(clave: str, titulo: str, grupo: str, muestra: Callable[[], Carta]) -> None:
    para = DE_ENTIDAD if grupo == DE_LA_ENTIDAD else PERSONAL
    registrar_evento(Evento(f"solicitudes.{clave}", titulo, grupo, muestra, para=para))


_legal("acuse", "Recibimos la solicitud", _acuse)
_legal("pedida", "Necesitamos información de la entidad", lambda: cartas.pedida(_parte(), _mensaje()))
_legal("respondida", "Respondimos la solicitud", _final(cartas.respondida))
_legal("no_competencia", "No es de nuestra competencia", _final(cartas.no_competencia))
_legal("trasladada_fuera", "Trasladamos la solicitud a otra entidad", _final(cartas.trasladada_fuera))
_legal("duplicada", "Se atiende en otro radicado", _final(cartas.duplicada))
_legal("prorroga", "Ampliamos el término de la petición", lambda: cartas.prorroga(_una_prorroga()))
_normal("empezada", "Empezamos a atender la solicitud", DE_LA_ENTIDAD, lambda: cartas.empezada(_parte()))
_normal("trasladada", "La solicitud cambió de dependencia", DE_LA_ENTIDAD, lambda: cartas.trasladada(_parte()))
_normal("reabierta", "Reabrimos la solicitud", DE_LA_ENTIDAD, lambda: cartas.reabierta(_parte()))
_normal(
    "mensaje",
    "Un mensaje de quien atiende",
    DE_LA_ENTIDAD,
    lambda: cartas.mensaje_a_la_entidad(_solicitud(), _mensaje()),
)
_normal("sesion", "Una sesión programada o cancelada", DE_LA_ENTIDAD, lambda: cartas.sesion_programada(_actuacion()))
_normal(
    "archivo_infectado",
    "Un archivo con virus",
    DE_LA_ENTIDAD,
    lambda: cartas.archivo_infectado(Archivo(pk=0, solicitud=_solicitud(), nombre="Anexo 3.docx")),
)
_normal(
    "falta_complemento",
    "Falta la información pedida",
    DE_LA_ENTIDAD,
    lambda: cartas.falta_complemento(_parte(estado=EstadoParte.EN_COMPLEMENTO)),
)
_normal("su_asesor", "Quién asesora a mi entidad", DE_LA_ENTIDAD, _su_asesor)
_normal("asignada", "Una solicitud a mi cargo", A_MI_CARGO, lambda: cartas.asignada(_parte()))
_normal("complementada", "La entidad respondió lo pedido", A_MI_CARGO, lambda: cartas.complementada(_parte()))
_normal("retirada", "La entidad retiró la solicitud", A_MI_CARGO, lambda: cartas.retirada(_parte()))
_normal(
    "mensaje_de_la_entidad",
    "Un mensaje de la entidad",
    A_MI_CARGO,
    lambda: cartas.escribio_la_entidad(_parte(), _mensaje()),
)
_normal(
    "sin_destinatario",
    "Nadie de la entidad recibió un aviso",
    A_MI_CARGO,
    lambda: cartas.nadie_lo_recibio(_parte(), cartas.empezada(_parte())),
)
_normal("llegada", "Llegó una solicitud sin asignar", EQUIPO, lambda: cartas.llegada(_parte(asesor=None)))
_normal("sin_asignar", "Nadie la ha tomado", EQUIPO, lambda: cartas.sin_asignar(_parte(asesor=None)))
_normal("por_vencer", "Se acerca el plazo", PLAZOS, lambda: _el_dia(date(2026, 11, 20), cartas.plazo, _parte()))
_normal("vencida", "Se venció el plazo", PLAZOS, lambda: _el_dia(date(2026, 11, 25), cartas.plazo, _parte()))
registrar_evento(
    Evento(
        "solicitudes.ausencia",
        "Alguien estará ausente o volvió",
        "Ausencias",
        lambda: cartas.ausencia("Ana Ruiz", "1 de diciembre de 2026", "15 de diciembre de 2026", cartas.CUBRE),
    )
)
_normal("direccion_mala", "Una dirección a la que no llegan los correos", A_MI_CARGO, _direccion_mala)

# --- What the policy may remind of ---------------------------------------------------------------------------------
_AL_PERSONAL = tuple(str(destino) for destino in ESCALERA)
for _reloj, _antes, _despues, _destinos in (
    (Reloj.OBLIGA, "solicitudes.por_vencer", "solicitudes.vencida", _AL_PERSONAL),
    (Reloj.ANS, "solicitudes.por_vencer", "solicitudes.vencida", _AL_PERSONAL),
    (Reloj.LEGAL, "solicitudes.por_vencer", "solicitudes.vencida", _AL_PERSONAL),
    # Nobody has it yet: there is no responsable to remind.
    (Reloj.RECEPCION, "", "solicitudes.sin_asignar", _AL_PERSONAL[1:]),
    (Reloj.COMPLEMENTO, "solicitudes.falta_complemento", "", (str(Destino.ENTIDAD),)),
):
    registrar_recordable(Recordable(_reloj, _destinos, enviaria_hoy, _antes, _despues))

registrar_evento(
    Evento(
        "plazos.prorroga_tardia",
        "Una prórroga que no vale",
        PLAZOS,
        lambda: cartas.prorroga_tardia(_una_prorroga(), _parte()),
    ),
)
registrar_evento(
    Evento(
        "solicitudes.lugar_sin_nadie",
        "Un lugar donde nadie recibe avisos",
        "Administración del portal",
        lambda: cartas.lugar_sin_nadie(_entidad()),
        para=frozenset({Rol.ADMINISTRADOR}),
    )
)
registrar_evento(
    Evento(
        "solicitudes.sin_contar",
        "Plazos que el portal no pudo contar",
        "Administración del portal",
        lambda: cartas.sin_contar(3),
        para=frozenset({Rol.ADMINISTRADOR}),
    )
)
registrar_evento(
    Evento(
        "solicitudes.cambio_de_plazos", "Un cambio del calendario movió fechas", PLAZOS, _cambio_de_plazos, para=TODOS
    )
)
