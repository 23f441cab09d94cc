"""`sembrar`: 10 k to 1 M solicitudes with all that hangs from them, by bulk SQL, on a base that has none.

In the proportions of the demonstration (history, sessions, conceptos, surveys), with more of what weighs on a page:
messages and files. Left out, and said: the bitácora (its chain is sealed one fact at a time), the outbox (nothing is
sent), the bytes of files and PDF (their rows point at nothing on disk), the secret of the survey links (it needs the
key of the portal), what happens to few (returns, transfers between dependencias, reopenings, inversions and their
reasons) and, of what is closed, the clocks of what its dependencia promised.
"""

# ruff: noqa: S311, S608  the dice are not secret; what is filled in is ours: names, keys and numbers

import json
import random
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connections, transaction
from psycopg2.extras import execute_values

from alcance import como_sistema
from conceptos import secciones
from demo.cuentas import DESDE, _clave_cifrada, crear_cuentas
from direcciones.catalogos import cargar_catalogos
from direcciones.models import (
    AcuerdoServicio,
    AsignacionSector,
    Dependencia,
    Entidad,
    Membresia,
    Modalidad,
    Persona,
    Sector,
    Tema,
)
from direcciones.roles import Rol
from plazos.calendario import Calendario
from plazos.fechas import a_las
from plazos.services import calendario_vigente, reglas_vigentes
from plazos.terminos import DIAS_DEL_LINEAMIENTO
from rendimiento import siembra_sql as sql
from solicitudes.models import Parte, Solicitud
from solicitudes.services.numeracion import PRINCIPIO_DEMO
from solicitudes.services.plazo import plazo_de_solicitud, plazo_y_regla, regla_usada, sin_frases
from solicitudes.services.relojes import LINEAMIENTO, catalogo_de, relojes_ans
from tableros.recuento import recontar
from tableros.services import compactar

BOGOTA = ZoneInfo("America/Bogota")
EJEMPLOS = settings.RAIZ / "datos" / "solicitudes_ejemplo.jsonl"
LOTE = 50_000
# From here on the indexes and foreign keys are made at the end: twice as fast, and the base is ours alone.
CUANTAS_SIN_INDICES = 5_000
ABIERTAS = 30_000  # at most; 30 % of a small base
DIAS_DE_LAS_ABIERTAS = 25
DIAS_DESPUES = 40
ASESORES = 16
TEXTOS = 400
MUESTRAS = {False: time(10, 7, 3), True: time(16, 47, 3)}  # an instant in office hours and one after the closing
PICO = {3: 1.6, 4: 1.6, 5: 1.5, 12: 0.6, 1: 0.7}
Decir = Callable[[str], None]


def sembrar(solicitudes: int, *, decir: Decir = lambda texto: None, ahora: datetime | None = None) -> None:
    """Fill the base of the `migrador` connection. Raises ImproperlyConfigured in a production or when it has any.

    What fails, or is interrupted, leaves none: the base is as it was and can be seeded again.
    """
    if settings.ES_PRODUCCION:
        raise ImproperlyConfigured("No se siembra en una instalación real.")
    instante = (ahora or datetime.now(UTC)).astimezone(BOGOTA)
    with como_sistema("sembrar para medir"), transaction.atomic():
        if Solicitud.objects.exists():
            raise ImproperlyConfigured(
                "Esta base ya tiene solicitudes: siembre en una vacía. Indique otra carpeta:"
                " PORTAL_VAR=/ruta/vacía script/manage sembrar --solicitudes N"
            )
        cargar_catalogos()
        _crear_gente()
    with como_sistema("sembrar para medir"), _como_duenio() as cursor:
        datos = _preparar(cursor, solicitudes, instante)
        decir("Sorteo hecho.")
        with _aparte(cursor) if solicitudes >= CUANTAS_SIN_INDICES else _o_nada(cursor):
            for desde in range(1, solicitudes + 1, LOTE):
                hasta = min(desde + LOTE - 1, solicitudes)
                _sembrar_lote(cursor, datos, desde, hasta)
                cursor.execute("analyze solicitudes_parte")
                decir(f"{hasta} de {solicitudes}")
        _terminar(cursor)
    decir("Índices hechos. Se recuenta el tablero.")
    recontar(aplicar=True)
    compactar()  # as the clock does every minute: what the board reads is never made of changes alone
    with como_sistema("sembrar para medir"), _como_duenio() as cursor:
        for tabla in ("tableros_delta", "tableros_resumen", "tableros_inversion", "tableros_inicio"):
            cursor.execute(f"vacuum analyze {tabla}")


