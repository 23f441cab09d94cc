"""A file of SIGA: what came in is filed with its true instant, and the numbers of what is already here are annotated.

A row that names a solicitud (its AT, or a number that some solicitud has) only annotates. A number that is there is
never replaced unless whoever imports says so for the whole file, and then the rehearsal shows each before and after.
"""

import re
from dataclasses import dataclass, replace

from django.core.exceptions import ValidationError
from django.db import transaction

from alcance import como_sistema, exigir
from clasificador.modelo import Modelo, sugerir
from clasificador.services import vigente
from conceptos.services.salida import llevar_numero_de_salida
from direcciones.models import Tema
from direcciones.roles import Rol
from importaciones.estados import Resultado
from importaciones.services.juicio import Celdas, Falta, Faltas, Hecho, Juicio
from importaciones.services.solicitudes import JuezSolicitudes, ruta_de
from solicitudes.convertidores import Radicado
from solicitudes.eleccion import temas_para_pedir
from solicitudes.models import Solicitud
from solicitudes.propuestas import TemaDelTexto, tema_del_texto
from solicitudes.services.siga import NOMBRES, anotar_siga, cambios_de, leer_numero

_ES_AT = re.compile(Radicado.regex)
REEMPLAZAR = "Reemplazar los números que ya estaban"
# What the judge of solicitudes calls each cell, and how this kind of file does.
_NOMBRES = {
    "Recibida el:": "Fecha y hora:", "Quien la pide:": "Remitente:", "Cargo de quien la pide:": "Cargo del remitente:",
    "Correo de quien la pide:": "Correo del remitente:", "Teléfono de quien la pide:": "Teléfono del remitente:",
    "Número SIGA:": "Número de radicado:",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Anotacion:
    radicado: str
    entrada: str
    salida: str


class JuezSiga(JuezSolicitudes):
    def __init__(self, filas: list[Celdas], *, reemplaza: bool = False) -> None:
        self.reemplaza = reemplaza
        leidas: list[Celdas] = [_con_sus_numeros(celdas) for celdas in filas]
        super().__init__(leidas)
        self.por_radicado: dict[str, Solicitud] = {}
        nombradas = {celdas["at"] for celdas in leidas} - {""}
        with como_sistema("importar de SIGA: ver las solicitudes que nombra el archivo"), transaction.atomic():
            for solicitud in Solicitud.objects.filter(radicado__in=nombradas).order_by("pk"):
                self.por_radicado[solicitud.radicado] = solicitud
        self._modelo: Modelo | None = None
        self._para_pedir: dict[str, Tema] = {}

    def juzgar(self, celdas: Celdas, origen: str) -> Juicio:
        leida = _con_sus_numeros(celdas)
        con_numero = self._ya_esta(None, leida["siga"])
        if not leida["siga"] and not leida["at"]:
            return _mal("Número de radicado: está vacío. Escriba el de SIGA, o el radicado AT.")
        if leida["at"] and leida["at"] not in self.por_radicado:
            return _mal(f"Radicado AT: {leida['at'][:40]} no existe en el portal. Revíselo o déjelo vacío.")
        hallada = self.por_radicado.get(leida["at"]) or con_numero
        if hallada is None:
            return self._nueva(leida, origen)
        if con_numero is not None and con_numero.pk != hallada.pk:
            return _mal(f"El número {leida['siga']} ya es de {con_numero.radicado}, y la fila dice {leida['at']}.")
        return self._conocida(leida, hallada)

    # --- What is already in the portal ------------------------------------------------------------------------------
    def _conocida(self, leida: dict[str, str], hallada: Solicitud) -> Juicio:
        faltas, dados = Faltas(), {}
        for campo, celda, titulo in (
            ("siga_entrada", "siga", "Número de radicado"),
            ("siga_salida", "salida", "Radicado de salida"),
        ):
            try:
                dados[campo] = leer_numero(leida.get(celda, ""))
            except ValidationError as error:
                faltas.agregar(f"{titulo}: {error.message}")
        if faltas.frases:
            return faltas.juicio()
        nuevos = cambios_de(hallada, dados)
        cambios = {NOMBRES[campo]: (antes or "—", numero) for campo, (antes, numero) in nuevos.items()}
        hecho = Hecho(hallada.pk, hallada.radicado, _ruta(hallada))
        if not nuevos:
            return Juicio(Resultado.IGUAL, f"Ya está en el portal: {hallada.radicado}.", hallada.radicado, hecho=hecho)
        if any(antes for antes, _ in nuevos.values()) and not self.reemplaza:
            frase = (
                f"{hallada.radicado} ya tiene otro número. Si el del archivo es el correcto, marque "
                f"«{REEMPLAZAR}» en las columnas."
            )
            return Juicio(Resultado.ERROR, frase, hallada.radicado, cambios=cambios, hecho=hecho)
        anotacion = _Anotacion(hallada.radicado, dados["siga_entrada"], dados["siga_salida"])
        frase = f"Anota en {hallada.radicado}."
        return Juicio(Resultado.CAMBIAR, frase, hallada.radicado, cambios=cambios, datos=anotacion, hecho=hecho)

    # --- What just came in ------------------------------------------------------------------------------------------
    def _nueva(self, leida: dict[str, str], origen: str) -> Juicio:
        fila = dict(leida)
        fila["canal"] = Solicitud.Canal.SIGA.label
        fila["entidad"] = leida.get("entidad") or self._entidad_del_remitente(leida)
        fila["remitente"] = leida.get("remitente") or fila["entidad"]
        anexos = " ".join(leida.get("anexos", "").split())
        fila["evidencia"] = f"SIGA {leida['siga']}" + (f", anexos: {anexos[:120]}" if anexos else "")
        dicho, nota, fijas = None, "", {}
        if not fila.get("tema"):
            dicho = self._tema_del_asunto(fila)
            fila["sin_tema"] = _elija(dicho)
            if dicho.tema is not None:
                fila["tema"] = dicho.tema.codigo
                fijas = {"tema_propuesto": dicho.tema.codigo, "confianza": str(dicho.confianza)}
                nota = f" Tema propuesto, {dicho.confianza} %: {dicho.tema.nombre}."
        try:
            leer_numero(leida["siga"])
            salida = leer_numero(leida.get("salida", ""))
        except ValidationError as error:
            return _mal(f"Número de radicado o de salida: {error.message}")
        juicio = super().juzgar(fila, origen)
        if juicio.resultado == Resultado.ERROR:
            for suyo, de_siga in _NOMBRES.items():
                juicio.frase = juicio.frase.replace(suyo, de_siga)
        if juicio.resultado == Resultado.CREAR:
            # Just arrived, as what the window registers: whoever attends is told, and the history says who wrote it.
            recepcion = {**juicio.datos.recepcion, "importada_de": ""}
            juicio.datos = replace(juicio.datos, recepcion=recepcion, salida=salida)
            juicio.frase, juicio.fijas = f"{juicio.frase.rstrip('.')}.{nota}", fijas
        return juicio

    def _entidad_del_remitente(self, leida: dict[str, str]) -> str:
        remitente = leida.get("remitente", "")
        try:
            self.entidades.uno(remitente, "Entidad")
        except Falta:
            return ""
        return remitente

    def _tema_del_asunto(self, fila: dict[str, str]) -> TemaDelTexto:
        """The one that the rehearsal proposed, while it is in force: what somebody confirmed does not change."""
        propuesto = next((t for t in self.temas if t.codigo == fila.get("tema_propuesto")), None)
        if propuesto is not None:
            return TemaDelTexto(propuesto, int(fila.get("confianza") or 0), ())
        if self._modelo is None:
            self._modelo = vigente()
            self._para_pedir = {tema.codigo: tema for tema in temas_para_pedir()}
        return tema_del_texto(
            sugerir(self._modelo, f"{fila.get('asunto', '')}\n{fila.get('necesidad', '')}"), self._para_pedir
        )

    def _tema(self, celdas: Celdas) -> Tema:
        if not celdas.get("tema"):
            raise Falta(celdas["sin_tema"])
        return super()._tema(celdas)

    def aplicar(self, juicio: Juicio, con_acuse: bool) -> Hecho:
        anotacion = juicio.datos
        if isinstance(anotacion, _Anotacion):
            hallada = anotar_siga(
                radicado=anotacion.radicado,
                entrada=anotacion.entrada,
                salida=anotacion.salida,
                reemplazar=self.reemplaza,
            )
            if anotacion.salida:
                llevar_numero_de_salida(solicitud_id=hallada.pk, numero=anotacion.salida)
            return Hecho(hallada.pk, hallada.radicado, _ruta(hallada))
        hecho = super().aplicar(juicio, con_acuse)
        if juicio.datos.salida:
            anotar_siga(radicado=hecho.texto, salida=juicio.datos.salida)
        return hecho


def _con_sus_numeros(celdas: Celdas) -> dict[str, str]:
    """Both numbers always there, each in its own cell: people write «Radicado» over either of them."""
    siga, at = (" ".join(celdas.get(campo, "").split()) for campo in ("siga", "at"))
    if at and not _ES_AT.fullmatch(at.upper()) and not siga:
        siga, at = at, ""
    if siga and _ES_AT.fullmatch(siga.upper()):
        siga, at = "", at or siga
    return {**celdas, "siga": siga, "at": at.upper()}


def _elija(dicho: TemaDelTexto) -> str:
    nombres = [f"«{tema.nombre}» ({tema.codigo})" for tema in dicho.cercanos]
    return f"Escriba el tema. Los más parecidos: {', '.join(nombres)}." if nombres else "Escriba el tema."


def _mal(frase: str) -> Juicio:
    return Juicio(Resultado.ERROR, frase)


def _ruta(solicitud: Solicitud) -> str:
    """Where whoever imports opens it; the window opens only what it registered."""
    alcance = exigir()
    suya = solicitud.registrada_por_id == alcance.persona_id and not solicitud.reservada
    if (alcance.rol == Rol.ADMINISTRADOR and not solicitud.reservada) or suya:
        return ruta_de(solicitud)
    return ""
