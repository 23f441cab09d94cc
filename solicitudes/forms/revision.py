"""From a draft to what the service files: every step validated again, and what is missing, step by step."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from archivos.antivirus import EstadoAntivirus
from direcciones.models import Membresia, Persona
from direcciones.roles import DE_ENTIDAD
from plazos.terminos import Plazo
from solicitudes import pasos
from solicitudes.eleccion import Eleccion, es_entera, leer_eleccion
from solicitudes.forms.radicar import DetalleForm, DocumentosForm, NecesidadForm
from solicitudes.forms.registrar import RecepcionForm, evidencia_escrita
from solicitudes.models import Archivo, Borrador
from solicitudes.services.plazo import plazo_de_solicitud
from solicitudes.services.radicacion import DatosSolicitud, Recepcion
from solicitudes.services.relojes import plazo_previsto

TRATAMIENTO_DE_DATOS = "ley-1581-v1"
FORMAS: dict[str, Any] = {forma.paso: forma for forma in (RecepcionForm, NecesidadForm, DetalleForm, DocumentosForm)}


@dataclass(frozen=True, slots=True)
class Seccion:
    paso: pasos.Paso
    filas: list[dict[str, str]]


@dataclass
class Revision:
    """A draft read as a whole. `faltas` is empty when it can be filed. Shape: {step: [sentence]}."""

    borrador: Borrador
    archivos: list[Archivo] = field(default_factory=list)

    @cached_property
    def eleccion(self) -> Eleccion:
        return leer_eleccion(self.borrador.datos)

    @cached_property
    def formas(self) -> "Formas":
        return Formas(self)

    @property
    def pasos(self) -> list[str]:
        """The steps that ask something."""
        return [*(["recepcion"] if self.borrador.es_registro else []), "necesidad", "detalle", "documentos"]

    @property
    def tiene_evidencia(self) -> bool:
        return any(archivo.es_evidencia for archivo in self.archivos)

    @cached_property
    def faltas(self) -> dict[str, list[str]]:
        faltas = {
            paso: [mensaje for mensajes in forma.errors.values() for mensaje in mensajes]
            for paso in self.pasos
            # The choice was read from what may be asked today: when it is whole, its form would only read it again.
            if not (paso == "necesidad" and es_entera(self.eleccion, self.borrador.datos))
            and not (forma := self.formas[paso]).is_valid()
        }
        infectados = [a for a in self.archivos if a.estado_antivirus == EstadoAntivirus.INFECTADO]
        if infectados:
            faltas.setdefault("documentos", []).extend(
                f"«{archivo.nombre}» tiene un virus. Quítelo o súbalo de nuevo, limpio." for archivo in infectados
            )
        return faltas

    @cached_property
    def plazo(self) -> Plazo | None:
        """The term a registered one will have; None while its instant is missing or wrong."""
        if not self.borrador.es_registro or not self.formas["recepcion"].is_valid():
            return None
        return self.plazo_de(self.formas["recepcion"].cleaned_data["recibido_en"])

    def plazo_de(self, recibido_en: datetime) -> Plazo:
        """The one it would have if it came then, to the dependencia that leads."""
        temas, modalidad = self.eleccion.temas, self.eleccion.modalidad
        if not temas or modalidad is None:
            return plazo_de_solicitud(recibido_en)
        return plazo_previsto(recibido_en, temas[0].dependencia, modalidad.pk)

    @property
    def logistica(self) -> dict[str, Any]:
        """The particular answers that are right so far."""
        detalle = self.formas["detalle"]
        detalle.is_valid()
        return dict(detalle.logistica())

    def datos(self) -> DatosSolicitud:
        """Only when nothing is missing."""
        detalle = self.formas["detalle"]
        limpio = detalle.cleaned_data
        assert self.eleccion.modalidad is not None
        return DatosSolicitud(
            entidad=self.borrador.entidad,
            asunto=limpio["asunto"].strip(),
            necesidad=limpio["necesidad"].strip(),
            temas=list(self.eleccion.temas),
            modalidad=self.eleccion.modalidad,
            antecedentes=limpio.get("antecedentes", "").strip(),
            preguntas=detalle.preguntas_escritas(),
            fecha_requerida=limpio.get("fecha_requerida"),
            motivo_fecha=limpio.get("motivo_fecha", ""),
            logistica=detalle.logistica(),
            peticion=self.formas["recepcion"].cleaned_data["peticion"] if self.borrador.es_registro else "",
            reservada=bool(limpio.get("reservada")),
            motivo_reserva=limpio.get("motivo_reserva", "") if limpio.get("reservada") else "",
        )

    @cached_property
    def secciones(self) -> list[Seccion]:
        """What was answered, step by step, as the review page shows it."""
        return [Seccion(pasos.POR_CLAVE[clave], self._filas(clave)) for clave in self.pasos]

    def _filas(self, paso: str) -> list[dict[str, str]]:
        forma = self.formas[paso]
        if paso == "necesidad":
            return self._filas_de_la_eleccion()
        filas = forma.valores_de({nombre: forma.data.get(nombre, "") for nombre in forma.fields})
        return [fila for fila, nombre in zip(filas, forma.fields, strict=True) if _se_muestra(forma, nombre)]

    def _filas_de_la_eleccion(self) -> list[dict[str, str]]:
        eleccion = self.eleccion
        dependencias = [str(dependencia) for dependencia in eleccion.dependencias]
        if len(dependencias) > 1:
            dependencias[0] += " (lidera)"
        return [
            {"nombre": "Entidad", "valor": str(self.borrador.entidad)},
            {"nombre": "Tema" if len(eleccion.temas) == 1 else "Temas", "valor": "\n".join(map(str, eleccion.temas))},
            {"nombre": "La atiende", "valor": "\n".join(dependencias)},
            {"nombre": "Modalidad", "valor": str(eleccion.modalidad or "")},
            *([{"nombre": "Reservada", "valor": "Sí, por su tema"}] if eleccion.tema_reservado else []),
        ]

    def recepcion(self) -> Recepcion:
        if self.borrador.es_registro:
            return self._recepcion_registrada()
        contacto = self.formas["documentos"].cleaned_data
        return Recepcion(
            radicada_por=self.borrador.persona,
            remitente_nombre=contacto["contacto_nombre"],
            remitente_cargo=contacto["contacto_cargo"],
            remitente_correo=contacto["contacto_correo"],
            remitente_telefono=contacto["contacto_telefono"],
            tratamiento_datos=TRATAMIENTO_DE_DATOS,
        )

    def _recepcion_registrada(self) -> Recepcion:
        limpio = self.formas["recepcion"].cleaned_data
        subidas = ", ".join(archivo.nombre for archivo in self.archivos if archivo.es_evidencia)
        siga = limpio["siga_entrada"]
        return Recepcion(
            canal=limpio["canal"],
            recibido_en=limpio["recibido_en"],
            radicada_por=self.enlace_conocido,
            registrada_por=self.borrador.persona,
            remitente_nombre=limpio["remitente_nombre"],
            remitente_cargo=limpio["remitente_cargo"],
            remitente_correo=limpio["remitente_correo"],
            remitente_telefono=limpio["remitente_telefono"],
            evidencia=(evidencia_escrita(limpio) or (f"Archivo: {subidas}" if subidas else f"SIGA {siga}"))[:300],
            siga_entrada=siga,
        )

    @cached_property
    def enlace_conocido(self) -> Persona | None:
        """The enlace of that entidad whose address was written: they will see it among their solicitudes."""
        correo = self.formas["recepcion"].cleaned_data.get("remitente_correo", "")
        if not correo:
            return None
        enlace = (
            Membresia.objects.activas()
            .filter(entidad=self.borrador.entidad_id, rol__in=sorted(DE_ENTIDAD), persona__correo__iexact=correo)
            .select_related("persona")
            .order_by("pk")
            .first()
        )
        return enlace.persona if enlace else None


class Formas(dict[str, Any]):
    """The form of each step, bound to what is kept. Made when it is first asked for."""

    def __init__(self, revision: Revision) -> None:
        self.revision = revision

    def __missing__(self, paso: str) -> Any:
        borrador, eleccion = self.revision.borrador, self.revision.eleccion
        extra = {"con_evidencia_subida": self.revision.tiene_evidencia} if paso == "recepcion" else {}
        self[paso] = forma = FORMAS[paso](borrador=borrador, eleccion=eleccion, **extra).ligada()
        return forma


def _se_muestra(forma: Any, nombre: str) -> bool:
    """Hidden fields, the empty optional ones and those of another choice say nothing."""
    escrito = forma.fields[nombre].required or bool(forma.data.get(nombre))
    return not forma[nombre].is_hidden and escrito and forma.cuenta(nombre)