# --- The connection ------------------------------------------------------------------------------------------------
@contextmanager
def _como_duenio() -> Iterator[Any]:
    """The owner, as the system, for many transactions: temporary tables, ANALYZE and sequences are not the web's."""
    conexion = connections["migrador"]
    conexion.close()
    try:
        with conexion.cursor() as cursor:
            for ajuste in ("work_mem = '256MB'", "maintenance_work_mem = '512MB'", "synchronous_commit = off",
                           "app.nivel = 'sistema'", "statement_timeout = 0"):  # fmt: skip
                cursor.execute(f"set {ajuste}")
            yield cursor
    finally:
        conexion.close()


def _ejecutar(cursor: Any, orden: str, valores: dict[str, Any] | None = None) -> None:
    with transaction.atomic(using="migrador"):
        cursor.execute(orden, valores)


@contextmanager
def _o_nada(cursor: Any) -> Iterator[None]:
    """What goes wrong inside leaves nothing of it."""
    try:
        yield
    except BaseException:
        _ejecutar(cursor, f"truncate {', '.join(sql.TABLAS_SEMBRADAS)} cascade")
        raise


@contextmanager
def _aparte(cursor: Any) -> Iterator[None]:
    """Indexes and foreign keys are made at the end, and the trigger that judges each start by who waits at that
    moment, which a history in bulk has not, stands still. All are there again afterwards, whatever happens."""
    rehacer = _quitar_indices(cursor)
    cursor.execute("alter table solicitudes_movimiento disable trigger tableros_inicios")
    try:
        with _o_nada(cursor):
            yield
    finally:
        for orden in rehacer:
            _ejecutar(cursor, orden)
        cursor.execute("alter table solicitudes_movimiento enable trigger tableros_inicios")


def _quitar_indices(cursor: Any) -> list[str]:
    """Drop the foreign keys and the indexes that hold no constraint. Returns the orders that make them again.

    Those that the triggers of other rooms look by stay: they run with each statement of the filling.
    """
    cursor.execute(
        """
        select 'alter table ' || conrelid::regclass || ' drop constraint ' || quote_ident(conname),
               'alter table ' || conrelid::regclass || ' add constraint ' || quote_ident(conname) || ' '
                   || pg_get_constraintdef(oid)
        from pg_constraint where contype = 'f' and conrelid = any(%(tablas)s::regclass[])
        union all
        select 'drop index ' || i.indexrelid::regclass, pg_get_indexdef(i.indexrelid)
        from pg_index i where i.indrelid = any(%(tablas)s::regclass[]) and not i.indisunique
          and i.indrelid <> all('{solicitudes_parte,solicitudes_actuacion}'::regclass[])
        """,
        {"tablas": list(sql.TABLAS_SEMBRADAS)},
    )
    parejas = cursor.fetchall()
    with transaction.atomic(using="migrador"):
        for quitar, _ in parejas:
            cursor.execute(quitar)
    # The indexes first: checking a foreign key reads them.
    return sorted((poner for _, poner in parejas), key=lambda orden: orden.startswith("alter"))


