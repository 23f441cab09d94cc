"""U10: uploads in parallel cannot pass the limit of a draft."""

from django.db import transaction

from alcance import como_sistema
from archivos.errores import ArchivoRehusado
from solicitudes.models import Archivo, Borrador
from solicitudes.services.archivos import agregar_al_borrador
from tests.fabricas import actuar
from tests.soporte.asistente import un_texto
from tests.soporte.elenco import crear_elenco
from tests.soporte.hilos import a_la_vez


def test_veinte_subidas_a_la_vez_no_pasan_del_maximo(base_propia, settings):
    settings.ARCHIVOS_POR_SOLICITUD = 5
    elenco = crear_elenco()
    with actuar(elenco.enlace), transaction.atomic():
        borrador = Borrador.objects.create(persona=elenco.enlace, entidad=elenco.secretaria)

    def subir(n: int) -> Archivo:
        with actuar(elenco.enlace), transaction.atomic():
            return agregar_al_borrador(borrador=borrador, subido=un_texto(f"{n}.txt", f"texto {n}"))

    resultados = a_la_vez(20, subir)

    assert sum(isinstance(uno, ArchivoRehusado) for uno in resultados) == 15
    with transaction.atomic(), como_sistema("prueba"):
        assert Archivo.objects.count() == 5
