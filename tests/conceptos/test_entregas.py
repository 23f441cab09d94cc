"""What happens by itself: sealing, notices, the mail with the PDF, the sweep; and the command that exports."""

import io
from pathlib import Path

import pytest
from django.core import mail
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import transaction
from django.urls import reverse

from alcance import como_sistema, con_alcance
from avisos.models import Aviso
from bandeja.services import entregar
from conceptos import services
from conceptos.models import Verificacion
from conceptos.services.documento import leer_pdf
from conceptos.tasks import barrer, pendientes
from documentos.autoridad import Anclas
from documentos.firma import validar
from solicitudes.models import Borrador, Parte
from solicitudes.relacionados import buscar_relacionados
from solicitudes.services.borradores import dudas_resueltas
from solicitudes.vencimiento import vencimiento
from tableros.recuento import recontar
from tests.fabricas import actuar, alcance_de
from tests.solicitudes.apoyos import hacer, parte_de_pk
from tests.soporte.asistente import empezar, enviar

pytestmark = pytest.mark.django_db


def _correos_a(correo: str) -> list[mail.EmailMessage]:
    return [m for m in mail.outbox if any(correo in destino for destino in m.to)]


def _avisos(persona) -> list[str]:
    with transaction.atomic(), como_sistema("prueba"):
        return list(Aviso.objects.filter(persona=persona).order_by("pk").values_list("titulo", flat=True))


def test_la_entidad_recibe_el_pdf_firmado_y_un_aviso(mesa) -> None:
    """R15: downloads it and gets a mail."""
    concepto = mesa.entregado()
    entregar()
    [correo] = [m for m in _correos_a(mesa.elenco.enlace.correo) if "Respondimos" in m.subject]
    nombre, contenido, tipo = correo.attachments[0]
    assert concepto.solicitud.radicado in correo.subject
    assert (nombre, tipo) == (f"{concepto.numero}.pdf", "application/pdf")
    assert contenido == leer_pdf(concepto.ruta_firmada, concepto.sha256_firmado)
    assert any("Respondimos" in titulo for titulo in _avisos(mesa.elenco.enlace))


def test_uno_reservado_no_viaja_por_correo_si_puede_abrirse_en_el_portal(mesa) -> None:
    mesa.entregado(audiencia="reservado", motivo_audiencia="Datos personales")
    entregar()
    [correo] = [m for m in _correos_a(mesa.elenco.enlace.correo) if "Respondimos" in m.subject]
    assert correo.attachments == []


def test_quien_lo_recibio_sabe_que_se_anulo_o_se_sustituyo(mesa) -> None:
    """Whoever may have used it must know; the reason of a reserved one stays in the portal."""
    abierto, nuevo = mesa.entregado(), mesa.entregado()
    reservado = mesa.entregado(audiencia="reservado", motivo_audiencia="Datos personales")
    with actuar(mesa.elenco.directora), transaction.atomic():
        services.sustituir(concepto=abierto, por=nuevo, motivo="Cambió la norma.")
        services.anular(concepto=nuevo, motivo="Se citó una norma derogada.")
        services.anular(concepto=reservado, motivo="Nombraba a una persona.")
    entregar()
    correos = {m.subject.split("] ")[1]: m.body for m in _correos_a(mesa.elenco.enlace.correo)}
    assert "Cambió la norma." in correos[f"El concepto {abierto.numero} se sustituyó por el {nuevo.numero}"]
    assert "Se citó una norma derogada." in correos[f"El concepto {nuevo.numero} se anuló y ya no vale"]
    assert "Nombraba" not in correos[f"El concepto {reservado.numero} se anuló y ya no vale"]


def test_what_is_annulled_is_not_on_time_and_what_is_replaced_stays(mesa) -> None:
    """docs/decisiones/0024: nothing reopens by itself; its head may do it, and then it is as before."""
    anulado, sustituido, nuevo = mesa.entregado(), mesa.entregado(), mesa.entregado()
    with actuar(mesa.elenco.directora), transaction.atomic():
        services.anular(concepto=anulado, motivo="Se citó una norma derogada.")
        services.sustituir(concepto=sustituido, por=nuevo, motivo="Cambió la norma.")
    sin_efecto, vale = (parte_de_pk(concepto.parte_id) for concepto in (anulado, sustituido))

    assert (sin_efecto.a_tiempo, vale.a_tiempo) == (False, True)
    assert vencimiento(sin_efecto).texto == "Respuesta anulada" and sin_efecto.estado == "atendida"
    with como_sistema("prueba"), transaction.atomic():
        a_tiempo = set(Parte.objects.por_cumplimiento("a_tiempo").values_list("pk", flat=True))
        assert recontar() == []
    assert vale.pk in a_tiempo and sin_efecto.pk not in a_tiempo
    assert hacer(mesa.elenco.subdirector, sin_efecto, "reabrir").sin_efecto_en is None


def test_lo_que_se_anula_antes_de_enviarse_no_se_cuenta_a_la_entidad(mesa) -> None:
    concepto = mesa.para_firma()
    mesa.firmar(concepto)
    with actuar(mesa.elenco.directora), transaction.atomic():
        services.anular(concepto=concepto, motivo="Se firmó por error.")
    entregar()
    assert not [m for m in _correos_a(mesa.elenco.enlace.correo) if "anuló" in m.subject]


