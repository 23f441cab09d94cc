"""How fields are drawn: help before the control, errors tied to it, a summary that leads to it."""

import re

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.template import engines

from sdfi_portal.formularios import EntradaFecha, OpcionesConAyuda


class Muestra(forms.Form):
    tipo = forms.ChoiceField(
        label="¿Qué necesita?",
        choices=[("a", "Uno"), ("b", "Dos")],
        widget=OpcionesConAyuda(ayudas={"a": "El primero."}),
    )
    texto = forms.CharField(label="Necesidad", max_length=1200, widget=forms.Textarea, help_text="Cuente qué pasó.")
    correo = forms.EmailField(label="Correo", required=False)
    cuando = forms.DateField(label="Fecha", required=False, widget=EntradaFecha)
    acepto = forms.BooleanField(label="Acepto", error_messages={"required": "Acepte para continuar"})


def resumen(*formularios: forms.BaseForm) -> str:
    plantilla = engines["django"].from_string("{% resumen_errores a b %}")
    return plantilla.render(dict(zip("ab", [*formularios, None], strict=False)))


def test_la_ayuda_va_antes_y_describe_el_campo() -> None:
    html = str(Muestra()["texto"].as_field_group())
    assert html.index("Cuente qué pasó") < html.index("<textarea")
    assert 'aria-describedby="id_texto_helptext id_texto_contador"' in html


def test_un_texto_largo_se_cuenta_y_no_se_corta() -> None:
    html = str(Muestra()["texto"].as_field_group())
    assert 'data-contador="1200"' in html
    assert "maxlength" not in html
    assert "Puede escribir hasta 1.200 caracteres" in html
    assert not Muestra({"texto": "x" * 1201}).is_valid()


def test_el_error_se_lee_con_su_campo() -> None:
    campo = Muestra({})["texto"]
    html = str(campo.as_field_group())
    assert "Error: Complete este dato" in html
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_texto_helptext id_texto_error id_texto_contador"' in html
    assert 'id="id_texto_error"' in html


def test_opciones_en_grupo_con_leyenda_y_ayuda() -> None:
    html = str(Muestra()["tipo"].as_field_group())
    assert "<fieldset" in html
    assert "<legend>¿Qué necesita?</legend>" in html
    assert 'aria-describedby="id_tipo_0_ayuda"' in html
    assert html.count("_ayuda") == 2


def test_una_casilla_no_dice_que_es_opcional() -> None:
    """It is ticked or not: «Enviar este recordatorio (opcional)» says nothing."""

    class ConCasilla(forms.Form):
        activa = forms.BooleanField(label="Enviar este recordatorio", required=False)

    assert "(opcional)" not in str(ConCasilla())


def test_un_limite_dice_hasta_donde() -> None:
    campo = forms.IntegerField(min_value=1, max_value=30)
    for valor, dicho in (("0", "Escriba 1 o más"), ("31", "Escriba 30 o menos")):
        with pytest.raises(ValidationError, match=dicho):
            campo.clean(valor)


def test_solo_se_marca_lo_opcional() -> None:
    html = str(Muestra())
    assert html.count("(opcional)") == 2
    assert "*" not in re.sub(r"<[^>]*>", "", html)


def test_el_resumen_lleva_al_primer_control_de_cada_campo() -> None:
    html = resumen(Muestra({"correo": "sin-arroba"}))
    assert "Revise 4 datos" in html
    assert re.findall(r'href="#([^"]+)"', html) == ["id_tipo_0", "id_texto", "id_correo", "id_acepto"]
    assert 'tabindex="-1"' in html


def test_el_resumen_nombra_el_campo_de_un_error_general() -> None:
    html = resumen(Muestra({"tipo": "z", "texto": "", "correo": "sin-arroba"}))
    assert ">Necesidad: complete este dato<" in html
    assert ">Qué necesita: elija una opción de la lista<" in html
    assert ">Escriba el correo con @, por ejemplo nombre@entidad.gov.co<" in html
    assert ">Acepte para continuar<" in html


def test_sin_errores_no_hay_resumen() -> None:
    assert resumen(Muestra()).strip() == ""


def test_el_resumen_junta_formularios_y_conjuntos() -> None:
    conjunto = forms.formset_factory(Muestra, min_num=1, validate_min=True, extra=0)(
        {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "0", "form-0-texto": "x"}
    )
    html = resumen(Muestra({}), conjunto)
    assert 'href="#id_form-0-tipo_0"' in html
    assert 'href="#id_texto"' in html


def test_la_fecha_del_navegador_recibe_iso() -> None:
    html = str(Muestra(initial={"cuando": "2026-11-23"})["cuando"])
    assert 'type="date"' in html
    assert 'value="2026-11-23"' in html
    assert Muestra({"cuando": "23/11/2026"}).fields["cuando"].clean("23/11/2026").isoformat() == "2026-11-23"
