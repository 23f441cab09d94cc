"""The whole catalogue, the mailboxes and what the ten messages of the client speak of, in a base."""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from alcance import como_sistema
from avisos.models import Envio
from buzones.criterio.dictamen import dictaminar
from buzones.criterio.hechos import Hechos
from buzones.criterio.partes import Dictamen
from buzones.estados import Clase, EstadoCorreo, Origen
from buzones.mime.desarmar import desarmar
from buzones.mime.partes import Desarmado
from buzones.models import Casilla, Correo, Llegada
from buzones.services import guardar
from buzones.services.hechos import reunir
from clasificador.medir import entrenar
from clasificador.models import ModeloTexto
from clasificador.services import catalogo_vigente, nombres_de_entidades
from direcciones.catalogos import cargar_catalogos
from direcciones.models import Buzon, Dependencia, Entidad, Modalidad, Persona, Tema
from direcciones.roles import Rol
from solicitudes.models import Solicitud
from tests import fabricas as f

EJEMPLOS = Path(__file__).parents[2] / "datos" / "correos_ejemplo"
# domain → code of its entidad
DOMINIOS = {
    "subredsur.example": "07-04",
    "transmilenio.example": "11-04",
    "sdp.example": "04-01",
    "kennedy.example": "16-08",
    "sds.example": "07-01",
    "sdm.example": "11-01",
}
CASILLAS = {
    "mipg": "mipgdistrito@alcaldiabogota.gov.co",
    "ventanilla": "ventanillaelectronica@alcaldiabogota.gov.co",
    "ddri": "ddri@alcaldiabogota.gov.co",
    "registro": "registrodistrital@alcaldiabogota.gov.co",
}


@dataclass
class Mundo:
    jimena: Persona
    solicitud: Solicitud
    casillas: dict[str, Casilla]
    entidades: dict[str, Entidad] = field(default_factory=dict)

    def dependencia(self, codigo: str) -> Dependencia:
        return Dependencia.objects.get(codigo=codigo)

    def tema(self, pk: int) -> Tema:
        return Tema.objects.select_related("dependencia").get(pk=pk)

    def modalidad(self, pk: int | None) -> str:
        return Modalidad.objects.get(pk=pk).codigo


def crear() -> Mundo:
    """With a model in force, which the catalogue alone teaches: what the first day has."""
    with como_sistema("prueba"), transaction.atomic():
        cargar_catalogos()
        for dominio, codigo in DOMINIOS.items():
            Entidad.objects.filter(codigo=codigo).update(dominios_correo=dominio)
        entidades = {dominio: Entidad.objects.get(codigo=codigo) for dominio, codigo in DOMINIOS.items()}
        modelo = entrenar(catalogo_vigente(), nombres_de_entidades())
        ModeloTexto.objects.create(contenido=modelo.guardar(), ejemplos=0, medidas={})
        casillas = {
            nombre: Casilla.objects.create(nombre=nombre, buzon=Buzon.objects.get(correo=correo))
            for nombre, correo in CASILLAS.items()
        }
    jimena = f.FabricaPersona(correo="jimena.tovar@transmilenio.example", nombre="Jimena Alexandra Tovar Rincón")
    f.FabricaMembresia(persona=jimena, rol=Rol.ENLACE, entidad=entidades["transmilenio.example"])
    with como_sistema("prueba"), transaction.atomic():
        tema = Tema.objects.get(codigo="DDAB-13")
    solicitud = f.radicada(por=jimena, temas=[tema])
    with como_sistema("prueba"), transaction.atomic():
        Solicitud.objects.filter(pk=solicitud.pk).update(radicado="AT-2026-000123")
        solicitud.refresh_from_db()
    return Mundo(jimena, solicitud, casillas, entidades)


def envio(mensaje_id: str, correo: str, **datos: Any) -> Envio:
    """A mail of ours that was handed over."""
    en = datos.pop("en", timezone.now())
    with como_sistema("prueba"), transaction.atomic():
        return Envio.objects.create(
            clave=mensaje_id,
            mensaje_id=mensaje_id,
            correo=correo,
            debido_en=en,
            encolado_en=en,
            entregado_en=en,
            **datos,
        )


def correo_guardado(de: str, en: datetime, **datos: Any) -> Correo:
    """A message of the ledger; as the system."""
    n = Correo.objects.count()
    valores = {
        "numero": f"CR-2026-{n:06}", "huella": f"{n:064x}", "clase": Clase.POR_CLASIFICAR,
        "estado": EstadoCorreo.POR_CLASIFICAR, "razones": ["Una prueba."], "fecha_efectiva": en.date(),
    }  # fmt: skip
    return Correo.objects.create(de_correo=de, recibido_en=en, **(valores | datos))


def llegada(crudo: bytes, *, casilla: Casilla | None = None, en: datetime | None = None, para: str = "") -> Llegada:
    return guardar(crudo, origen=Origen.COMANDO, casilla=casilla, recibida_en=en, sobre_para=para)


def juzgar(crudo: bytes, **donde: Any) -> tuple[Dictamen, Hechos, Desarmado]:
    suya = llegada(crudo, **donde)
    d = desarmar(crudo)
    with transaction.atomic():
        h = reunir(suya, d)
    return dictaminar(d, h), h, d


def ejemplo(numero: str) -> bytes:
    (archivo,) = EJEMPLOS.glob(f"{numero}_*.eml")
    return archivo.read_bytes()
