"""Users of the whole portal: for the administrador; the auditor reads."""

from typing import Any

from axes.models import AccessAttempt
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from alcance.politicas import requiere
from cuentas import segundo_factor, sesiones
from cuentas.forms import BuscarUsuarioForm, InvitarForm, MotivoForm, PersonaForm, RolNuevoForm, TerminarForm
from cuentas.models import Invitacion, SolicitudAcceso
from cuentas.services import invitaciones
from cuentas.services import personas as servicio
from direcciones.models import Membresia, Persona
from direcciones.permisos import roles_que_puede_dar
from direcciones.roles import Rol
from sdfi_portal.acciones import anotar_errores, enviado, hacer

POR_PAGINA = 25
ADMINISTRA = requiere(Rol.ADMINISTRADOR)
LEE = requiere(Rol.ADMINISTRADOR, Rol.AUDITOR)


@LEE
@require_GET
def usuarios(request: HttpRequest) -> HttpResponse:
    """People by name; keyset pages (`?despues=`)."""
    form = BuscarUsuarioForm(request.GET)
    personas = _buscar(request, form)
    filas = list(_pagina(personas, request.GET.get("despues", "")))
    siguiente = str(filas[POR_PAGINA - 1].pk) if len(filas) > POR_PAGINA else ""
    contexto = {
        "form": form,
        "hay_filtros": any(request.GET.get(campo) for campo in form.fields),
        "personas": filas[:POR_PAGINA],
        "siguiente": siguiente,
        "cuantas": personas.count(),
        "pestanas": pestanas(request, "usuarios"),
    }
    return render(request, "cuentas/usuarios.html", contexto)


def _buscar(request: HttpRequest, form: BuscarUsuarioForm) -> QuerySet[Persona]:
    membresias = Membresia.objects.visibles_para(request.alcance).vigentes()
    personas = Persona.objects.prefetch_related(
        Prefetch("membresias", membresias.select_related("entidad", "dependencia"), to_attr="roles")
    )
    if not form.is_valid():
        return personas.none()
    datos = form.cleaned_data
    personas = personas.filter(is_active=datos["estado"] != "inactivos")
    for palabra in datos["q"].split():
        personas = personas.filter(Q(nombre__icontains=palabra) | Q(correo__icontains=palabra))
    if datos["rol"]:
        personas = personas.filter(pk__in=membresias.filter(rol=datos["rol"]).values("persona"))
    if datos["entidad"]:
        personas = personas.filter(pk__in=membresias.filter(entidad=datos["entidad"]).values("persona"))
    if datos["estado"] == "sin_rol":
        personas = personas.exclude(pk__in=membresias.values("persona"))
    return personas


def _pagina(personas: QuerySet[Persona], despues: str) -> QuerySet[Persona]:
    ultima = Persona.objects.filter(pk=despues).first() if despues.isdigit() else None
    if ultima is not None:
        personas = personas.filter(Q(nombre__gt=ultima.nombre) | Q(nombre=ultima.nombre, pk__gt=ultima.pk))
    return personas.order_by("nombre", "pk")[: POR_PAGINA + 1]


def pestanas(request: HttpRequest, actual: str) -> list[dict[str, Any]]:
    """The lists of the section, with what waits for a decision."""
    por_decidir = SolicitudAcceso.objects.visibles_para(request.alcance).por_decidir().count()
    abiertas = Invitacion.objects.visibles_para(request.alcance).abiertas().count()
    listas = [
        ("cuentas:usuarios", "Usuarios", None),
        ("cuentas:invitaciones", "Invitaciones", abiertas),
        ("cuentas:accesos", "Piden usuario", por_decidir),
        ("api:todos_los_tokens", "Tokens", None),
    ]
    return [
        {"texto": texto, "url": reverse(nombre), "n": n, "actual": nombre.partition(":")[2] == actual}
        for nombre, texto, n in listas
    ]


def _persona(pk: int) -> Persona:
    return get_object_or_404(Persona, pk=pk)


@LEE
@require_GET
def usuario(request: HttpRequest, pk: int) -> HttpResponse:
    persona = _persona(pk)
    membresias = Membresia.objects.visibles_para(request.alcance).filter(persona=persona)
    contexto = {
        "persona": persona,
        "membresias": [
            (m, m.esta_vigente())
            for m in membresias.select_related("entidad", "dependencia", "creada_por").order_by("-desde", "-id")
        ],
        "segundo_factor": segundo_factor.inscrito(persona),
        "intentos": AccessAttempt.objects.filter(username=persona.correo.lower()).count(),
        "sesiones": sesiones.abiertas(persona).count(),
        "puede_editar": request.alcance.rol == Rol.ADMINISTRADOR,
    }
    return render(request, "cuentas/usuario.html", contexto)


@ADMINISTRA
@require_http_methods(["GET", "POST"])
def invitar(request: HttpRequest) -> HttpResponse:
    form = InvitarForm(request.POST or None, roles=roles_que_puede_dar(request.alcance))
    if enviado(request, form):
        fila = hacer(form, invitaciones.invitar, **form.cleaned_data)
        if fila is not None:
            messages.success(request, f"Enviamos la invitación a {fila.correo}. El enlace sirve 72 horas.")
            return redirect("cuentas:invitaciones")
    return render(request, "cuentas/invitar.html", {"form": form})