def _terminar(cursor: Any) -> None:
    for tabla in sql.TABLAS_SEMBRADAS:
        if tabla != sql.INDICE:  # its key is the solicitud's
            orden = f"select setval(pg_get_serial_sequence('{tabla}', 'id'), coalesce(max(id), 1)) from {tabla}"
            _ejecutar(cursor, orden)
    for tabla in sql.TABLAS_SEMBRADAS:
        cursor.execute(f"vacuum analyze {tabla}")


# --- People --------------------------------------------------------------------------------------------------------
def _crear_gente() -> None:
    """The accounts of the demonstration, an enlace in every entidad and sixteen asesores in every queue. Once."""
    if Persona.objects.filter(correo__endswith="@semilla.example").exists():
        return
    personas, membresias = [], []
    for entidad in Entidad.objects.vigentes().order_by("codigo"):
        persona = Persona(
            correo=f"enlace.{entidad.codigo}@semilla.example",
            nombre=f"Enlace {entidad.nombre_corto}"[:150],
            cargo="Profesional de planeación",
        )
        personas.append(persona)
        membresias.append(Membresia(persona=persona, rol=Rol.ENLACE, entidad=entidad, desde=DESDE))
    for dependencia in Dependencia.objects.vigentes().que_atienden().order_by("codigo"):
        de_aqui = dependencia.codigo.lower()
        papeles = [(Rol.ASESOR, f"asesor{k}") for k in range(1, ASESORES + 1)]
        papeles += [(Rol.REVISOR, "revisor"), (Rol.SUBDIRECTOR, "jefe")]
        for rol, quien in papeles:
            nombre = f"{quien.capitalize()} {dependencia.nombre_corto}"
            persona = Persona(correo=f"{quien}.{de_aqui}@semilla.example", nombre=nombre, cargo="Profesional")
            personas.append(persona)
            membresias.append(Membresia(persona=persona, rol=rol, dependencia=dependencia, desde=DESDE))
    for persona in personas:
        persona.password = _clave_cifrada()
    Persona.objects.bulk_create(personas)
    Membresia.objects.bulk_create(membresias)
    for dependencia in Dependencia.objects.que_atienden().filter(reparto=Dependencia.Reparto.SECTOR):
        asesores = list(_de(dependencia, Rol.ASESOR))
        AsignacionSector.objects.bulk_create(
            AsignacionSector(dependencia=dependencia, sector=sector, asesor=asesores[k % len(asesores)], desde=DESDE)
            for k, sector in enumerate(Sector.objects.order_by("codigo"))
        )
    crear_cuentas()


def _de(dependencia: Dependencia, rol: str) -> Any:
    suyas = Persona.objects.filter(membresias__dependencia=dependencia, membresias__rol=rol)
    return suyas.filter(correo__endswith="@semilla.example").order_by("pk")