def test_cada_paso_avisa_a_quien_sigue(mesa) -> None:
    concepto = mesa.devolver(mesa.en_revision())
    entregar()
    assert any("espera su revisión" in titulo for titulo in _avisos(mesa.elenco.revisora))
    assert any("volvió con observaciones" in titulo for titulo in _avisos(mesa.elenco.asesora))
    mesa.escribir(concepto, analisis="Otro análisis.")
    with actuar(mesa.elenco.asesora), transaction.atomic():
        services.enviar(concepto=concepto)
    mesa.aprobar(concepto)
    entregar()
    for quien in (mesa.elenco.directora, mesa.elenco.subdirector):
        assert any("espera su firma" in titulo for titulo in _avisos(quien))
    assert not any("espera" in titulo for titulo in _avisos(mesa.elenco.enlace))


def test_el_barrido_sella_lo_que_quedo(mesa) -> None:
    """security.md §5.6: the worker died, or nobody heard the bell."""
    concepto = mesa.para_firma()
    mesa.firmar(concepto)
    assert len(pendientes()) == 1
    barrer()
    assert pendientes() == []
    assert mesa.fresco(concepto).estado == "notificado"


def test_el_barrido_no_se_detiene_en_uno_que_falla(mesa, settings, tmp_path) -> None:
    roto, sano = mesa.para_firma(), mesa.para_firma()
    firma = mesa.firmar(roto)
    mesa.firmar(sano)
    with transaction.atomic(), como_sistema("prueba"):
        ruta = firma.version.ruta
    default_storage.delete(ruta)
    barrer()
    assert (mesa.fresco(roto).estado, mesa.fresco(sano).estado) == ("firmado", "notificado")


def test_exportar_el_ultimo(mesa, tmp_path: Path) -> None:
    salida = tmp_path / "concepto.pdf"
    with pytest.raises(CommandError, match="No hay"):
        call_command("exportar_concepto", "--ultimo", "--salida", str(salida))
    mesa.entregado()
    ultimo = mesa.entregado()
    dicho = io.StringIO()
    call_command("exportar_concepto", "--ultimo", "--salida", str(salida), stdout=dicho)
    hechos = Verificacion.objects.get(codigo=ultimo.codigo)
    assert ultimo.numero in dicho.getvalue()
    assert validar(salida.read_bytes(), Anclas(hechos.anclas), instante=hechos.firmado_en).autentica


def test_antes_de_radicar_se_ofrecen_los_relacionados(mesa) -> None:
    """R95: at most three, in force and within the audience of who asks; the hook the wizard uses."""
    publicos = [mesa.entregado() for _ in range(2)]
    mesa.entregado(audiencia="reservado", motivo_audiencia="Datos personales")
    ajena = alcance_de(mesa.elenco.otra_enlace)
    texto = "Queremos eliminar historias clinicas antiguas del hospital"
    with con_alcance(ajena):
        hallados = buscar_relacionados(temas=[mesa.elenco.tema_tablas.pk], texto=texto, alcance=ajena)
        sin_relacion = buscar_relacionados(temas=[], texto="pavimentos y puentes", alcance=ajena)
    assert [h.numero for h in hallados] == [c.numero for c in reversed(publicos)]
    assert hallados[0].url == f"/banco/{publicos[-1].numero}/"
    assert sin_relacion == []


def test_se_cuenta_el_concepto_que_resolvio_la_duda(mesa, entrar) -> None:
    """R95: who says so discards the draft after a question; only an offered one counts, once, and staff see it."""
    concepto = mesa.entregado()
    cliente, personal = entrar(mesa.elenco.otra_enlace), entrar(mesa.elenco.asesora)
    necesidad = empezar(cliente)
    pagina = cliente.get(enviar(cliente, necesidad, {"temas": [mesa.elenco.tema_tablas.pk]}).headers["Location"])
    salida = f"{reverse('solicitudes:descartar', args=[pagina.context['borrador'].pk])}?concepto="
    assert f"{salida}{concepto.numero}" in pagina.content.decode()
    assert "resolvió su duda?" in cliente.get(f"{salida}{concepto.numero}").content.decode()
    assert "¿Descarta este borrador?" in cliente.get(f"{salida}C-2026-999999").content.decode()
    assert dudas_resueltas() == {}
    assert "ya resolvió" not in personal.get(reverse("conceptos:banco")).content.decode()

    assert cliente.post(f"{salida}{concepto.numero}").status_code == 302
    cliente.post(f"{salida}{concepto.numero}")
    assert dudas_resueltas() == {concepto.numero: 1}
    assert "el banco ya resolvió 1 duda." in personal.get(reverse("conceptos:banco")).content.decode()
    assert "ya resolvió" not in cliente.get(reverse("conceptos:banco")).content.decode()


def test_descartar_sin_mas_no_cuenta(mesa, entrar) -> None:
    """Neither without a concepto nor with the number of one that was not offered."""
    mesa.entregado()
    cliente = entrar(mesa.elenco.otra_enlace)
    for inventado in ("", "?concepto=C-2026-999999"):
        empezar(cliente)
        with actuar(mesa.elenco.otra_enlace):
            borrador = Borrador.objects.latest("pk")
        assert cliente.post(reverse("solicitudes:descartar", args=[borrador.pk]) + inventado).status_code == 302
        with actuar(mesa.elenco.otra_enlace):
            borrador.refresh_from_db()
        assert borrador.descartado_en
    assert dudas_resueltas() == {}


def test_la_entidad_lo_encuentra_en_su_solicitud(mesa, entrar) -> None:
    """R30: from the page of the solicitud, without looking for the mail."""
    concepto = mesa.entregado()
    pagina = entrar(mesa.elenco.enlace).get(concepto.solicitud.get_absolute_url()).content.decode()
    assert f'<a href="{concepto.get_absolute_url()}">Concepto {concepto.numero}</a>' in pagina
