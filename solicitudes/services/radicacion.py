"""Filing: one transaction with number, instants, term, partes, first history row, bitácora and outbox rows.

Whatever the channel, the same service writes the same structure (R22). Repeating it with the same `clave` answers the
solicitud already filed: double click, second tab, retry after a lost answer (C01).
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from alcance import como_sistema, exigir
from alcance.ordenes import en_json, fila, mandar, mandar_al_confirmar
from bandeja.services import Hecho, dejar
from bitacora.services import suceso
from direcciones.models import Dependencia, Entidad, Modalidad, Persona, Tema
from plazos.fechas import a_las, fecha_corrida
from plazos.reloj import ahora
from plazos.services import reglas_vigentes
from solicitudes.models import Archivo, Movimiento, Parte, Solicitud, Termino
from solicitudes.services.asignacion import asesor_al_recibir, asignar_por_sector, puede_atender, recibir_asignada
from solicitudes.services.constancias import numerar, primera_constancia
from solicitudes.services.numeracion import Lugar, en_otro_anio, esperar_serie, primero, serie_de_radicados
from solicitudes.services.plazo import plazo_y_regla
from solicitudes.services.relojes import Catalogo, catalogo_leido, el_que_obliga, lugares_de, poner_relojes
from solicitudes.services.siga import NumeroRepetido, apartar_numero
from solicitudes.services.turnos import turnos


@dataclass(frozen=True, slots=True)
class Recepcion:
    """How and when it came. `recibido_en` None means now: the portal's own clock."""

    canal: str = Solicitud.Canal.PORTAL
    recibido_en: datetime | None = None
    radicada_por: Persona | None = None
    registrada_por: Persona | None = None
    remitente_nombre: str = ""
    remitente_cargo: str = ""
    remitente_correo: str = ""
    remitente_telefono: str = ""
    evidencia: str = ""
    siga_entrada: str = ""
    # Where it was kept before the portal («fila 12 de «registro.xlsx»»), and in whose hands it came.
    importada_de: str = ""
    # What its history begins with, when the way it came has more to say than the channel.
    linea: str = ""
    asesor: Persona | None = None
    en_atencion: bool = False
    con_acuse: bool = True
    # Of a mail that the portal read: its Message-ID ('' when it has none), for the acuse to answer it, and the mailbox
    # it came to, when that is of others.
    responde_a: str | None = None
    escrita_a: str = ""
    # What whoever asked did not say and its kind of solicitud needs, in sentences of ours: the acuse asks for it.
    faltan: tuple[str, ...] = ()
    # Version of the text by which the person authorised the treatment of their data (Ley 1581 de 2012, art. 9).
    tratamiento_datos: str = ""


@dataclass(frozen=True, slots=True)
class DatosSolicitud:
    """What is asked. `temas` in the order chosen: the first one's dependencia leads."""

    entidad: Entidad
    asunto: str
    necesidad: str
    temas: list[Tema]
    modalidad: Modalidad
    antecedentes: str = ""
    preguntas: list[str] = field(default_factory=list)
    fecha_requerida: date | None = None
    motivo_fecha: str = ""
    logistica: dict[str, Any] = field(default_factory=dict)
    reservada: bool = False
    motivo_reserva: str = ""
    # Which petition it is (Ley 1755 de 2015), when whoever registers it says so: it gives the legal term.
    peticion: str = ""


@dataclass(frozen=True, slots=True)
class Deja:
    """The draft that becomes a solicitud, with its files: it leaves its constancia made."""

    borrador: int
    archivos: list[Archivo]


def radicar(*, clave: UUID, datos: DatosSolicitud, recepcion: Recepcion) -> Solicitud:
    """File a solicitud and return it. Raises ValidationError in plain Spanish; then nothing was written."""
    anterior = Solicitud.objects.filter(clave_radicacion=clave).first()
    return anterior or radicar_por_primera_vez(clave=clave, datos=datos, recepcion=recepcion)