# --- What the SQL reads --------------------------------------------------------------------------------------------
def _preparar(cursor: Any, solicitudes: int, instante: datetime) -> dict[str, Any]:
    """The temporary tables and, in a dictionary, what fills the statements."""
    calendario = calendario_vigente()
    abiertas = min(ABIERTAS, solicitudes * 3 // 10)
    dias = _dias(calendario, instante.date(), solicitudes, abiertas)
    cursor.execute(sql.TABLAS)
    cursor.execute(sql.AZAR)
    cursor.execute(sql.LUGAR)
    _llenar(cursor, "t_dias", dias)
    muestra, plazos = _plazos(dias)
    _llenar(cursor, "t_plazos", plazos)
    _llenar(cursor, "t_acuerdos", _acuerdos(instante))
    _llenar(cursor, "t_relojes", _relojes(dias))
    datos: dict[str, Any] = _lugares(cursor)
    _llenar(cursor, "t_textos (k, asunto, necesidad, contenido)", _textos())
    _vectores(cursor)
    primero = PRINCIPIO_DEMO if settings.ES_DEMO else 0
    sufijo = "-DEMO" if settings.ES_DEMO else ""
    datos |= muestra | {
        "cerradas": solicitudes - abiertas, "abiertas": max(1, abiertas), "n_textos": TEXTOS, "primero": primero,
        "demostracion": json.dumps(settings.ES_DEMO),
        "ahora": f"'{instante.isoformat()}'::timestamptz", "serie": f"AT{sufijo}", "serie_conceptos": f"C{sufijo}",
        "numero": sql.NUMERO, "codigo": sql.CODIGO, "asunto": sql.ASUNTO, "huella": sql.HUELLA_CONCEPTO,
        "espero": sql.ESPERO, "hubo_sesion": sql.HUBO_SESION, "lineamiento": LINEAMIENTO,
        "version_calendario": reglas_vigentes().numero,
    }  # fmt: skip
    # Keys in blocks of their own; the sequences are moved at the end. `movimiento` and `mensaje` advance by batch.
    for clave, tabla in (("solicitud", "solicitudes_solicitud"), ("parte", "solicitudes_parte"),
                         ("movimiento", "solicitudes_movimiento"), ("mensaje", "solicitudes_mensaje"),
                         ("concepto_id", "conceptos_concepto"), ("version", "conceptos_version")):  # fmt: skip
        cursor.execute(f"select nextval(pg_get_serial_sequence('{tabla}', 'id'))")
        datos[clave] = cursor.fetchone()[0]
    for parte in (sql.SEMILLA, sql.CONTADORES):
        _ejecutar(cursor, parte.format(**datos))
    return datos


def _llenar(cursor: Any, tabla: str, filas: list[tuple[Any, ...]]) -> None:
    execute_values(cursor.cursor, f"insert into {tabla} values %s", filas, page_size=1000)


def _dias(calendario: Calendario, hoy: date, solicitudes: int, abiertas: int) -> list[tuple[Any, ...]]:
    """Business days of two years up to yesterday, each with the numbers it receives, and those that follow, without.

    The open ones arrived in the last 25, whatever the size: nothing open is months late.
    """
    principio = hoy - timedelta(days=731)
    dias = [dia for dia in (principio + timedelta(k) for k in range(731)) if calendario.es_habil(dia)]
    corte = len(dias) - DIAS_DE_LAS_ABIERTAS
    pesos = [PICO.get(dia.month, 1.0) for dia in dias[:corte]]
    antes = [round(parcial / sum(pesos) * (solicitudes - abiertas)) for parcial in accumulate(pesos)]
    despues = [solicitudes - abiertas + round(abiertas * k / DIAS_DE_LAS_ABIERTAS) for k in range(1, 26)]
    limites = [0, *antes, *despues]
    filas: list[tuple[Any, ...]] = [
        (idx, dia, limites[idx] + 1, limites[idx + 1]) if limites[idx + 1] > limites[idx] else (idx, dia, None, None)
        for idx, dia in enumerate(dias)
    ]
    siguientes = calendario.habiles_despues_de(dias[-1])
    return filas + [(len(dias) + k, next(siguientes), None, None) for k in range(DIAS_DESPUES)]


def _plazos(dias: list[tuple[Any, ...]]) -> tuple[dict[str, str], list[tuple[Any, ...]]]:
    """The term of every day, in office hours and after them; the SQL writes the true hour over the sample's."""
    filas = []
    for idx, dia, desde, _ in dias:
        for tarde, muestra in MUESTRAS.items():
            if desde is None:
                continue
            plazo = plazo_de_solicitud(datetime.combine(dia, muestra, BOGOTA))
            regla = regla_usada(plazo)
            textos = [_neutral(texto, muestra) for texto in (json.dumps(regla, ensure_ascii=False),
                      _canonico(regla["frases"]))]  # fmt: skip
            filas.append((idx, tarde, plazo.fecha_efectiva, plazo.vence, *textos, _canonico(regla["horario"])))
    return {"muestra": "«HORA»", "muestra_iso": "«ISO»"}, filas


def _acuerdos(instante: datetime) -> list[tuple[Any, ...]]:
    """The clocks of what each dependencia promises today of each modality: nothing seeded is older than that."""
    reglas, filas = reglas_vigentes(), []
    with como_sistema("leer lo que prometen las dependencias"), transaction.atomic():
        dependencias = list(Dependencia.objects.vigentes().que_atienden().order_by("codigo"))
        catalogo = catalogo_de(*dependencias)
        for modalidad in Modalidad.objects.order_by("codigo").values_list("pk", flat=True):
            for dependencia in dependencias:
                parte = Parte(dependencia=dependencia, modalidad_id=modalidad, recibido_en=instante)
                filas += [
                    (dependencia.pk, modalidad, uno.ans_id, uno.nombre, uno.dias, uno.inicio, uno.fin, uno.obliga)
                    for uno in relojes_ans(parte, catalogo=catalogo, reglas=reglas)
                ]
    return filas


def _relojes(dias: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Every clock that begins with a reception, of every day, in office hours and after them."""
    cuantos = {DIAS_DEL_LINEAMIENTO, *AcuerdoServicio.objects.order_by("pk").values_list("dias", flat=True)}
    filas = []
    for idx, dia, desde, _ in dias:
        for tarde, muestra in MUESTRAS.items():
            for cada in sorted(cuantos) if desde is not None else []:
                plazo, regla = plazo_y_regla(datetime.combine(dia, muestra, BOGOTA), cada)
                texto = _neutral(json.dumps(sin_frases(regla), ensure_ascii=False), muestra)
                filas.append((idx, tarde, cada, plazo.fecha_efectiva, plazo.vence, plazo.vence_en, texto))
    return filas


def _neutral(texto: str, muestra: time) -> str:
    return texto.replace(f"T{muestra.isoformat()}", "«ISO»").replace(a_las(muestra), "«HORA»")


def _canonico(valor: Any) -> str:
    return json.dumps(valor, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _lugares(cursor: Any) -> dict[str, Any]:
    dependencias = list(Dependencia.objects.vigentes().que_atienden().order_by("codigo"))
    temas = list(Tema.objects.vigentes().select_related("modalidad").order_by("codigo"))
    filas: list[tuple[Any, ...]] = []
    with como_sistema("leer quién atiende"), transaction.atomic():
        for ix, d in enumerate(dependencias, start=1):
            revisor, jefe = _de(d, Rol.REVISOR)[0], _de(d, Rol.SUBDIRECTOR)[0]
            propios = [tema for tema in temas if tema.dependencia_id == d.pk]
            asesores = [persona.pk for persona in _de(d, Rol.ASESOR)]
            filas.append((ix, d.pk, d.nombre, d.reparto == Dependencia.Reparto.SECTOR, asesores, revisor.pk, jefe.pk,
                          jefe.nombre, d.cargo_de_quien_dirige or "Subdirector", len(propios)))  # fmt: skip
            _llenar(cursor, "t_temas", [(d.pk, k, t.pk, t.nombre, t.modalidad_id,
                    "concepto" if t.modalidad.produce_concepto else t.modalidad.codigo, t.reservado and k % 4 == 0)
                    for k, t in enumerate(propios)])  # fmt: skip
        _llenar(cursor, "t_dependencias", filas)
        _llenar(cursor, "t_asesores", list(AsignacionSector.objects.vigentes()
                .values_list("dependencia_id", "sector_id", "asesor_id").order_by("pk")))  # fmt: skip
        entidades = list(Entidad.objects.vigentes().order_by("codigo"))
        enlaces = {
            p.correo: p
            for p in Persona.objects.filter(correo__startswith="enlace.", correo__endswith="@semilla.example")
        }
    lugares = []
    for ix, e in enumerate(random.Random(7).sample(entidades, len(entidades)), start=1):
        quien = enlaces[f"enlace.{e.codigo}@semilla.example"]
        lugares.append(
            (
                ix,
                e.pk,
                e.nombre,
                e.sector_id,
                e.tipo == Entidad.Tipo.PRESTADORA,
                quien.pk,
                quien.nombre,
                quien.cargo,
                quien.correo,
            )
        )
    _llenar(cursor, "t_entidades", lugares)
    prestadoras = [ix for ix, d in enumerate(dependencias, start=1) if d.atiende_prestadoras]
    modalidades = {m.codigo: m.pk for m in Modalidad.objects.all()}
    return {
        "prestadoras": f"array[{','.join(map(str, prestadoras))}]", "n_prestadoras": len(prestadoras),
        "n_dependencias": len(dependencias), "n_entidades": len(entidades), "concepto": modalidades["concepto"],
        "asesoria": modalidades["asesoria"],
        "ventanilla": Persona.objects.get(correo="ventanilla@demo.example").pk,
    }  # fmt: skip


# --- Words ---------------------------------------------------------------------------------------------------------
def _textos() -> list[tuple[Any, ...]]:
    """Subjects, needs and conceptos made of the sentences of the 42 examples: words as often as people use them."""
    azar = random.Random(42)
    ejemplos = [json.loads(linea) for linea in EJEMPLOS.read_text(encoding="utf-8").splitlines() if linea]
    oraciones = [o for e in ejemplos for o in re.split(r"(?<=[.?]) ", e["cuerpo"]) if 40 < len(o) < 260]
    temas = list(Tema.objects.order_by("codigo").values_list("nombre", flat=True))
    filas = []
    for k in range(1, TEXTOS + 1):
        asunto = f"{ejemplos[k % len(ejemplos)]['asunto']}: {azar.choice(temas).lower()}"[:180]
        contenido = secciones.nuevo(asunto, ["¿Qué procedimiento debemos seguir?", "¿Qué norma lo rige?"])
        contenido |= {seccion.clave: " ".join(azar.sample(oraciones, 1)) for seccion in secciones.SECCIONES}
        contenido["respuestas"] = [{**par, "respuesta": azar.choice(oraciones)} for par in contenido["respuestas"]]
        contenido["normas"] = ["Ley 594 de 2000, artículo 24", f"Acuerdo {azar.randint(1, 60):03} de 2015"]
        filas.append((k, asunto, " ".join(azar.sample(oraciones, 4)), json.dumps(contenido, ensure_ascii=False)))
    return filas


def _vectores(cursor: Any) -> None:
    """As `texto_de_busqueda` of the bank, but for the subject, which each concepto adds to its own."""
    cursor.execute("select k, contenido from t_textos order by k")
    for k, guardado in cursor.fetchall():
        contenido = guardado if isinstance(guardado, dict) else json.loads(guardado)
        cuerpo = "\n".join(f"{titulo} {texto}" for _, titulo, texto in secciones.textos(contenido))
        corto = "\n".join([contenido["respuesta_corta"], *contenido["normas"]])
        cursor.execute(
            """
            update t_textos set busqueda = setweight(to_tsvector('spanish', %(corto)s), 'B')
                || setweight(to_tsvector('es_na', %(corto)s), 'B')
                || setweight(to_tsvector('spanish', %(cuerpo)s), 'C')
                || setweight(to_tsvector('es_na', %(cuerpo)s), 'C') where k = %(k)s
            """,
            {"k": k, "corto": corto, "cuerpo": cuerpo},
        )


def _sembrar_lote(cursor: Any, datos: dict[str, Any], desde: int, hasta: int) -> None:
    rango = {"desde": desde, "hasta": hasta}
    with transaction.atomic(using="migrador"):
        cursor.execute(sql.LOTE.format(**datos), rango)
        for clave, orden in sql.POR_LOTE:
            cursor.execute(orden.format(**datos), rango)
            if clave in {"movimientos", "mensajes"}:
                datos["movimiento" if clave == "movimientos" else "mensaje"] += cursor.rowcount
