"""From the draft to the bank (R15, R57, R85): every step by the service a person uses."""

import hashlib

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from alcance import Alcance, como_sistema
from bandeja.models import Entrega
from conceptos import services
from conceptos.estados import EstadoConcepto
from conceptos.models import Firma, Revision, Verificacion, Version
from conceptos.services.comun import NoSePuede
from conceptos.services.documento import leer_pdf
from documentos.autoridad import Anclas
from documentos.firma import Respuesta, validar
from solicitudes.models import Movimiento, Parte, Solicitud
from solicitudes.services.actuaciones import registrar_actuacion
from tests.fabricas import actuar
from tests.solicitudes.apoyos import habil
from tests.soporte.elenco import Elenco

pytestmark = pytest.mark.django_db


def test_del_borrador_al_banco(mesa) -> None:
    """R15, R57: reviewed by another, signed by the head over the reviewed bytes, delivered, and its parte closed."""
    concepto = mesa.entregado()
    with transaction.atomic(), como_sistema("prueba"):
        firma = Firma.objects.select_related("version").get(concepto=concepto)
        parte = Parte.objects.get(pk=concepto.parte_id)
        firmado = leer_pdf(concepto.ruta_firmada, concepto.sha256_firmado)
        revisado = leer_pdf(firma.version.ruta, firma.sha256_revisado)
        hechos = Verificacion.objects.get(codigo=concepto.codigo)
        historia = list(
            Movimiento.objects.filter(parte=parte, accion__startswith="concepto.").values_list("a", "interno")
        )
    resultado = validar(firmado, Anclas(firma.anclas), instante=firma.en)
    assert concepto.estado == EstadoConcepto.NOTIFICADO
    assert concepto.numero.startswith("C-")
    assert firmado.startswith(revisado)
    assert resultado.autentica
    assert resultado.sha256_revisado == firma.sha256_revisado == hashlib.sha256(revisado).hexdigest()
    assert hechos.sha256_firmado == concepto.sha256_firmado
    assert parte.estado == "atendida"
    assert parte.resultado == f"Concepto {concepto.numero}"
    assert historia == [("en_revision", True), ("para_firma", True), ("firmado", True), ("notificado", False)]


def test_el_borrador_trae_las_preguntas_de_la_solicitud(mesa) -> None:
    """R58."""
    concepto = mesa.empezado()
    with actuar(mesa.elenco.asesora):
        contenido = services.comun.ultima_version(concepto).contenido
    assert [par["pregunta"] for par in contenido["respuestas"]] == ["¿Se requiere TVD?", "¿Quién la aprueba?"]


def test_empezar_dos_veces_es_un_solo_borrador(mesa) -> None:
    concepto = mesa.empezado()
    with actuar(mesa.elenco.asesora), transaction.atomic():
        assert services.empezar(parte=concepto.parte).pk == concepto.pk


def test_no_va_a_revision_con_una_seccion_vacia_ni_una_pregunta_sin_responder(mesa) -> None:
    """R85, R58, R32: an unanswered question cannot go to signature."""
    concepto = mesa.empezado()
    mesa.escribir(concepto, analisis=" ", respuestas=["Sí", ""])
    with actuar(mesa.elenco.asesora), transaction.atomic(), pytest.raises(NoSePuede) as falla:
        services.enviar(concepto=concepto)
    assert falla.value.messages == ["Escriba la sección «Análisis técnico».", "Responda la pregunta 2."]
    assert mesa.fresco(concepto).numero is None


def test_lo_devuelto_se_corrige_en_otra_version_con_el_mismo_numero(mesa) -> None:
    concepto = mesa.devolver(mesa.en_revision())
    mesa.escribir(concepto, conclusiones="1. Otra conclusión.")
    with actuar(mesa.elenco.asesora), transaction.atomic():
        reenviado = services.enviar(concepto=concepto)
        versiones = list(Version.objects.filter(concepto=concepto).order_by("numero"))
        devuelta = Revision.objects.get(concepto=concepto)
    assert reenviado.numero == concepto.numero
    assert reenviado.codigo == concepto.codigo
    assert [v.numero for v in versiones] == [1, 2]
    assert versiones[0].sha256 != versiones[1].sha256
    assert (devuelta.aprueba, devuelta.sha256) == (False, versiones[0].sha256)


