"""A solicitud in attention and everything a concepto needs to walk from there to the bank."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.files.storage import storages
from django.db import transaction

from alcance import como_sistema
from conceptos import services
from conceptos.models import Concepto, Firma
from conceptos.services.comun import ultima_version, version_congelada
from plazos.reloj import ahora
from solicitudes.models import Parte
from solicitudes.services import atender_siguiente
from tests.fabricas import actuar, radicada
from tests.soporte.elenco import Elenco

PREGUNTAS = ["¿Se requiere TVD?", "¿Quién la aprueba?"]


@pytest.fixture(autouse=True)
def archivos_aparte(settings: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Stored files of each test in a folder of its own."""
    lugar = tmp_path_factory.mktemp("archivos")
    almacenes = dict(settings.STORAGES)
    opciones = {**almacenes["default"].get("OPTIONS", {}), "location": lugar}
    almacenes["default"] = {**almacenes["default"], "OPTIONS": opciones}
    settings.STORAGES = almacenes
    storages._storages.clear()
    yield
    storages._storages.clear()


@dataclass
class Mesa:
    """Who plays and the shortcuts of each step, each through the same service a person uses."""

    elenco: Elenco

    def parte(self, **datos: Any) -> Parte:
        """A solicitud of the secretaría that the asesora is attending."""
        e = self.elenco
        radicada(por=e.enlace, temas=[e.tema_tablas], preguntas=PREGUNTAS, **datos)
        with actuar(e.asesora), transaction.atomic():
            parte = atender_siguiente(dependencia=e.sistema_archivos, persona=e.asesora)
        assert parte is not None
        return parte

    def empezado(self, **datos: Any) -> Concepto:
        parte = self.parte(**datos)
        with actuar(self.elenco.asesora), transaction.atomic():
            return services.empezar(parte=parte)

    def escribir(self, concepto: Concepto, quien: Any = None, **cambios: Any) -> None:
        with actuar(quien or self.elenco.asesora), transaction.atomic():
            version = ultima_version(concepto)
            escrito = {**completo(), **cambios}
            services.guardar(concepto=concepto, visto=version.guardado, escrito=escrito)

    def en_revision(self, **datos: Any) -> Concepto:
        concepto = self.empezado(**datos)
        self.escribir(concepto)
        with actuar(self.elenco.asesora), transaction.atomic():
            return services.enviar(concepto=concepto)

    def aprobar(self, concepto: Concepto, quien: Any = None) -> Concepto:
        with actuar(quien or self.elenco.revisora), transaction.atomic():
            return services.aprobar(concepto=concepto, sha256_visto=version_congelada(concepto).sha256)

    def devolver(self, concepto: Concepto, quien: Any = None) -> Concepto:
        with actuar(quien or self.elenco.revisora), transaction.atomic():
            sha256 = version_congelada(concepto).sha256
            return services.devolver(concepto=concepto, sha256_visto=sha256, motivo="Falta citar el acta.")

    def para_firma(self, **datos: Any) -> Concepto:
        return self.aprobar(self.en_revision(**datos))

    def firmar(self, concepto: Concepto, quien: Any = None, audiencia: str = "publico", **datos: Any) -> Firma:
        with actuar(quien or self.elenco.directora), transaction.atomic():
            visto = datos.pop("sha256_visto", None) or version_congelada(concepto).sha256
            return services.firmar(
                concepto=concepto,
                sha256_visto=visto,
                audiencia=audiencia,
                segundo_factor_en=datos.pop("segundo_factor_en", None) or ahora(),
                **datos,
            )

    def entregado(self, audiencia: str = "publico", motivo_audiencia: str = "", **datos: Any) -> Concepto:
        concepto = self.para_firma(**datos)
        firma = self.firmar(concepto, audiencia=audiencia, motivo_audiencia=motivo_audiencia)
        assert services.sellar(firma_id=firma.pk)
        return self.fresco(concepto)

    def fresco(self, concepto: Concepto) -> Concepto:
        with transaction.atomic(), como_sistema("prueba: leer el concepto"):
            return Concepto.objects.select_related("solicitud", "parte", "dependencia").get(pk=concepto.pk)


def completo() -> dict[str, Any]:
    """Everything a concepto must say."""
    return {
        "asunto": "Eliminación de historias clínicas inactivas",
        "respuesta_corta": "No. Sin tabla de valoración aprobada no se pueden eliminar.",
        "antecedentes": "La entidad custodia historias clínicas inactivas.",
        "respuestas": ["Sí, se requiere.", "El comité interno de archivo."],
        "marco_normativo": "- Ley 594 de 2000, artículo 24.",
        "analisis": "La norma fija un tiempo mínimo de retención.",
        "conclusiones": "1. No es viable hoy.",
        "recomendaciones": "",
        "normas": ["Ley 594 de 2000"],
    }


@pytest.fixture
def mesa(elenco: Elenco) -> Mesa:
    return Mesa(elenco)
