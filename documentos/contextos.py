"""What each document says: exactly what its template needs, nothing of the database (architecture §6)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from documentos.codigos import agrupar
from documentos.fechas import fecha_larga, instante_largo
from documentos.qr import qr_de
from documentos.texto import Texto


@dataclass(frozen=True, slots=True, kw_only=True)
class Membrete:
    """Letterhead of the dependencia that speaks. All of it is data of the catalogue, never code."""

    entidad: str
    dependencia: str
    subdependencia: str = ""
    ciudad: str = "Bogotá D. C."
    direccion: str = ""
    correo: str = ""
    sitio: str = ""

    @classmethod
    def institucional(cls, identidad: Mapping[str, str], sitio: str = "") -> "Membrete":
        """Of the whole institution (settings.IDENTIDAD), where no dependencia speaks by itself."""
        propios = {campo: identidad[campo] for campo in ("entidad", "dependencia", "direccion", "correo")}
        return cls(**propios, sitio=sitio)

    @property
    def contacto(self) -> str:
        """One line for the foot of each page, without what is not known."""
        donde = f"{self.direccion}, {self.ciudad}" if self.direccion else ""
        return " · ".join(filter(None, [donde, self.correo, self.sitio]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Destinatario:
    nombre: str
    cargo: str
    entidad: str
    correo: str = ""
    ciudad: str = "Bogotá D. C."


@dataclass(frozen=True, slots=True, kw_only=True)
class PreguntaRespondida:
    """One question of the solicitud and its one answer (R58: the list is the reviewer's checklist)."""

    numero: int
    pregunta: str
    respuesta: Texto


@dataclass(frozen=True, slots=True, kw_only=True)
class ContextoVerificable:
    """What every document that can be checked in the portal carries."""

    membrete: Membrete
    codigo: str
    url_verificacion: str
    demostracion: bool = False

    @property
    def codigo_legible(self) -> str:
        return agrupar(self.codigo)

    @property
    def pagina_verificacion(self) -> str:
        """Where the code is typed: the same address without the code."""
        return self.url_verificacion.rstrip("/").rpartition("/")[0] + "/"

    @property
    def qr(self) -> str:
        return qr_de(self.url_verificacion)

    @property
    def imagenes(self) -> list[str]:
        """The only data URIs the PDF may load."""
        return [self.qr]


@dataclass(frozen=True, slots=True, kw_only=True)
class ContextoConcepto(ContextoVerificable):
    """Concepto técnico (domain.md §2.3; R85: analysis and conclusions are never empty)."""

    numero: str
    version: int
    fecha: date
    destinatario: Destinatario
    asunto: str
    radicado: str
    recibida_en: datetime
    respuesta_corta: Texto
    antecedentes: Texto
    preguntas: tuple[PreguntaRespondida, ...]
    marco_normativo: Texto
    analisis: Texto
    conclusiones: Texto
    recomendaciones: Texto
    proyecto: str = ""
    otras_dependencias: tuple[str, ...] = ()

    @property
    def titulo(self) -> str:
        return f"Concepto técnico {self.numero}: {self.asunto}"

    @property
    def fecha_larga(self) -> str:
        return fecha_larga(self.fecha)

    @property
    def recibida_larga(self) -> str:
        return fecha_larga(self.recibida_en)


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivoRecibido:
    nombre: str
    tamano: str
    sha256: str


@dataclass(frozen=True, slots=True)
class RelojImpreso:
    """One of the terms that run, and why it expires when it does, day by day."""

    nombre: str
    lineas: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ContextoConstancia(ContextoVerificable):
    """Proof of filing. Says which rule of office hours it used and never more certainty than that (issue, Radicar).

    `radicada_en` is the instant the portal wrote the number; `recibida_en` the true reception, which rules the turn.
    """

    radicado: str
    numero_siga: str = ""
    canal: str
    radicada_en: datetime
    recibida_en: datetime
    fecha_efectiva: date
    regla_jornada: str
    norma_jornada: str
    vence: date
    dias_habiles: int
    explicacion_plazo: str = ""
    relojes: tuple[RelojImpreso, ...] = ()
    entidad: str
    remitente: str
    cargo_remitente: str = ""
    dependencias: tuple[str, ...]
    tema: str
    modalidad: str
    asunto: str
    archivos: tuple[ArchivoRecibido, ...] = ()
    huella: str = ""  # SHA-256 of what was filed: the page of the QR shows the same one

    @property
    def titulo(self) -> str:
        return f"Constancia de radicación {self.radicado}"

    @property
    def radicada_larga(self) -> str:
        return instante_largo(self.radicada_en, segundos=True)

    @property
    def recibida_larga(self) -> str:
        return instante_largo(self.recibida_en, segundos=True)

    @property
    def efectiva_larga(self) -> str:
        return fecha_larga(self.fecha_efectiva)

    @property
    def vence_largo(self) -> str:
        return fecha_larga(self.vence)


@dataclass(frozen=True, slots=True, kw_only=True)
class FilaDeIndice:
    orden: int
    nombre: str
    tipo: str
    origen: str
    formato: str
    creado: str
    incorporado: str
    folios: str
    paginas: int
    bytes: int
    huella: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContextoIndice:
    """The electronic index of an expediente, printed. What is signed is the text whose digest it shows."""

    membrete: Membrete
    demostracion: bool
    version: int
    motivo: str
    huella: str
    firmado_en: datetime
    expediente: Mapping[str, Any]
    filas: tuple[FilaDeIndice, ...]
    codigo_legible: str = ""

    @property
    def titulo(self) -> str:
        return f"Índice electrónico del expediente {self.expediente['numero']}"

    @property
    def firmado_largo(self) -> str:
        return instante_largo(self.firmado_en, segundos=True)

    @property
    def imagenes(self) -> list[str]:
        return []


@dataclass(frozen=True, slots=True, kw_only=True)
class ContextoSello:
    """What the visible mark of a signature says. Its size is that of the box of the concepto (documento.css)."""

    firmante: str
    cargo: str
    encargo: str = ""
    instante: datetime
    sha256_revisado: str
    demostracion: bool = False

    @property
    def titulo(self) -> str:
        return f"Firma electrónica de {self.firmante}"

    @property
    def instante_largo(self) -> str:
        return instante_largo(self.instante)

    @property
    def imagenes(self) -> list[str]:
        return []