def radicar_por_primera_vez(
    *, clave: UUID, datos: DatosSolicitud, recepcion: Recepcion, de: Deja | None = None
) -> Solicitud:
    """The same for whoever holds what carries the key and saw that it was not filed."""
    try:
        with transaction.atomic():
            apartar_numero(recepcion.siga_entrada)
            preparada = _preparar(clave, datos, recepcion, de)
            reciben = {t.dependencia_id: asesor_al_recibir(t.dependencia, datos.entidad) for t in datos.temas}
            _esperar_turno(preparada, reciben)
            return _escribir(preparada, reciben)
    except (IntegrityError, NumeroRepetido):
        # Another request with the same key won the race; anything else is a real fault.
        with como_sistema("doble envío de la misma radicación"):
            anterior = Solicitud.objects.filter(clave_radicacion=clave).first()
        if anterior is None:
            raise
        return anterior


CON_EL_TURNO = ("id", "radicado", "radicado_en", "recibido_en", "fecha_efectiva", "vence", "regla_plazo")
DE_LA_PARTE = ("id", "solicitud_id", "recibido_en", "vence", "criterio", "version_calendario")


@dataclass(frozen=True, slots=True)
class _Preparada:
    """All that could be made before the turn. What follows from the number and the instant is put in its place
    afterwards, in the objects and in `hoja`: the rows as the function of migration 0015 takes them."""

    recepcion: Recepcion
    solicitud: Solicitud
    partes: list[Parte]
    hoja: dict[str, Any]
    relojes: list[Termino] = field(default_factory=list)  # of the parte that leads


def _preparar(clave: UUID, datos: DatosSolicitud, recepcion: Recepcion, de: Deja | None) -> _Preparada:
    instante = ahora()
    _comprobar(datos, recepcion, instante)
    por_dependencia = _temas_por_dependencia(datos.temas)
    recibido_en = recepcion.recibido_en or instante
    (plazo, regla), quien = plazo_y_regla(recibido_en), recepcion.radicada_por
    solicitud = Solicitud(
        clave_radicacion=clave,
        entidad=datos.entidad,
        radicada_por=quien,
        registrada_por=recepcion.registrada_por,
        remitente_nombre=recepcion.remitente_nombre or (quien.nombre if quien else ""),
        remitente_cargo=recepcion.remitente_cargo or (quien.cargo if quien else ""),
        remitente_correo=recepcion.remitente_correo or (quien.correo if quien else ""),
        remitente_telefono=recepcion.remitente_telefono or (quien.telefono if quien else ""),
        canal=recepcion.canal,
        evidencia=recepcion.evidencia,
        siga_entrada=recepcion.siga_entrada,
        recibido_en=recibido_en,
        radicado_en=instante,
        fecha_efectiva=plazo.fecha_efectiva,
        vence=plazo.vence,
        regla_plazo=regla,
        asunto=datos.asunto,
        necesidad=datos.necesidad,
        antecedentes=datos.antecedentes,
        preguntas=datos.preguntas,
        modalidad=datos.modalidad,
        fecha_requerida=datos.fecha_requerida,
        motivo_fecha=datos.motivo_fecha,
        logistica=datos.logistica,
        peticion=datos.peticion or None,
        reservada=datos.reservada or any(tema.reservado for tema in datos.temas),
        motivo_reserva=datos.motivo_reserva or _motivo_de_reserva(datos.temas),
        dependencias=[dependencia.pk for dependencia in por_dependencia],
        temas=[tema.pk for tema in datos.temas],
    )
    partes = _partes(solicitud, por_dependencia)
    hoja = {
        "serie": serie_de_radicados(),
        "primero": primero(),
        "solicitud": fila(solicitud),
        "partes": [fila(parte) for parte in partes],
        "movimiento": fila(_primer_movimiento(solicitud, recepcion)),
    }
    if de is not None:
        dependencias = [tema.dependencia for tema in datos.temas]
        constancia = primera_constancia(
            solicitud=solicitud, temas=datos.temas, dependencias=dependencias, archivos=de.archivos
        )
        hoja |= {"borrador": de.borrador, "constancia": fila(constancia)}
    return _Preparada(recepcion, solicitud, partes, hoja)


def _comprobar(datos: DatosSolicitud, recepcion: Recepcion, instante: datetime) -> None:
    if not datos.entidad.esta_vigente():
        raise ValidationError("La entidad ya no está vigente. Escriba a la SDFI para actualizarla.")
    if not datos.temas:
        raise ValidationError("Elija al menos un tema.")
    if recepcion.recibido_en and recepcion.recibido_en > instante:
        raise ValidationError("La fecha de recepción no puede estar en el futuro. Corríjala y vuelva a intentar.")
    if recepcion.canal != Solicitud.Canal.PORTAL and not recepcion.evidencia:
        raise ValidationError("Diga qué evidencia queda de la recepción: el correo, el número SIGA o quién llamó.")
    if recepcion.asesor and not all(puede_atender(recepcion.asesor, tema.dependencia_id) for tema in datos.temas):
        raise ValidationError(f"{recepcion.asesor} no atiende en la dependencia de ese tema.")
    if not (recepcion.radicada_por or recepcion.remitente_nombre):
        raise ValidationError("Escriba el nombre de quien pide la asistencia.")


