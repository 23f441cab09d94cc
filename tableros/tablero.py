"""The board put together: the same figures for the page, the PDF, the spreadsheet, the mail and the API."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from plazos.calendario import Calendario
from plazos.reloj import ahora
from tableros import cifras
from tableros.cifras import Cifra, Corte, Formato, texto_de
from tableros.lectura import Crudas, Fila, Lectura, Sumas, consultar, entender, sumar
from tableros.periodos import Periodo, nombre_del_mes

DIAS_PARA_COMPARAR = 5  # business days of a period in course: today's is not whole


@dataclass(frozen=True, slots=True)
class Valor:
    """One number (or words) and the list of the rows that make it."""

    numero: float | str | None
    formato: Formato = Formato.ENTERO
    url: str = ""

    @property
    def texto(self) -> str:
        return texto_de(self.numero, self.formato)


@dataclass(frozen=True, slots=True)
class Tarjeta:
    """A figure with its words; `cambio` compares it with the period before, in words and with an arrow."""

    clave: str
    titulo: str
    valor: Valor
    nota: str = ""
    cambio: str = ""
    tono: str = ""
    antes: float | None = None


@dataclass(frozen=True, slots=True)
class Columna:
    texto: str
    formato: Formato = Formato.ENTERO

    @property
    def es_numero(self) -> bool:
        return self.formato is not Formato.TEXTO


@dataclass(frozen=True, slots=True)
class Tabla:
    """`filas`: one list of Valor per row, as long as `columnas`. `dibujo`: columns to draw, by their position."""

    clave: str
    titulo: str
    columnas: Sequence[Columna]
    filas: Sequence[Sequence[Valor]]
    nota: str = ""
    vacia: str = "No hay datos en este período."
    dibujo: tuple[int, ...] = ()


@dataclass(slots=True)
class Tablero:
    corte: Corte
    hecho_en: datetime
    hoy: list[Tarjeta] = field(default_factory=list)
    periodo: list[Tarjeta] = field(default_factory=list)
    alertas: list[Valor] = field(default_factory=list)
    tablas: dict[str, Tabla] = field(default_factory=dict)

    def tarjeta(self, clave: str) -> Tarjeta:
        return next(t for t in (*self.hoy, *self.periodo) if t.clave == clave)

    @property
    def anterior(self) -> Periodo:
        return self.corte.periodo.anterior()

    @property
    def en_curso(self) -> bool:
        return self.corte.periodo.en_curso(self.corte.hoy)


class Sitio(NamedTuple):
    """A dependencia as the board names it. Two are equal only when all that is shown of them is."""

    pk: int
    codigo: str
    nombre: str


def leer(corte: Corte) -> Crudas:
    return consultar(
        antes=corte.periodo.anterior().primero,
        primero=corte.periodo.primero,
        ultimo=corte.periodo.ultimo,
        hoy=corte.hoy,
        semana=corte.semana,
        dependencias=corte.dependencias,
        sector=corte.sector,
        reservadas=corte.reservadas,
    )


def armar(crudas: Crudas, corte: Corte, sitios: Iterable[Sitio], calendario: Calendario) -> Tablero:
    """What was read, in words. `sitios`: all the dependencias, to name them. Nothing else decides what it says."""
    lectura, anterior, sitios = entender(crudas), corte.periodo.anterior(), tuple(sitios)
    ahora_ = sumar(lectura.lugares.values())
    actual, previo = _del_periodo(lectura, corte.periodo), _del_periodo(lectura, anterior)
    tablero = Tablero(corte, ahora())
    tablero.hoy = [_tarjeta(cifra, corte, ahora_) for cifra in cifras.DE_HOY]
    parte = _parte_que_va(corte, calendario)
    tablero.periodo = [_tarjeta(cifra, corte, actual, previo, parte) for cifra in cifras.DEL_PERIODO]
    por_lugar = _por_dependencia(lectura, corte, sitios)
    tablero.alertas = [*_mas_antigua(lectura, corte, calendario), *_peor_cambio(por_lugar)]
    for tabla in (
        _tabla_meses(lectura, corte),
        _tabla_dependencias(por_lugar),
        _tabla_edades(lectura, corte, calendario),
        _tabla_carga(lectura, corte),
        _tabla_grupo("tema", "Temas", lectura.grupos["tema"], corte),
        _tabla_grupo("modalidad", "Modalidades", lectura.grupos["modalidad"], corte),
        _tabla_nunca(lectura, corte, sitios),
        _tabla_respuesta(lectura, corte),
    ):
        tablero.tablas[tabla.clave] = tabla
    return tablero


def _del_periodo(lectura: Lectura, periodo: Periodo) -> dict[str, int]:
    return sumar(s for (mes, _), s in lectura.meses.items() if periodo.primero <= mes <= periodo.ultimo)


def _valor(cifra: Cifra, corte: Corte, sumas: Sumas, **mas: object) -> Valor:
    return Valor(cifra.leer(sumas), cifra.formato, cifra.url(corte, **mas))


def _parte_que_va(corte: Corte, calendario: Calendario) -> float | None:
    """Of a period in course, its business days until today over all those of the one before; 1 when it has ended, and
    None while they are too few to say anything."""
    periodo, antes = corte.periodo, corte.periodo.anterior()
    if not periodo.en_curso(corte.hoy):
        return 1
    if antes.primero.year <= calendario.desde_anio or periodo.primero > corte.hoy:
        return None
    van, eran = (
        calendario.habiles_entre(primero - timedelta(days=1), ultimo)
        for primero, ultimo in ((periodo.primero, corte.hoy), (antes.primero, antes.hasta))
    )
    return van / eran if van >= DIAS_PARA_COMPARAR else None


def _tarjeta(
    cifra: Cifra, corte: Corte, sumas: Sumas, antes: Sumas | None = None, parte: float | None = None
) -> Tarjeta:
    valor = _valor(cifra, corte, sumas)
    previo = cifra.leer(antes) if antes is not None else None
    return Tarjeta(
        cifra.clave,
        cifra.texto,
        valor,
        nota=cifra.nota,
        cambio=_cambio(cifra, valor.numero, previo, parte) if antes is not None else "",
        tono=_tono(cifra, valor.numero),
        antes=previo,
    )


def _cambio(cifra: Cifra, numero: float | str | None, previo: float | None, parte: float | None) -> str:
    """«↑ Subió 3,2 puntos: antes 92,4 %». A count of a period in course is set against the same part of the one before
    (`parte`), by its business days: what is kept is by month (docs/decisiones/0018)."""
    if previo is None or not isinstance(numero, int | float):
        return "Sin datos para comparar"
    en_curso = ("", "")
    if cifra.formato is Formato.ENTERO and parte != 1:
        if parte is None:
            return f"En curso. Antes, el período completo: {texto_de(previo)}"
        previo, en_curso = round(previo * parte), ("En curso. ", " en igual número de días hábiles")
    antes, diferencia = texto_de(previo, cifra.formato), round(numero - previo, 1)
    if not diferencia:
        return f"{en_curso[0]}→ Igual: antes {antes}{en_curso[1]}"
    cuanto = texto_de(abs(diferencia), Formato.ENTERO if cifra.formato is Formato.ENTERO else Formato.PROMEDIO)
    unidad = " puntos" if cifra.formato is Formato.PORCENTAJE else ""
    flecha = "↑ Subió" if diferencia > 0 else "↓ Bajó"
    return f"{en_curso[0]}{flecha} {cuanto}{unidad}: antes {antes}{en_curso[1]}"


def _tono(cifra: Cifra, numero: float | str | None) -> str:
    if not isinstance(numero, int | float):
        return ""
    if cifra is cifras.CUMPLIMIENTO:
        return "verde" if numero >= cifras.META_CUMPLIMIENTO else "rojo"
    return "rojo" if cifra in {cifras.VENCIDAS, cifras.SIN_MOTIVO} and numero else ""


# --- What to look at first ---------------------------------------------------------------------------------------
def _mas_antigua(lectura: Lectura, corte: Corte, calendario: Calendario) -> list[Valor]:
    dias = [dia for dia, sumas in lectura.recibo.items() if sumas["en_cola"]]
    if not dias:
        return []
    dia = min(dias)
    espera = calendario.habiles_entre(dia, corte.hoy)
    hace = "hoy" if not espera else f"hace {espera} {'día hábil' if espera == 1 else 'días hábiles'}"
    url = corte.url("registro", estado="en_cola", desde=dia, hasta=dia)
    return [Valor(f"La más antigua sin asignar llegó {hace}", Formato.TEXTO, url)]


@dataclass(frozen=True, slots=True)
class _Lugar:
    nombre: str
    corte: Corte
    ahora: Sumas
    actual: Sumas
    previo: Sumas


def _por_dependencia(lectura: Lectura, corte: Corte, sitios: Iterable[Sitio]) -> list[_Lugar]:
    """Those with something to show, the most overdue first."""
    anterior = corte.periodo.anterior()
    lugares = []
    for d in sitios:
        meses = {mes: sumas for (mes, lugar), sumas in lectura.meses.items() if lugar == d.pk}
        actual = sumar(s for mes, s in meses.items() if mes >= corte.periodo.primero)
        previo = sumar(s for mes, s in meses.items() if mes <= anterior.ultimo)
        abiertas = lectura.lugares.get(d.pk, {})
        if any(actual.values()) or any(abiertas.values()):
            suyo = corte.en(direccion="", dependencia=d.codigo)
            lugares.append(_Lugar(d.nombre, suyo, abiertas, actual, previo))
    return sorted(lugares, key=lambda x: (-x.ahora.get("vencidas", 0), x.nombre))


def _peor_cambio(lugares: list[_Lugar]) -> list[Valor]:
    """Where compliance fell most."""
    bajas = []
    for lugar in lugares:
        antes, hoy = cifras.CUMPLIMIENTO.leer(lugar.previo), cifras.CUMPLIMIENTO.leer(lugar.actual)
        if antes is not None and hoy is not None and round(antes - hoy, 1) > 0:
            bajas.append((round(antes - hoy, 1), lugar))
    if not bajas:
        return []
    puntos, lugar = max(bajas, key=lambda baja: baja[0])
    texto = f"El cumplimiento bajó {texto_de(puntos, Formato.PROMEDIO)} puntos en {lugar.nombre}"
    return [Valor(texto, Formato.TEXTO, cifras.TARDE.url(lugar.corte))]


# --- Tables ------------------------------------------------------------------------------------------------------
def _columnas(primera: str, *figuras: Cifra) -> list[Columna]:
    return [Columna(primera, Formato.TEXTO), *(Columna(c.texto, c.formato) for c in figuras)]


def _nombre(texto: str) -> Valor:
    return Valor(texto, Formato.TEXTO)


def _tabla_meses(lectura: Lectura, corte: Corte) -> Tabla:
    figuras = (cifras.RECIBIDAS, cifras.ATENDIDAS, cifras.A_TIEMPO, cifras.TARDE, cifras.CUMPLIMIENTO)
    filas = []
    for mes in corte.periodo.meses():
        suyo = corte.en(periodo=Periodo(mes, mes))
        sumas = _del_periodo(lectura, suyo.periodo)
        filas.append([_nombre(nombre_del_mes(mes)), *(_valor(c, suyo, sumas) for c in figuras)])
    return Tabla("meses", "Recibidas y respondidas por mes", _columnas("Mes", *figuras), filas, dibujo=(1, 2))


def _tabla_dependencias(lugares: list[_Lugar]) -> Tabla:
    de_hoy = (cifras.ABIERTAS, cifras.VENCIDAS, cifras.SIN_ASIGNAR)
    figuras = (cifras.RECIBIDAS, cifras.ATENDIDAS, cifras.CUMPLIMIENTO, cifras.ORDEN)
    columnas = _columnas("Dependencia", *de_hoy, *figuras)
    columnas.insert(-1, Columna("Cumplimiento antes", Formato.PORCENTAJE))
    filas = []
    for x in lugares:
        fila: list[Valor] = [_nombre(x.nombre), *(_valor(c, x.corte, x.ahora) for c in de_hoy)]
        fila += [_valor(c, x.corte, x.actual) for c in figuras[:-1]]
        antes = x.corte.en(periodo=x.corte.periodo.anterior())
        fila += [_valor(cifras.CUMPLIMIENTO, antes, x.previo), _valor(cifras.ORDEN, x.corte, x.actual)]
        filas.append(fila)
    return Tabla("dependencias", "Por dependencia", columnas, filas, dibujo=(6,))


def _tabla_edades(lectura: Lectura, corte: Corte, calendario: Calendario) -> Tabla:
    """The open ones by business days since they came. Each band is a range of days of reception."""
    figuras = (cifras.ABIERTAS, cifras.SIN_ASIGNAR)
    filas, hasta = [], corte.hoy
    for desde_dias, hasta_dias in cifras.EDADES:
        desde = None if hasta_dias is None else calendario.hace_habiles(corte.hoy, hasta_dias)
        suyas = sumar(s for dia, s in lectura.recibo.items() if dia <= hasta and (desde is None or dia >= desde))
        nombre = f"{desde_dias} a {hasta_dias} días hábiles" if desde else f"Más de {desde_dias - 1} días hábiles"
        rango = ({"desde": desde} if desde else {}) | {"hasta": hasta}
        filas.append([_nombre(nombre), *(_valor(c, corte, suyas, **rango) for c in figuras)])
        hasta = desde - timedelta(days=1) if desde else hasta
    return Tabla("edades", "Antigüedad de las abiertas", _columnas("Desde que llegó", *figuras), filas, dibujo=(1,))


def _tabla_carga(lectura: Lectura, corte: Corte) -> Tabla:
    figuras = (cifras.ABIERTAS, cifras.ESPERANDO)
    suyas = [f for f in lectura.grupos["asesor"] if f.clave and f.sumas["abiertas"]]
    filas = [
        [_nombre(f.nombre), *(_valor(c, corte, f.sumas, asesor=f.clave) for c in figuras)]
        for f in sorted(suyas, key=lambda f: (-f.sumas["abiertas"], f.nombre))
    ]
    return Tabla(
        "carga", "Carga de cada persona", _columnas("Persona", *figuras), filas,
        vacia="Nadie tiene solicitudes abiertas.", dibujo=(1,),
    )  # fmt: skip


def _tabla_grupo(clave: str, titulo: str, grupo: list[Fila], corte: Corte) -> Tabla:
    figuras = (cifras.RECIBIDAS, cifras.ATENDIDAS, cifras.CUMPLIMIENTO)
    con_algo = [f for f in grupo if any(f.sumas.values())]
    filas = [
        [_nombre(f.nombre), *(_valor(c, corte, f.sumas, **{clave: f.clave}) for c in figuras)]
        for f in sorted(con_algo, key=lambda f: (-f.sumas["recibidas"], -f.sumas["atendidas"], f.nombre))
    ]
    columnas = _columnas({"tema": "Tema", "modalidad": "Modalidad"}[clave], *figuras)
    return Tabla(clave, titulo, columnas, filas, dibujo=(1,))


def _tabla_nunca(lectura: Lectura, corte: Corte, sitios: tuple[Sitio, ...]) -> Tabla:
    """Entidades in force to which nothing was ever answered, whatever the period (R97), by whom one looks at."""
    filas = [
        [_nombre(f.nombre), _valor(cifras.RECIBIDAS, corte, f.sumas, entidad=f.clave)]
        for f in sorted(lectura.grupos["entidad"], key=lambda f: f.nombre)
        if not f.sumas["alguna_vez"] and (f.hasta is None or f.hasta >= corte.hoy)
    ]
    todas = corte.dependencias is None
    de_quien = "la SDFI" if todas else ", ".join(d.nombre for d in sitios) or "ninguna dependencia"
    sin_lo_reservado = "" if corte.reservadas else ", sin contar lo reservado"
    nota = f"Sin ninguna respuesta de {de_quien}, en ningún período{sin_lo_reservado}."
    return Tabla(
        "nunca", f"Entidades nunca atendidas{'' if todas else ' aquí'}", _columnas("Entidad", cifras.RECIBIDAS), filas,
        nota=f"{nota} Lo recibido es del período.",
        vacia=f"Todas las entidades han recibido alguna respuesta{'' if todas else ' de aquí'}.",
    )  # fmt: skip


def _tabla_respuesta(lectura: Lectura, corte: Corte) -> Tabla:
    """Who answers the survey, the ones that never do first (R97)."""
    con_encuesta = [f for f in lectura.grupos["entidad"] if f.sumas["encuestas"]]
    figuras = (cifras.ENCUESTAS, cifras.RESPONDIDAS, cifras.RESPUESTA)
    columnas = [*_columnas("Entidad", *figuras), Columna("", Formato.TEXTO)]
    filas = []
    for f in sorted(con_encuesta, key=lambda f: (bool(f.sumas["respondidas"]), -f.sumas["encuestas"], f.nombre)):
        aviso = "" if f.sumas["respondidas"] else "Ninguna contestada"
        filas.append(
            [_nombre(f.nombre), *(_valor(c, corte, f.sumas, entidad=f.clave) for c in figuras), _nombre(aviso)]
        )
    ninguna = sum(not f.sumas["respondidas"] for f in con_encuesta)
    nota = f"{texto_de(len(con_encuesta))} con encuesta. Sin contestar ninguna: {texto_de(ninguna)}."
    return Tabla(
        "respuesta", "Encuestas por entidad", columnas, filas, nota if filas else "",
        vacia="No se enviaron encuestas en este período.",
    )  # fmt: skip


def tabla_de_tarjetas(tablero: Tablero) -> Tabla:
    """Every figure of the period with the one before, in one table."""
    columnas = [Columna(texto, Formato.TEXTO) for texto in ("Cifra", "En el período", "Antes", "Cambio")]
    filas = []
    for cifra, t in zip(cifras.DEL_PERIODO, tablero.periodo, strict=True):
        antes = tablero.corte.en(periodo=tablero.anterior)
        previo = Valor(texto_de(t.antes, cifra.formato), Formato.TEXTO, cifra.url(antes))
        valor = Valor(t.valor.texto, Formato.TEXTO, t.valor.url)
        filas.append([_nombre(t.titulo), valor, previo, _nombre(t.cambio)])
    return Tabla("cifras", "Cifras del período", columnas, filas)
