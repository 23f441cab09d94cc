"""Entidades of a file: known by their code; without it, by their name, or by a NIT that only one has."""

from collections import defaultdict
from typing import Any

from django.urls import reverse

from direcciones.catalogos import TIPOS
from direcciones.models import Entidad, Sector
from direcciones.services.catalogos import cambiar_fila, crear_fila
from importaciones.estados import Resultado
from importaciones.services.juicio import Celdas, Falta, Faltas, Hecho, Juicio, Sugeridor, limpiar_campos
from importaciones.valores import elegir, llano

_TITULOS = {"codigo": "Código", "nombre": "Nombre", "sigla": "Sigla", "nit": "NIT", "dominios_correo": "Dominios"}
_TIPOS = {tipo: {tipo.value, tipo.label, *(t for t, suyo in TIPOS.items() if suyo == tipo)} for tipo in Entidad.Tipo}
_COMUNES = {"sector": "Sector", "tipo": "Tipo"} | _TITULOS


class JuezEntidades:
    def __init__(self, filas: list[Celdas]) -> None:
        self.todas = list(Entidad.objects.select_related("sector").order_by("pk"))
        self.por_codigo = {llano(e.codigo): e for e in self.todas}
        self.por_nombre: dict[str, list[Entidad]] = defaultdict(list)
        for entidad in self.todas:
            self.por_nombre[llano(entidad.nombre)].append(entidad)
        self.sectores = list(Sector.objects.vigentes().order_by("codigo"))
        self.sugerir_sector = Sugeridor(sector.nombre for sector in self.sectores)

    def juzgar(self, celdas: Celdas, origen: str) -> Juicio:
        faltas, entidad = Faltas(), None
        valores: dict[str, Any] = {}
        with faltas.anotando():
            entidad = self._conocida(celdas)
        with faltas.anotando():
            valores |= self._sector(celdas)
        with faltas.anotando():
            valores |= self._tipo(celdas)
        valores |= {campo: " ".join(celdas[campo].split()) for campo in _TITULOS if celdas.get(campo)}
        limpiar_campos(faltas, Entidad(**valores), {c: t for c, t in _TITULOS.items() if c in valores})
        if not faltas.frases and entidad is None:
            vacios = [_COMUNES[campo] for campo in ("codigo", "sector", "tipo") if campo not in valores]
            if vacios:
                faltas.agregar(f"Es una entidad nueva: complete {' y '.join(vacios)}.")
        if faltas.frases:
            return faltas.juicio()
        clave = llano(entidad.codigo if entidad else valores["codigo"])
        if entidad is None:
            return Juicio(Resultado.CREAR, "Entidad nueva.", clave, datos=(None, valores))
        return self._comparar(entidad, valores, clave)

    def _conocida(self, celdas: Celdas) -> Entidad | None:
        codigo, nombre = llano(celdas.get("codigo", "")), llano(celdas.get("nombre", ""))
        if not nombre:
            raise Falta("Nombre: está vacío. Escriba el nombre de la entidad.")
        tocayas = self.por_nombre.get(nombre, [])
        halladas = [self.por_codigo[codigo]] if codigo in self.por_codigo else [] if codigo else tocayas
        if codigo and not halladas and tocayas:
            raise Falta(f"Ya hay una entidad con ese nombre y el código {tocayas[0].codigo}. Use ese código.")
        if not halladas and not codigo and (nit := llano(celdas.get("nit", ""))):
            con_nit = [e for e in self.todas if llano(e.nit) == nit]
            halladas = con_nit if len(con_nit) == 1 else []
        if len(halladas) > 1:
            raise Falta("Varias entidades tienen ese nombre. Escriba el código de la que es.")
        if halladas and not halladas[0].esta_vigente():
            raise Falta(f"La entidad {halladas[0].codigo} ya no está vigente. Ábrala de nuevo en Catálogos o quítela.")
        return halladas[0] if halladas else None

    def _sector(self, celdas: Celdas) -> dict[str, Sector]:
        texto = celdas.get("sector", "")
        if not texto:
            return {}
        buscado = llano(texto)
        for sector in self.sectores:
            if buscado in {llano(sector.codigo), llano(sector.nombre), llano(f"Sector {sector.nombre}")} or (
                buscado.isdecimal() and buscado.zfill(2) == sector.codigo
            ):
                return {"sector": sector}
        raise Falta(f"Sector: «{texto[:80]}» no está en el catálogo.{self.sugerir_sector(texto)}")

    def _tipo(self, celdas: Celdas) -> dict[str, str]:
        texto = celdas.get("tipo", "")
        if not texto:
            return {}
        tipo = elegir(texto, _TIPOS)
        if tipo is None:
            etiquetas = ", ".join(f"«{t.label}»" for t in Entidad.Tipo)
            raise Falta(f"Tipo: escriba uno de estos: {etiquetas}.")
        return {"tipo": str(tipo)}

    def _comparar(self, entidad: Entidad, valores: dict[str, Any], clave: str) -> Juicio:
        """What comes empty or written otherwise (spaces, dots of the NIT) changes nothing."""
        distintos = {
            campo: valor
            for campo, valor in valores.items()
            if campo != "codigo" and not _iguales(campo, getattr(entidad, campo), valor)
        }
        hecho = _hecho(entidad)
        if not distintos:
            return Juicio(Resultado.IGUAL, "Ya está en el catálogo.", clave, hecho=hecho)
        cambios = {
            _COMUNES[campo]: (_legible(campo, getattr(entidad, campo)), _legible(campo, valor))
            for campo, valor in distintos.items()
        }
        return Juicio(
            Resultado.CAMBIAR, "Cambia lo que está en el catálogo.", clave, "", cambios, (entidad, distintos), hecho
        )

    def aplicar(self, juicio: Juicio, con_acuse: bool) -> Hecho:
        entidad, valores = juicio.datos
        if entidad is None:
            return _hecho(crear_fila(modelo=Entidad, datos=valores))
        return _hecho(cambiar_fila(fila=entidad, datos=valores))


def _iguales(campo: str, antes: Any, despues: Any) -> bool:
    return llano(antes) == llano(despues) if campo == "nit" else bool(antes == despues)


def _legible(campo: str, valor: Any) -> str:
    return str(Entidad.Tipo(valor).label) if campo == "tipo" else str(valor or "—")


def _hecho(entidad: Any) -> Hecho:
    return Hecho(entidad.pk, str(entidad)[:200], reverse("direcciones:fila", args=["entidades", entidad.pk]))