def _esperar_turno(preparada: _Preparada, reciben: dict[int, Persona | None]) -> None:
    """Hold the queues it enters and the series before reading the clock: nobody can claim a later one while this one
    is written, and the numbers follow the instants whatever the queue. Then it has its number and its instant."""
    asesores = [asesor.pk for asesor in [*reciben.values(), preparada.recepcion.asesor] if asesor]
    colas = turnos(colas=reciben, bandejas=asesores)
    anio = timezone.localtime(preparada.solicitud.radicado_en).year
    lugares = lugares_de([parte.dependencia for parte in preparada.partes])
    lugar = esperar_serie(anio, partes=len(preparada.partes), antes=colas, lugares=lugares)
    instante = ahora()
    if timezone.localtime(instante).year != anio:
        lugar = en_otro_anio(lugar, timezone.localtime(instante).year)
    _numerar(preparada, lugar, instante)


def _numerar(preparada: _Preparada, lugar: Lugar, instante: datetime) -> None:
    """What came by the portal is received when its turn comes."""
    solicitud, hoja = preparada.solicitud, preparada.hoja
    solicitud.pk, solicitud.radicado, solicitud.radicado_en = lugar.solicitud, lugar.radicado, instante
    if preparada.recepcion.recibido_en is None:
        solicitud.recibido_en = instante
    _poner_relojes(preparada, lugar.partes, catalogo_leido(lugar.leido))
    hoja |= {"anio": lugar.anio, "numero": lugar.numero}
    hoja["solicitud"] |= {campo: getattr(solicitud, campo) for campo in CON_EL_TURNO}
    hoja["movimiento"] |= {"solicitud_id": solicitud.pk, "en": instante}
    hoja["movimiento"]["datos"]["recibido_en"] = solicitud.recibido_en.isoformat()
    if "constancia" in hoja:
        numerar(hoja["constancia"], solicitud, [t for t in preparada.relojes if t.obliga])


def _poner_relojes(preparada: _Preparada, claves: list[int], catalogo: Catalogo) -> None:
    """Each parte with its clocks. The solicitud says the date of the one that leads, and why it is that one."""
    solicitud, hoja = preparada.solicitud, preparada.hoja
    hoja["terminos"], reglas = [], reglas_vigentes()
    for parte, renglon, clave in zip(preparada.partes, hoja["partes"], claves, strict=True):
        parte.pk, parte.solicitud_id, parte.recibido_en = clave, solicitud.pk, solicitud.recibido_en
        peticion = solicitud.peticion if parte.lidera else None
        terminos = poner_relojes(parte, catalogo=catalogo, reglas=reglas, peticion=peticion)
        renglon |= {campo: getattr(parte, campo) for campo in DE_LA_PARTE}
        hoja["terminos"] += [fila(termino) for termino in terminos]
        if parte.lidera:
            preparada.relojes.extend(terminos)
            obliga = el_que_obliga(terminos, parte.vence)
            plazo, solicitud.regla_plazo = plazo_y_regla(
                parte.recibido_en, obliga.dias, parte.dependencia.codigo, reglas
            )
            solicitud.fecha_efectiva, solicitud.vence = plazo.fecha_efectiva, parte.vence