def test_numeros_consecutivos(mesa) -> None:
    """R33: in order of freezing, without gaps."""
    primero, segundo = mesa.en_revision(), mesa.en_revision()
    assert int(segundo.numero[-6:]) == int(primero.numero[-6:]) + 1


def test_donde_no_se_revisa_va_directo_a_firma(mesa) -> None:
    with transaction.atomic():
        mesa.elenco.sistema_archivos.revisa_conceptos = False
        mesa.elenco.sistema_archivos.save()
    concepto = mesa.en_revision()
    assert concepto.estado == EstadoConcepto.PARA_FIRMA
    mesa.firmar(concepto)


def test_sellar_dos_veces_entrega_una(mesa) -> None:
    concepto = mesa.para_firma()
    firma = mesa.firmar(concepto)
    assert services.sellar(firma_id=firma.pk)
    assert not services.sellar(firma_id=firma.pk)
    with transaction.atomic(), como_sistema("prueba"):
        assert Entrega.objects.filter(tipo="conceptos.entrega").count() == 1


def test_una_actuacion_pendiente_deja_la_parte_abierta(mesa) -> None:
    """The concepto is delivered all the same; what was scheduled still has to be held (R12)."""
    concepto = mesa.para_firma()
    with actuar(mesa.elenco.asesora), transaction.atomic():
        datos = {"modalidad": mesa.elenco.visita, "medio": "presencial", "lugar": "Calle 1", "asunto": "Visita"}
        registrar_actuacion(parte=concepto.parte, datos={**datos, "programada_para": habil()})
    services.sellar(firma_id=mesa.firmar(concepto).pk)
    with transaction.atomic(), como_sistema("prueba"):
        assert mesa.fresco(concepto).estado == EstadoConcepto.NOTIFICADO
        assert Parte.objects.get(pk=concepto.parte_id).estado == "en_atencion"


def test_anulado_sale_del_banco_y_la_verificacion_lo_dice(mesa) -> None:
    """G07."""
    concepto = mesa.entregado()
    with actuar(mesa.elenco.directora), transaction.atomic():
        services.anular(concepto=concepto, motivo="Se citó una norma derogada.")
        assert not services.buscar(alcance=Alcance()).exists()
    veredicto = services.verificar_codigo(concepto.codigo)
    assert veredicto.respuesta is Respuesta.ANULADO
    assert veredicto.hechos.anulado_en is not None
    with transaction.atomic(), como_sistema("prueba"):
        assert Parte.objects.get(pk=concepto.parte_id).resultado == f"Concepto {concepto.numero} (anulado)"


def test_sustituido_sigue_autentico_y_senala_al_nuevo(mesa) -> None:
    viejo, nuevo = mesa.entregado(), mesa.entregado()
    with actuar(mesa.elenco.directora), transaction.atomic():
        services.sustituir(concepto=viejo, por=nuevo, motivo="Cambió la norma.")
        assert services.buscar(alcance=Alcance()).count() == 2
        assert list(services.buscar(alcance=Alcance(), solo_vigentes=True)) == [nuevo]
    veredicto = services.verificar_codigo(viejo.codigo)
    assert (veredicto.respuesta, veredicto.hechos.sustituido_por) == (Respuesta.AUTENTICO, nuevo.numero)


def test_el_numero_siga_tiene_su_campo(mesa, elenco: Elenco) -> None:
    concepto = mesa.entregado()
    with actuar(elenco.asesora), transaction.atomic():
        assert services.anotar_siga(concepto=concepto, numero=" 2-2026-13091 ").siga_salida == "2-2026-13091"
        assert Solicitud.objects.get(pk=concepto.solicitud_id).siga_salida == "2-2026-13091"
        services.anotar_siga(concepto=concepto, numero="2-2026-13091")
        with pytest.raises(ValidationError, match="como lo da SIGA"):
            services.anotar_siga(concepto=concepto, numero="¿?")
        [linea] = Movimiento.objects.filter(solicitud=concepto.solicitud_id, accion="anotar_siga")
    # Which is what other systems are told (api/migrations/0004).
    assert (linea.texto, linea.interno) == ("Anotó el número SIGA de salida 2-2026-13091", False)
    assert (linea.persona_id, linea.rol) == (elenco.asesora.pk, "asesor")
    with actuar(elenco.enlace), transaction.atomic(), pytest.raises(NoSePuede):
        services.anotar_siga(concepto=concepto, numero="2-2026-1")
