from django import forms
from django.contrib.auth.decorators import login_required
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from rendimiento.piso.models import Movimiento, Solicitud

# Each in a queue of its own: the list shows its twenty-five rows whatever was claimed or filed before.
DE_LA_LISTA, DE_RADICAR, DE_TOMAR = 1, 2, 3
TOMAR = """
select pg_advisory_xact_lock(%(dependencia)s);
update piso_solicitud set estado = 'en_atencion', asesor_id = %(persona)s where id = (
    select id from piso_solicitud where dependencia = %(dependencia)s and estado = 'en_cola'
    order by recibido_en, id limit 1 for update) returning id
"""


class Radicar(forms.Form):
    asunto = forms.CharField(max_length=200)
    entidad = forms.CharField(max_length=80)


@login_required
def lista(request: HttpRequest) -> HttpResponse:
    filas = Solicitud.objects.filter(dependencia=DE_LA_LISTA, estado="en_cola").order_by("recibido_en", "id")[:25]
    return render(request, "lista.html", {"filas": filas})


@require_POST
@login_required
def radicar(request: HttpRequest) -> HttpResponse:
    form = Radicar(request.POST)
    if not form.is_valid():
        return HttpResponse(status=400)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(
                "insert into piso_contador as c (anio, ultimo) values (%s, 1)"
                " on conflict (anio) do update set ultimo = c.ultimo + 1 returning ultimo",
                [timezone.localdate().year],
            )
            numero = cursor.fetchone()[0]
        solicitud = Solicitud.objects.create(
            radicado=f"N-{numero:07d}", dependencia=DE_RADICAR, estado="en_cola", recibido_en=timezone.now(),
            vence=timezone.localdate(), **form.cleaned_data,
        )  # fmt: skip
        Movimiento.objects.create(solicitud=solicitud, texto="Radicó", persona=request.user)
    return redirect("lista")


@require_POST
@login_required
def tomar(request: HttpRequest) -> HttpResponse:
    """The claim in plain SQL: the turn of the queue, the oldest, and a line of history."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(TOMAR, {"dependencia": DE_TOMAR, "persona": request.user.pk})
        fila = cursor.fetchone()
        if fila is None:
            return HttpResponse(status=204)
        cursor.execute(
            "insert into piso_movimiento (solicitud_id, texto, persona_id, en) values (%s, 'Tomó', %s, now())",
            [fila[0], request.user.pk],
        )
    return redirect("lista")