@ADMINISTRA
@require_http_methods(["GET", "POST"])
def corregir(request: HttpRequest, pk: int) -> HttpResponse:
    persona = _persona(pk)
    form = PersonaForm(request.POST or None, instance=persona)
    if (
        request.method == "POST"
        and form.is_valid()
        and hacer(form, servicio.corregir_persona, persona=_persona(pk), **form.cleaned_data)
    ):
        messages.success(request, "Guardamos los datos.")
        return redirect("cuentas:usuario", pk)
    return render(request, "cuentas/usuario_form.html", {"form": form, "persona": _persona(pk), "que": "datos"})


@ADMINISTRA
@require_http_methods(["GET", "POST"])
def agregar_rol(request: HttpRequest, pk: int) -> HttpResponse:
    persona = _persona(pk)
    form = RolNuevoForm(request.POST or None, roles=roles_que_puede_dar(request.alcance))
    if (
        request.method == "POST"
        and form.is_valid()
        and hacer(form, servicio.dar_rol, persona=persona, **form.cleaned_data)
    ):
        messages.success(request, f"{persona.nombre} tiene un rol nuevo.")
        return redirect("cuentas:usuario", pk)
    return render(request, "cuentas/usuario_form.html", {"form": form, "persona": persona, "que": "rol"})


@ADMINISTRA
@require_http_methods(["GET", "POST"])
def terminar_rol(request: HttpRequest, pk: int) -> HttpResponse:
    membresia = get_object_or_404(
        Membresia.objects.visibles_para(request.alcance).select_related("persona", "entidad", "dependencia"), pk=pk
    )
    form = TerminarForm(request.POST or None)
    if (
        request.method == "POST"
        and form.is_valid()
        and hacer(form, servicio.quitar_rol, membresia=membresia, **form.cleaned_data)
    ):
        messages.success(request, f"Terminó el rol de {membresia.persona.nombre}. Queda en la historia.")
        return redirect("cuentas:usuario", membresia.persona_id)
    return render(request, "cuentas/terminar_rol.html", {"form": form, "membresia": membresia})


@ADMINISTRA
@require_http_methods(["GET", "POST"])
def desactivar(request: HttpRequest, pk: int) -> HttpResponse:
    return _con_motivo(
        request, pk, servicio.desactivar_persona, "desactivar", "Desactivó el usuario y terminó sus sesiones."
    )


@ADMINISTRA
@require_http_methods(["GET", "POST"])
def retirar_segundo_factor(request: HttpRequest, pk: int) -> HttpResponse:
    return _con_motivo(
        request,
        pk,
        servicio.retirar_segundo_factor,
        "segundo_factor",
        "Retiró el segundo factor y terminó sus sesiones.",
    )


def _con_motivo(request: HttpRequest, pk: int, accion: Any, que: str, hecho: str) -> HttpResponse:
    """A page before what cuts somebody off, with its reason."""
    persona = _persona(pk)
    form = MotivoForm(request.POST or None)
    if (
        request.method == "POST"
        and form.is_valid()
        and hacer(form, accion, persona=persona, motivo=form.cleaned_data["motivo"])
    ):
        messages.success(request, hecho)
        return redirect("cuentas:usuario", pk)
    return render(request, "cuentas/usuario_motivo.html", {"form": form, "persona": persona, "que": que})


@ADMINISTRA
@require_POST
def activar(request: HttpRequest, pk: int) -> HttpResponse:
    servicio.activar_persona(persona=_persona(pk))
    messages.success(request, "El usuario puede entrar de nuevo.")
    return redirect("cuentas:usuario", pk)


@ADMINISTRA
@require_POST
def desbloquear(request: HttpRequest, pk: int) -> HttpResponse:
    servicio.desbloquear_persona(persona=_persona(pk))
    messages.success(request, "Olvidamos sus intentos fallidos: puede entrar ya.")
    return redirect("cuentas:usuario", pk)


@LEE
@require_GET
def lista_invitaciones(request: HttpRequest) -> HttpResponse:
    todas = Invitacion.objects.visibles_para(request.alcance).select_related("entidad", "dependencia", "creada_por")
    antes = request.GET.get("antes", "")
    if antes.isdigit():
        todas = todas.filter(pk__lt=int(antes))
    filas = list(todas.order_by("-id")[: POR_PAGINA + 1])
    contexto = {
        "invitaciones": filas[:POR_PAGINA],
        "siguiente": str(filas[POR_PAGINA - 1].pk) if len(filas) > POR_PAGINA else "",
        "pestanas": pestanas(request, "invitaciones"),
        "puede_editar": request.alcance.rol == Rol.ADMINISTRADOR,
    }
    return render(request, "cuentas/invitaciones.html", contexto)


@requiere(Rol.ADMINISTRADOR, Rol.ADMIN_ENTIDAD)
@require_POST
def reenviar_invitacion(request: HttpRequest, pk: int) -> HttpResponse:
    return _con_invitacion(request, pk, invitaciones.reenviar, "Enviamos un enlace nuevo. El anterior ya no sirve.")


@requiere(Rol.ADMINISTRADOR, Rol.ADMIN_ENTIDAD)
@require_POST
def anular_invitacion(request: HttpRequest, pk: int) -> HttpResponse:
    return _con_invitacion(request, pk, invitaciones.anular, "Anuló la invitación: su enlace ya no sirve.")


def _con_invitacion(request: HttpRequest, pk: int, accion: Any, hecho: str) -> HttpResponse:
    fila = get_object_or_404(Invitacion.objects.visibles_para(request.alcance), pk=pk)
    try:
        accion(invitacion=fila)
    except ValidationError as error:
        anotar_errores(request, error)
    else:
        messages.success(request, hecho)
    return redirect("cuentas:invitaciones" if request.alcance.rol == Rol.ADMINISTRADOR else "cuentas:enlaces")
