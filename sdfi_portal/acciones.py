"""What several pages do alike: run a service and put what it refuses where the person can mend it."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import HttpRequest


def enviado(request: HttpRequest, form: forms.BaseForm) -> bool:
    """The person sent the form and nothing in it is wrong."""
    return request.method == "POST" and form.is_valid()


def hacer(form: forms.BaseForm, servicio: Callable[..., Any], **datos: Any) -> Any:
    """The service's result, True when it gives none; None when it refuses, with the reason on the form."""
    try:
        resultado = servicio(**datos)
    except ValidationError as error:
        por_campo = error.message_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.messages}
        for campo, mensajes in por_campo.items():
            for mensaje in mensajes:
                form.add_error(campo if campo in form.fields else None, mensaje)
        return None
    return True if resultado is None else resultado


def anotar_errores(request: HttpRequest, error: ValidationError) -> None:
    """For a button without a form: the reason goes above the page it came from."""
    for mensaje in error.messages:
        messages.error(request, mensaje)