def _escribir(preparada: _Preparada, reciben: dict[int, Persona | None]) -> Solicitud:
    """Every row in one message: whoever waits for the series waits for little more than that. From a draft, whose key
    nobody else can be filing, the same one that commits."""
    solicitud, partes, recepcion = preparada.solicitud, preparada.partes, preparada.recepcion
    escribir = mandar_al_confirmar if "borrador" in preparada.hoja else mandar
    radicar = "select solicitudes_radicar(%s)", [en_json(preparada.hoja)]
    # A reserved one belongs to nobody who registers it for another: only the system may write it first.
    with como_sistema("radicar: escribir la solicitud con todas sus partes"):
        anotar = [suceso(accion="solicitud.radicar", objeto=solicitud, despues=_que_se_anota(preparada))]
        hechos = _hechos(solicitud, partes, recepcion)
        anotar += [dejar(hechos)] if hechos else []
        asignadas = recepcion.asesor is not None or any(reciben.values())
        escribir(radicar, *([] if asignadas else anotar))
        solicitud._state.adding = False
        for parte in partes:
            parte._state.adding = False
            if recepcion.asesor is not None:
                recibir_asignada(parte=parte, asesor=recepcion.asesor, en_atencion=recepcion.en_atencion)
            elif reciben[parte.dependencia_id]:
                asignar_por_sector(parte=parte)
        if asignadas:
            mandar(*anotar)
            solicitud.refresh_from_db()  # what was assigned at once changed it
    return solicitud


def _que_se_anota(preparada: _Preparada) -> dict[str, Any]:
    de_donde = {"importada": True} if preparada.recepcion.importada_de else {}
    return {"canal": preparada.solicitud.canal} | de_donde


def _hechos(solicitud: Solicitud, partes: list[Parte], recepcion: Recepcion) -> list[Hecho]:
    """Who must be told. What was already there arrives for nobody: whoever imported hundreds says it once."""
    dicho = {
        "responde_a": recepcion.responde_a,
        "escrita_a": recepcion.escrita_a or None,
        "faltan": list(recepcion.faltan) or None,
    }
    carga = {"solicitud": solicitud.pk} | {clave: valor for clave, valor in dicho.items() if valor is not None}
    acuse = Hecho("solicitudes.acuse", f"acuse:{solicitud.pk}", carga, solicitud_id=solicitud.pk)
    llegadas = [
        Hecho("solicitudes.llegada", f"llegada:{parte.pk}", {"parte": parte.pk}, solicitud_id=solicitud.pk)
        for parte in partes
        if not recepcion.importada_de
    ]
    return [acuse, *llegadas] if recepcion.con_acuse else llegadas


def _temas_por_dependencia(temas: list[Tema]) -> dict[Dependencia, list[Tema]]:
    grupos: dict[Dependencia, list[Tema]] = defaultdict(list)
    for tema in temas:
        grupos[tema.dependencia].append(tema)
    return dict(grupos)


def _motivo_de_reserva(temas: list[Tema]) -> str:
    reservado = next((tema for tema in temas if tema.reservado), None)
    return f"Reservada por su tema: {reservado.nombre}" if reservado else ""


def _partes(solicitud: Solicitud, por_dependencia: dict[Dependencia, list[Tema]]) -> list[Parte]:
    return [
        Parte(
            solicitud=solicitud,
            entidad=solicitud.entidad,
            dependencia=dependencia,
            tema=temas[0],
            otros_temas=[tema.pk for tema in temas[1:]],
            modalidad=solicitud.modalidad if orden == 0 else temas[0].modalidad,
            lidera=orden == 0,
            recibido_en=solicitud.recibido_en,
            vence=solicitud.vence,
            reservada=solicitud.reservada,
        )
        for orden, (dependencia, temas) in enumerate(por_dependencia.items())
    ]


def _primer_movimiento(solicitud: Solicitud, recepcion: Recepcion) -> Movimiento:
    alcance = exigir()
    return Movimiento(
        solicitud=solicitud,
        accion="radicar",
        a=solicitud.estado,
        texto=_primera_linea(solicitud, recepcion),
        persona_id=alcance.persona_id,
        rol=alcance.rol,
        datos={
            "canal": solicitud.canal,
            "recibido_en": solicitud.recibido_en.isoformat(),
            "tratamiento_datos": recepcion.tratamiento_datos,
        }
        | ({"importada": True} if recepcion.importada_de else {}),
        en=solicitud.radicado_en,
    )


def _primera_linea(solicitud: Solicitud, recepcion: Recepcion) -> str:
    if recepcion.linea:
        return recepcion.linea[:300]
    if recepcion.importada_de:
        recibida = timezone.localtime(solicitud.recibido_en)
        cuando = f"{fecha_corrida(recibida.date())} {a_las(recibida)}"
        return f"Importada de la {recepcion.importada_de}, recibida {solicitud.por_donde} el {cuando}"[:300]
    if recepcion.registrada_por:
        return f"Registró la solicitud recibida {solicitud.por_donde}"
    return "Radicó la solicitud"
