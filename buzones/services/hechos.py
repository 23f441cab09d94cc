"""What the register knows about a message, read at once: at most eight queries, whatever the message says.

It is asked before the message has a `Correo` of its own, inside the transaction that will write it.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from email.utils import parseaddr
from functools import cache, reduce
from operator import or_
from typing import Any

from django.conf import settings
from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    FilteredRelation,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Lower

from alcance import Alcance, como_sistema
from alcance.compiladas import Compilada, Texto
from archivos import almacen
from avisos import dsn
from avisos.models import Envio
from avisos.respuestas import leer_direccion
from avisos.services.rebotes import de_que_envio
from buzones.criterio import texto
from buzones.criterio.hechos import (
    BuzonOficial,
    Como,
    CorreoAnterior,
    Cuenta,
    EntidadConocida,
    EnvioNuestro,
    Firmada,
    Hechos,
    ModalidadConocida,
    Rebotado,
    SolicitudConocida,
    Sugerido,
    TemaSugerido,
)
from buzones.estados import Clase, EstadoCorreo
from buzones.mime.partes import Desarmado
from buzones.models import Correo, Llegada
from clasificador.modelo import CUANTAS, Sugerencia
from clasificador.services import sugerir_para
from direcciones.models import Dependencia, Entidad, Modalidad, Persona
from direcciones.nombres import con_articulo
from direcciones.roles import DE_ENTIDAD, PERSONAL
from plazos.fechas import BOGOTA
from plazos.reloj import ahora, hoy
from solicitudes.estados import EstadoParte
from solicitudes.models import Parte, Solicitud

DIAS_TRAS_EL_CIERRE = 90
UNA_HORA, UN_DIA = timedelta(hours=1), timedelta(hours=24)
# What the portal answers by itself to whoever writes.
_ACUSE, _PREGUNTA, _NUESTROS = "solicitudes.acuse", "buzones.faltan", "buzones."
# As it is printed, and as people and their programs write it: «AT 2026 123», «AT–2026–000123».
_RADICADO = re.compile(r"\bAT[\s_.–—-]{0,3}(\d{4})[\s_.–—-]{1,3}(\d{1,9})\b", re.IGNORECASE)
_SIGA = re.compile(r"(?<![\w-])\d[\d-]{6,28}\d(?![\w-])")
_REFERENCIAS, _ULTIMOS, _NUMEROS = 40, 30, 5


def reunir(llegada: Llegada, d: Desarmado) -> Hechos:
    """Everything that judging the message takes. `d` is that very llegada, taken apart."""
    with como_sistema("saber qué conoce el registro de un mensaje recibido"):
        casa = _la_casa(llegada)
        h = _lo_nuestro(llegada, d, casa)
        vistos = _lo_anterior(d, h)
        h = _lo_que_repite(d, h, vistos)
        if d.senales.robot or d.senales.informe:  # nothing else is asked of what no person wrote
            return _los_rebotes(llegada, replace(h, **_los_envios(d, h)))
        cuenta, membresias = _quien_escribe(d)
        h = replace(h, cuenta=cuenta, **_los_envios(d, h))
        h = replace(h, esperando=_esperando(d, h, vistos), preguntado=h.preguntado or _se_le_pregunto(h, vistos))
        h = _las_solicitudes(llegada, d, h, membresias, casa)
        dicho = sugerir_para(texto.todo(d, h))
        h = replace(h, entidad=_la_entidad(d, h, membresias, vistos, dicho))
        return _lo_sugerido(h, dicho, casa.temas)


# --- 1. Ourselves --------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class _Casa:
    """The official mailboxes, which of them brought it and what it is for, and what hangs from each dependencia."""

    buzones: Mapping[str, BuzonOficial]
    casilla: str
    temas: tuple[int, ...]
    hijas: Mapping[int, tuple[int, ...]]

    def con_las_suyas(self, ids: Iterable[int]) -> tuple[int, ...]:
        return tuple(dict.fromkeys(una for pk in ids for una in (pk, *self.hijas.get(pk, ()))))


def _de_la_casa(el_dia: date) -> QuerySet[Dependencia, tuple[Any, ...]]:
    vigente = Q(buzones__desde__lte=el_dia) & (Q(buzones__hasta__isnull=True) | Q(buzones__hasta__gte=el_dia))
    return (
        Dependencia.objects.annotate(b=FilteredRelation("buzones", condition=vigente))
        .order_by("pk")
        .values_list(
            "pk", "tipo", "codigo", "padre_id", "padre__codigo", "b__correo", "b__casillas__pk",
            "b__casillas__temas_por_defecto",
        )
    )  # fmt: skip


_DE_LA_CASA = Compilada(_de_la_casa, el_dia=date)


def _la_casa(llegada: Llegada) -> _Casa:
    buzones: dict[str, BuzonOficial] = {}
    hijas: dict[int, tuple[int, ...]] = {}
    casilla, temas = llegada.sobre_para.lower(), ()
    for pk, tipo, codigo, padre, su_codigo, correo, cual, suyos in _DE_LA_CASA(el_dia=hoy()):
        if padre is not None and pk not in hijas.get(padre, ()):
            hijas[padre] = (*hijas.get(padre, ()), pk)
        if correo is None:
            continue
        buzones[correo.lower()] = BuzonOficial(correo.lower(), pk, _direccion(tipo, codigo, su_codigo))
        if cual is not None and cual == llegada.casilla_id:
            casilla, temas = correo.lower(), tuple(suyos)
    return _Casa(buzones, casilla if casilla in buzones else "", temas, hijas)


def _direccion(tipo: str, codigo: str, del_padre: str | None) -> str:
    return del_padre if tipo == Dependencia.Tipo.SUBDIRECCION and del_padre else codigo


def _lo_nuestro(llegada: Llegada, d: Desarmado, casa: _Casa) -> Hechos:
    a_donde = [casa.buzones[uno].dependencia_id for uno in (*(p.correo for p in d.para), casa.casilla)
               if uno in casa.buzones]  # fmt: skip
    return Hechos(
        recibido_en=llegada.recibida_en,
        dia=llegada.recibida_en.astimezone(BOGOTA).date(),
        propias=frozenset({parseaddr(settings.DEFAULT_FROM_EMAIL)[1].lower()}),
        dominio_propio=settings.CORREO_RESPUESTAS.lower(),
        buzones=casa.buzones,
        casilla=casa.casilla,
        dependencias=tuple(dict.fromkeys((*llegada.dependencias, *casa.con_las_suyas(a_donde)))),
    )


# --- 2. What came before -------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class _Vistos:
    """Mails of the ledger: the ones like it, those it follows (the nearest first), the last ones of who writes."""

    parecidos: tuple[CorreoAnterior, ...] = ()
    seguidos: tuple[CorreoAnterior, ...] = ()
    suyos: tuple[CorreoAnterior, ...] = ()


def _referidos(d: Desarmado) -> list[str]:
    """Message-IDs that it answers, the nearest first."""
    suyos = (d.en_respuesta_a, *reversed(d.referencias))
    return list(dict.fromkeys(uno[:300] for uno in suyos if uno))[:_REFERENCIAS]


def _lo_anterior(d: Desarmado, h: Hechos) -> _Vistos:
    propio, referidos = d.mensaje_id[:300], _referidos(d)
    ids = _numerados(propio, referidos)
    de, en = (d.de.correo, h.recibido_en) if d.de.correo else (None, None)
    filas = _con_ids(len(ids)).anteriores(huella=d.huella, de=de, en=en, **ids)
    leidos = sorted((_anterior(fila) for fila in filas), key=lambda uno: (uno.recibido_en, uno.id), reverse=True)
    nombrados: dict[str, CorreoAnterior] = {}
    for uno in leidos:  # several may say the same id: the one that is already of a solicitud is followed
        if uno.mensaje_id and (uno.mensaje_id not in nombrados or uno.solicitud_id is not None):
            nombrados[uno.mensaje_id] = uno
    return _Vistos(
        parecidos=tuple(uno for uno in leidos if uno.huella == d.huella or (propio and uno.mensaje_id == propio)),
        seguidos=tuple(nombrados[uno] for uno in referidos if uno in nombrados and uno != propio),
        suyos=tuple(
            uno for uno in leidos if d.de.correo and uno.de_correo == d.de.correo and uno.recibido_en <= h.recibido_en
        ),
    )


def _numerados(propio: str, referidos: Sequence[str]) -> dict[str, str]:
    ids = dict.fromkeys(uno for uno in (propio, *referidos) if uno)
    return {f"id{n}": uno for n, uno in enumerate(ids)}


@dataclass(frozen=True, slots=True)
class _ConIds:
    """What is asked of a message that names so many Message-IDs, its own among them."""

    anteriores: Compilada
    envios: Compilada


@cache
def _con_ids(cuantos: int) -> _ConIds:
    ids = dict.fromkeys((f"id{n}" for n in range(cuantos)), Texto)
    return _ConIds(
        Compilada(_los_anteriores, huella=Texto, de=Texto, en=datetime, **ids),
        Compilada(_esos_envios, de=Texto, desde=datetime, hasta=datetime, **ids),
    )


def _los_anteriores(huella: str, de: str | None, en: datetime, **ids: str) -> QuerySet[Correo, tuple[Any, ...]]:
    iguales = Q(huella=huella)
    if ids:
        iguales |= _de_estos_ids(ids)
    consulta = _anteriores(Correo.objects.filter(iguales), 60)
    if de is None:
        return consulta
    return consulta.union(_anteriores(Correo.objects.filter(de_correo=de, recibido_en__lte=en), _ULTIMOS))


def _de_estos_ids(ids: Mapping[str, str]) -> Q:
    """None of them is empty: said, for the index of those that are not."""
    return Q(mensaje_id__in=list(ids.values())) & ~Q(mensaje_id="")


def _anteriores(consulta: QuerySet[Correo], cuantos: int) -> QuerySet[Correo, tuple[Any, ...]]:
    lo_dicho = Case(
        When(estado=EstadoCorreo.ESPERANDO, then=F("texto")), default=Value(""), output_field=TextField()
    )  # fmt: skip
    return consulta.order_by("-recibido_en", "-pk").values_list(
        "pk", "numero", "huella", "mensaje_id", "de_correo", "recibido_en", "clase", "estado", "asunto", lo_dicho,
        "solicitud_id", "entidad_id", "grupo_id",
    )[:cuantos]  # fmt: skip


def _anterior(fila: Sequence[Any]) -> CorreoAnterior:
    (pk, numero, huella, mensaje_id, de, recibido, clase, estado, asunto, dicho, solicitud, entidad, grupo) = fila
    return CorreoAnterior(
        pk, numero, huella, mensaje_id, de, recibido, Clase(clase), EstadoCorreo(estado), asunto, dicho,
        solicitud_id=solicitud, entidad_id=entidad, grupo_id=grupo,
    )  # fmt: skip


def _lo_que_repite(d: Desarmado, h: Hechos, vistos: _Vistos) -> Hechos:
    propio = d.mensaje_id[:300]
    iguales = [uno for uno in vistos.parecidos if uno.huella == d.huella]
    de_la_hora = [uno for uno in vistos.suyos if uno.recibido_en > h.recibido_en - UNA_HORA]
    return replace(
        h,
        igual=next((uno for uno in iguales if uno.mensaje_id == propio), None),
        mismo_contenido=next((uno for uno in iguales if uno.mensaje_id != propio), None),
        mismo_id=next((uno for uno in vistos.parecidos if uno.huella != d.huella), None),
        anterior=next((uno for uno in vistos.seguidos if uno.solicitud_id is not None), None),
        ultima_hora=len(de_la_hora),
        grupo_id=_cabeza(de_la_hora),
    )


def _cabeza(de_la_hora: Sequence[CorreoAnterior]) -> int | None:
    """Of a flood, the first one that waits for a person; the others hang from it."""
    if agrupado := next((uno.grupo_id for uno in de_la_hora if uno.grupo_id is not None), None):
        return agrupado
    esperan = [uno.id for uno in de_la_hora if uno.estado == EstadoCorreo.POR_CLASIFICAR]
    return esperan[-1] if esperan else None


# --- 3. Who writes -------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class _Membresia:
    """One in force of who writes."""

    id: int
    rol: str
    entidad: EntidadConocida | None
    solo_direcciones: tuple[int, ...]
    solo_temas: tuple[int, ...]

    def alcance(self, persona_id: int, casa: _Casa) -> Alcance:
        """What `Alcance.de_membresia` says of who acts for an entidad, without asking for what is already read."""
        return Alcance(
            persona_id=persona_id,
            rol=self.rol,
            membresia_id=self.id,
            entidad_id=self.entidad.id if self.entidad else None,
            solo_dependencias=casa.con_las_suyas(self.solo_direcciones),
            solo_temas=self.solo_temas,
        )


def _de_esa_direccion(correo: str, el_dia: date, en: datetime) -> QuerySet[Persona, tuple[Any, ...]]:
    vigente = (
        Q(membresias__desde__lte=el_dia)
        & (Q(membresias__hasta__isnull=True) | Q(membresias__hasta__gte=el_dia))
        & (Q(membresias__terminada_en__isnull=True) | Q(membresias__terminada_en__gt=en))
    )
    return (
        Persona.objects.annotate(minuscula=Lower("correo"), m=FilteredRelation("membresias", condition=vigente))
        .filter(minuscula=correo)
        .order_by("m__pk")
        .values_list(
            "pk", "is_active", "m__pk", "m__rol", "m__solo_direcciones", "m__solo_temas", "m__entidad_id",
            "m__entidad__nombre", "m__entidad__tipo",
        )
    )  # fmt: skip


_DE_ESA_DIRECCION = Compilada(_de_esa_direccion, correo=Texto, el_dia=date, en=datetime)


def _quien_escribe(d: Desarmado) -> tuple[Cuenta | None, tuple[_Membresia, ...]]:
    if not d.de.correo:
        return None, ()
    filas = _DE_ESA_DIRECCION(correo=d.de.correo, el_dia=hoy(), en=ahora())
    if not filas:
        return None, ()
    persona, activa = filas[0][:2]
    membresias = tuple(
        _Membresia(
            pk, rol, _conocida(entidad, nombre, tipo, Como.CUENTA) if entidad else None, tuple(direcciones),
            tuple(temas),
        )
        for _, _, pk, rol, direcciones, temas, entidad, nombre, tipo in filas
        if pk is not None and activa
    )  # fmt: skip
    return (
        Cuenta(
            persona,
            activa=activa,
            es_personal=any(una.rol in PERSONAL for una in membresias),
            entidades=tuple(dict.fromkeys(una.entidad.id for una in membresias if una.entidad)),
        ),
        membresias,
    )


# --- 4. What was sent to them --------------------------------------------------------------------------------------
def _los_envios(d: Desarmado, h: Hechos) -> dict[str, Any]:
    """Those that it answers or is, and when the portal last answered that address by itself."""
    referidos, propio = _referidos(d), d.mensaje_id[:300]
    ids = _numerados(propio, referidos)
    de, desde, hasta = (d.de.correo, h.recibido_en - UN_DIA, h.recibido_en) if d.de.correo else (None, None, None)
    filas = _con_ids(len(ids)).envios(de=de, desde=desde, hasta=hasta, **ids)
    por_id: dict[str, EnvioNuestro] = {}
    dichos: list[tuple[datetime, str]] = []
    for pk, mensaje_id, correo, evento, solicitud, debido, entregado in filas:
        if mensaje_id:
            por_id[mensaje_id] = EnvioNuestro(pk, correo.lower(), evento, solicitud)
        en = entregado or debido
        es_suyo = correo.lower() == d.de.correo and (evento == _ACUSE or evento.startswith(_NUESTROS))
        if es_suyo and timedelta(0) <= h.recibido_en - en < UN_DIA:
            dichos.append((en, evento))
    respondidos = [por_id[uno] for uno in referidos if uno in por_id]
    return {
        "es_envio": por_id.get(propio) if propio else None,
        "responde_a": next((uno for uno in respondidos if uno.solicitud_id), respondidos[0] if respondidos else None),
        "respondido_hace": h.recibido_en - max(dichos)[0] if dichos else None,
        "preguntado": any(evento == _PREGUNTA for _, evento in dichos),
    }


def _esos_envios(de: str | None, desde: datetime, hasta: datetime, **ids: str) -> QuerySet[Envio, tuple[Any, ...]]:
    cuales = _de_estos_ids(ids) if ids else Q(pk__in=[])
    if de is not None:
        solos = Q(evento=_ACUSE) | Q(evento__startswith=_NUESTROS)
        cuales |= Q(correo=de) & solos & Q(debido_en__gt=desde, debido_en__lte=hasta)
    return Envio.objects.filter(cuales).order_by("-pk").values_list(
        "pk", "mensaje_id", "correo", "evento", "solicitud_id", "debido_en", "entregado_en"
    )[:60]  # fmt: skip


def _los_rebotes(llegada: Llegada, h: Hechos) -> Hechos:
    with almacen.abrir(llegada.ruta) as archivo:
        informe = dsn.leer(archivo.read())
    malos = [uno for uno in informe.rebotes if uno.dice != dsn.Dice.ENTREGADO]
    if not malos:
        return h
    envio = de_que_envio(informe, llegada.sobre_para)
    return replace(
        h,
        rebotes=tuple(Rebotado(uno.correo, uno.codigo, uno.detalle) for uno in malos[:5]),
        rebotado_id=envio.pk if envio else None,
    )


def _esperando(d: Desarmado, h: Hechos, vistos: _Vistos) -> CorreoAnterior | None:
    """The mail of the same sender for which something was asked, when this one answers that question."""
    for uno in vistos.seguidos:
        if uno.estado == EstadoCorreo.ESPERANDO and uno.de_correo == d.de.correo:
            return uno
    if h.responde_a is not None and h.responde_a.evento == _PREGUNTA and h.responde_a.correo == d.de.correo:
        return next((uno for uno in vistos.suyos if uno.estado == EstadoCorreo.ESPERANDO), None)
    return None


def _se_le_pregunto(h: Hechos, vistos: _Vistos) -> bool:
    return any(u.estado == EstadoCorreo.ESPERANDO and u.recibido_en > h.recibido_en - UN_DIA for u in vistos.suyos)


# --- 5. Of which solicitud -----------------------------------------------------------------------------------------
def _las_solicitudes(
    llegada: Llegada, d: Desarmado, h: Hechos, membresias: Sequence[_Membresia], casa: _Casa
) -> Hechos:
    firmadas = direcciones_firmadas(d, llegada.sobre_para)
    asunto = d.asunto[:300]
    radicados = _radicados(asunto)
    dichos = _radicados(d.nuevo[: texto.LARGO])
    de_siga = list(dict.fromkeys(_SIGA.findall(_RADICADO.sub(" ", asunto))))[:_NUMEROS]
    ids = {uno.solicitud_id for uno in firmadas}
    ids |= {uno.solicitud_id for uno in (h.responde_a, h.anterior) if uno is not None and uno.solicitud_id}
    if not (ids or radicados or de_siga or dichos):
        return h
    cuales = Q(pk__in=ids) | Q(radicado__in=[*radicados, *dichos])
    if de_siga:
        cuales |= Q(siga_entrada__in=de_siga) & ~Q(siga_entrada="")
    esperan = (
        Parte.objects.filter(solicitud=OuterRef("pk"), estado=EstadoParte.EN_COMPLEMENTO)
        .order_by()
        .values("solicitud")
        .annotate(cuantas=Count("pk"))
        .values("cuantas")
    )
    filas = Solicitud.objects.filter(cuales).annotate(
        es_parte=_es_parte(d, h, membresias, casa), esperan=Coalesce(Subquery(esperan), 0)
    )  # fmt: skip
    conocidas: dict[int, SolicitudConocida] = {}
    por_numero: dict[str, int] = {}
    for fila in filas.order_by("pk").only(
        "radicado", "siga_entrada", "entidad_id", "cerrada_en", "dependencias", "reservada"
    )[:20]:  # fmt: skip
        hasta = (fila.cerrada_en + timedelta(days=DIAS_TRAS_EL_CIERRE)).astimezone(BOGOTA) if fila.cerrada_en else None
        conocidas[fila.pk] = SolicitudConocida(
            fila.pk,
            fila.radicado,
            fila.entidad_id,
            es_parte=bool(fila.es_parte),
            hasta=hasta.date() if hasta else None,
            esperan=fila.esperan,
            dependencias=tuple(fila.dependencias),
            reservada=fila.reservada,
        )
        por_numero[fila.radicado] = fila.pk
        if fila.siga_entrada:
            por_numero.setdefault(fila.siga_entrada, fila.pk)
    numeros = [*radicados, *de_siga]
    return replace(
        h,
        firmadas=firmadas,
        solicitudes=conocidas,
        nombradas=tuple(dict.fromkeys(por_numero[uno] for uno in numeros if uno in por_numero)),
        dichas=tuple(por_numero[uno] for uno in dichos if uno in por_numero),
        numeros=tuple(uno for uno in radicados if uno not in por_numero),
    )


def _radicados(dice: str) -> list[str]:
    """With its six digits, which are left out by hand."""
    hallados = _RADICADO.findall(dice)
    return list(dict.fromkeys(f"AT-{ano}-{int(numero):06}" for ano, numero in hallados))[:_NUMEROS]


def direcciones_firmadas(d: Desarmado, sobre_para: str) -> tuple[Firmada, ...]:
    """The reply addresses of ours that it came to, each whole and well signed."""
    llego_a = dict.fromkeys((*(uno.correo for uno in d.para), *d.entregado_a, sobre_para))
    leidas = [leida for uno in llego_a if uno and (leida := leer_direccion(uno))]
    return tuple(dict.fromkeys(Firmada(una.solicitud_id, una.es_de(d.de.correo)) for una in leidas))[:_NUMEROS]


def _es_parte(d: Desarmado, h: Hechos, membresias: Sequence[_Membresia], casa: _Casa) -> Any:
    """Whether who writes may open it today: of an account, what it opens; else the address that was left for the
    answer. Who left the entidad is party no longer."""
    if h.cuenta is None:
        return Case(When(Q(remitente_correo__iexact=d.de.correo) & ~Q(remitente_correo=""), then=True), default=False)
    alcances = [una.alcance(h.cuenta.persona_id, casa) for una in membresias if una.rol in DE_ENTIDAD]
    if not alcances:
        return Value(False)
    visibles = (Solicitud.objects.visibles_para(alcance) for alcance in alcances)
    return Exists(reduce(or_, visibles).filter(pk=OuterRef("pk")))


# --- 6. Of which entidad -------------------------------------------------------------------------------------------
def _la_entidad(
    d: Desarmado, h: Hechos, membresias: Sequence[_Membresia], vistos: _Vistos, dicho: Sugerencia
) -> EntidadConocida | None:
    """By the account; by a mail of that address that was already filed; by the domain, when it is of one; and only as
    a hint, by whom it forwards or names."""
    suyas = {una.entidad.id: una.entidad for una in membresias if una.entidad}
    if len(suyas) == 1:
        return next(iter(suyas.values()))
    antes = next((u.entidad_id for u in vistos.suyos if u.solicitud_id and u.clase == Clase.NUEVA_SOLICITUD), None)
    dominios = _dominios(d.de.correo)
    de_otro = _dominios(d.reenviado[0].de.correo) if d.reenviado else []
    cuales = Q(codigo__in=dicho.entidades[:3]) | Q(pk=antes)
    for dominio in dict.fromkeys((*dominios, *de_otro)):
        cuales |= Q(dominios_correo__icontains=dominio)
    leidas = list(
        Entidad.objects.vigentes(hoy())
        .filter(cuales)
        .order_by("pk")
        .values_list("pk", "nombre", "tipo", "codigo", "dominios_correo")[:30]
    )
    por_codigo = {codigo: (pk, nombre, tipo) for pk, nombre, tipo, codigo, _ in leidas}
    nombradas = [por_codigo[uno] for uno in dicho.entidades[:3] if uno in por_codigo]
    if suyas:  # it acts for several: only one that the text names
        de_ellas = [una for una in nombradas if una[0] in suyas]
        return suyas[de_ellas[0][0]] if len(de_ellas) == 1 else None
    if una := next((fila for fila in leidas if fila[0] == antes), None):
        return _conocida(*una[:3], Como.ANTES)
    for buscados, como in ((dominios, Como.DOMINIO), (de_otro, Como.REENVIO)):
        del_dominio = [fila for fila in leidas if _es_del_dominio(fila[4], buscados)]
        if len(del_dominio) == 1:
            return _conocida(*del_dominio[0][:3], como)
    return _conocida(*nombradas[0], Como.NOMBRADA) if nombradas else None


def _conocida(pk: int, nombre: str, tipo: str, como: Como) -> EntidadConocida:
    return EntidadConocida(pk, nombre, como, prestadora=tipo == Entidad.Tipo.PRESTADORA)


def _dominios(correo: str) -> list[str]:
    """«correo.entidad.gov.co» and what it hangs from, down to two labels."""
    partes = correo.rpartition("@")[2].split(".")[-5:]
    return [".".join(partes[n:]) for n in range(len(partes) - 1)] if all(partes) else []


def _es_del_dominio(escritos: str, dominios: Sequence[str]) -> bool:
    suyos = {uno.strip().lower().lstrip("@") for uno in escritos.split(",")}
    return any(uno in suyos for uno in dominios)


# --- 7 and 8. What it says -----------------------------------------------------------------------------------------
def _de_estos(el_dia: date, ids: tuple[int, ...], **codigos: str) -> QuerySet[Modalidad, tuple[Any, ...]]:
    return (
        Modalidad.objects.vigentes(el_dia)
        .annotate(
            t=FilteredRelation("temas", condition=Q(temas__codigo__in=[*codigos.values()]) | Q(temas__pk__in=ids))
        )
        .values_list(
            "pk", "codigo", "nombre", "formulario", "se_puede_pedir", "t__pk", "t__codigo", "t__nombre",
            "t__reservado", "t__dependencia_id", "t__dependencia__nombre", "t__dependencia__codigo",
            "t__dependencia__tipo", "t__dependencia__padre__codigo", "t__dependencia__atiende_prestadoras",
        )
    )  # fmt: skip


_CODIGOS = [f"c{n}" for n in range(CUANTAS)]
_DE_ESTOS = Compilada(_de_estos, el_dia=date, ids=tuple, **dict.fromkeys(_CODIGOS, Texto))


def _lo_sugerido(h: Hechos, dicho: Sugerencia, por_defecto: Sequence[int]) -> Hechos:
    """Of the codes of the classifier, the rows: the modalities that may be asked, each with the themes it is for."""
    mejores = {uno: f"-{uno}" for uno in _CODIGOS} | dict(
        zip(_CODIGOS, (uno.tema for uno in dicho.direcciones if uno.tema), strict=False)
    )
    filas = _DE_ESTOS(el_dia=hoy(), ids=tuple(por_defecto), **mejores)
    modalidades: dict[str, ModalidadConocida] = {}
    temas: dict[Any, TemaSugerido] = {}
    for pk, codigo, nombre, formulario, se_pide, tema, su_codigo, *suyo in filas:
        cual = ModalidadConocida(pk, codigo, nombre, formulario)
        if se_pide:
            modalidades[codigo] = cual
        if tema is not None:
            temas[tema] = temas[su_codigo] = _tema(tema, cual, *suyo)
    return replace(
        h,
        por_defecto=tuple(temas[uno] for uno in por_defecto if uno in temas),
        sugerido=Sugerido(
            temas=tuple(
                replace(temas[uno.tema], puntaje=uno.puntaje, confianza=uno.confianza, razones=uno.razones)
                for uno in dicho.direcciones
                if uno.tema in temas
            ),
            medida=dicho.medida,
            modalidad=(dicho.modalidades[0].codigo, dicho.modalidades[0].confianza) if dicho.modalidades else ("", 0),
            clase=(dicho.clases[0].codigo, dicho.clases[0].confianza) if dicho.clases else ("", 0),
            modalidades=modalidades,
        ),
    )


def _tema(
    pk: int, modalidad: ModalidadConocida, nombre: str, reservado: bool, dependencia: int, su_nombre: str,
    codigo: str, tipo: str, padre: str | None, prestadoras: bool,
) -> TemaSugerido:  # fmt: skip
    return TemaSugerido(
        id=pk,
        nombre=nombre,
        dependencia_id=dependencia,
        dependencia=con_articulo(su_nombre),
        direccion=_direccion(tipo, codigo, padre),
        puntaje=0.0,
        modalidad=modalidad,
        reservado=reservado,
        atiende_prestadoras=prestadoras,
    )
