"""An entidad looks after its own people (R47, T11)."""

import pytest
from django.urls import reverse

from alcance import como_sistema
from bandeja.models import Entrega
from bitacora.models import Suceso
from cuentas.models import Invitacion
from direcciones.models import Membresia
from direcciones.services.membresias import agregar_membresia, terminar_membresia
from tests.fabricas import FabricaMembresia, actuar, radicada
from tests.soporte.elenco import Elenco

pytestmark = pytest.mark.django_db
NUEVO = {"nombre": "Pedro Gil", "cargo": "Jefe de archivo", "correo": "pedro.gil@sdg.example"}


def de(persona) -> Membresia:
    with como_sistema("prueba"):
        return Membresia.objects.filter(persona=persona).earliest("id")


def test_its_administrator_sees_and_changes_its_people(elenco: Elenco, entrar) -> None:
    pagina = entrar(elenco.admin_entidad).get(reverse("cuentas:enlaces"))
    texto = pagina.content.decode()
    assert [m.persona.nombre for m, _ in pagina.context["enlaces"]] == ["Camilo Rojas", "Inés Gómez", "Laura Pérez"]
    assert "Marta Díaz" not in texto
    assert "Agregar enlace" in texto
    assert entrar(elenco.admin_entidad).get(reverse("cuentas:invitar_enlace")).status_code == 200


def test_an_enlace_only_reads_the_directory(elenco: Elenco, entrar) -> None:
    navegador = entrar(elenco.enlace)
    texto = navegador.get(reverse("cuentas:enlaces")).content.decode()
    assert "Camilo Rojas" in texto
    assert "Agregar enlace" not in texto
    assert "Reemplazar" not in texto
    for nombre in ("retirar_enlace", "reemplazar_enlace", "limitar_enlace"):
        url = reverse(f"cuentas:{nombre}", args=[de(elenco.colega).pk])
        assert (navegador.get(url).status_code, navegador.post(url, NUEVO).status_code) == (403, 403)
    assert navegador.post(reverse("cuentas:invitar_enlace"), NUEVO | {"rol": "enlace"}).status_code == 403


def test_the_page_of_the_entidad_says_who_attends_it(elenco: Elenco, entrar) -> None:
    texto = entrar(elenco.enlace).get(reverse("cuentas:entidad")).content.decode()
    assert "Secretaría Distrital de Gobierno" in texto
    assert "Andrés Gómez" in texto
    assert "Pablo Vega" in texto


@pytest.mark.parametrize("parte", ["asesora", "directora", "administradora", "auditora", "ventanilla", "ajena"])
def test_staff_has_no_entidad_page(elenco: Elenco, entrar, parte: str) -> None:
    navegador = entrar(getattr(elenco, parte))
    assert navegador.get(reverse("cuentas:entidad")).status_code == 403
    assert navegador.get(reverse("cuentas:enlaces")).status_code == 403


def test_replacing_an_enlace(elenco: Elenco, entrar) -> None:
    """R47: the old one loses access at once, the history keeps the name, the new one is welcomed by mail."""
    antigua = entrar(elenco.enlace)
    assert antigua.get(reverse("cuentas:entidad")).status_code == 200
    navegador = entrar(elenco.admin_entidad)
    url = reverse("cuentas:reemplazar_enlace", args=[de(elenco.enlace).pk])
    assert "Laura Pérez" in navegador.get(url).content.decode()
    assert navegador.post(url, NUEVO)["Location"] == reverse("cuentas:enlaces")
    assert antigua.get(reverse("cuentas:entidad")).status_code == 403
    pagina = navegador.get(reverse("cuentas:enlaces"))
    assert [m.persona.nombre for m in pagina.context["anteriores"]] == ["Laura Pérez"]
    with como_sistema("prueba"):
        invitacion = Invitacion.objects.get()
        (entrega,) = Entrega.objects.filter(tipo="cuentas.invitacion")
    assert invitacion.reemplaza_id == de(elenco.enlace).pk
    assert entrega.destinatario == NUEVO["correo"]


def test_a_replacement_that_cannot_be_leaves_the_enlace_as_was(elenco: Elenco, entrar) -> None:
    navegador = entrar(elenco.admin_entidad)
    url = reverse("cuentas:reemplazar_enlace", args=[de(elenco.enlace).pk])
    respuesta = navegador.post(url, NUEVO | {"correo": elenco.colega.correo})
    assert "ya tiene ese rol" in respuesta.content.decode()
    assert entrar(elenco.enlace).get(reverse("cuentas:entidad")).status_code == 200


def test_retiring_an_enlace(elenco: Elenco, entrar) -> None:
    navegador = entrar(elenco.admin_entidad)
    url = reverse("cuentas:retirar_enlace", args=[de(elenco.colega).pk])
    assert navegador.get(url).status_code == 200
    navegador.post(url, {"hasta": "", "motivo": "Cambió de cargo"})
    assert entrar(elenco.colega).get(reverse("cuentas:entidad")).status_code == 403
    with como_sistema("prueba"):
        assert Entrega.objects.filter(destinatario=elenco.colega.correo).exists()


def test_people_of_other_entidades_do_not_exist_for_it(elenco: Elenco, entrar) -> None:
    navegador = entrar(elenco.admin_entidad)
    for nombre in ("retirar_enlace", "reemplazar_enlace", "limitar_enlace"):
        for ajena in (de(elenco.otra_enlace), de(elenco.asesora), de(elenco.administradora)):
            url = reverse(f"cuentas:{nombre}", args=[ajena.pk])
            assert (navegador.get(url).status_code, navegador.post(url, NUEVO).status_code) == (404, 404)


def test_inviting_for_some_direcciones(elenco: Elenco, entrar) -> None:
    navegador = entrar(elenco.admin_entidad)
    datos = NUEVO | {"rol": "enlace", "direcciones": [elenco.archivo.pk]}
    assert navegador.post(reverse("cuentas:invitar_enlace"), datos).status_code == 302
    with como_sistema("prueba"):
        assert Invitacion.objects.get().solo_direcciones == [elenco.archivo.pk]
    pagina = navegador.get(reverse("cuentas:enlaces")).content.decode()
    assert "Invitaciones sin aceptar" in pagina
    inventada = datos | {"direcciones": ["999999"], "correo": "otra@sdg.example"}
    assert navegador.post(reverse("cuentas:invitar_enlace"), inventada).status_code == 200


def test_inviting_for_some_temas(elenco: Elenco, entrar) -> None:
    """An enlace may be one for some temas only, as for a policy of the MIPG."""
    navegador = entrar(elenco.admin_entidad)
    datos = NUEVO | {"rol": "enlace", "temas": [elenco.tema_integridad.pk]}
    assert navegador.post(reverse("cuentas:invitar_enlace"), datos).status_code == 302
    with como_sistema("prueba"):
        fila = Invitacion.objects.get()
    assert (fila.solo_direcciones, fila.solo_temas) == ([], [elenco.tema_integridad.pk])


def test_changing_what_an_enlace_answers_for(elenco: Elenco, entrar) -> None:
    """It counts at once, in what the enlace sees; undone, everything comes back."""
    de_archivo = radicada(por=elenco.enlace, temas=[elenco.tema_tablas])
    navegador, colega = entrar(elenco.admin_entidad), entrar(elenco.colega)
    url = reverse("cuentas:limitar_enlace", args=[de(elenco.colega).pk])
    assert colega.get(de_archivo.get_absolute_url()).status_code == 200

    assert navegador.post(url, {"temas": [elenco.tema_integridad.pk]})["Location"] == reverse("cuentas:enlaces")
    assert colega.get(de_archivo.get_absolute_url()).status_code == 404
    lista = navegador.get(reverse("cuentas:enlaces")).content.decode()
    assert elenco.tema_integridad.nombre in lista
    assert "checked" in navegador.get(url).content.decode()
    with como_sistema("prueba"):
        assert Suceso.objects.filter(accion="membresia.limitar").exists()

    navegador.post(url, {})
    assert colega.get(de_archivo.get_absolute_url()).status_code == 200


def test_an_entity_administrator_cannot_give_other_roles(elenco: Elenco, entrar) -> None:
    """I03: the form offers only what they may give."""
    navegador = entrar(elenco.admin_entidad)
    for rol in ("administrador", "director", "auditor", "asesor"):
        assert navegador.post(reverse("cuentas:invitar_enlace"), NUEVO | {"rol": rol}).status_code == 200
    with como_sistema("prueba"):
        assert not Invitacion.objects.exists()


def test_invitations_of_others_do_not_exist_for_it(elenco: Elenco, entrar) -> None:
    entrar(elenco.admin_entidad).post(reverse("cuentas:invitar_enlace"), NUEVO | {"rol": "enlace"})
    with como_sistema("prueba"):
        fila = Invitacion.objects.get()
    ajeno = FabricaMembresia(rol="admin_entidad", entidad=elenco.instituto).persona
    for nombre in ("reenviar_invitacion", "anular_invitacion"):
        assert entrar(ajeno).post(reverse(f"cuentas:{nombre}", args=[fila.pk])).status_code == 404
    assert entrar(elenco.admin_entidad).post(reverse("cuentas:anular_invitacion", args=[fila.pk])).status_code == 302


def test_who_moves_to_another_entidad_sees_only_the_new_one(elenco: Elenco, entrar) -> None:
    """T11: at the next request."""
    navegador = entrar(elenco.enlace)
    assert navegador.get(reverse("cuentas:entidad")).context["entidad"] == elenco.secretaria
    with actuar(elenco.administradora):
        terminar_membresia(membresia=de(elenco.enlace))
        agregar_membresia(persona=elenco.enlace, rol="enlace", entidad=elenco.instituto)
    assert navegador.get(reverse("cuentas:entidad")).context["entidad"] == elenco.instituto
    assert "Camilo Rojas" not in navegador.get(reverse("cuentas:enlaces")).content.decode()
