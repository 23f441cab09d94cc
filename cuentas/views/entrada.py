"""The pages of allauth that need a word of ours."""

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.account.views import LogoutView
from allauth.mfa.recovery_codes.views import DownloadRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.socialaccount.views import LoginErrorView
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse

from alcance.politicas import publica
from bitacora.services import registrar
from cuentas import segundo_factor
from cuentas.adaptador import AdaptadorCuentas

VUELTA = "despues_de_inscribir"


class Activar(ActivateTOTPView):
    """Enrolment counts as having passed the second factor in this browser, which gets a new session key."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        vuelta = request.GET.get("next", "")
        if AdaptadorCuentas(request).is_safe_url(vuelta):
            request.session[VUELTA] = vuelta
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        contexto = super().get_context_data(**kwargs)
        secreto = contexto["form"].secret
        contexto["secreto"] = " ".join(secreto[i : i + 4] for i in range(0, len(secreto), 4))
        contexto["obligatorio"] = segundo_factor.exige_segundo_factor(self.request.membresias)
        return contexto

    def form_valid(self, form: Any) -> HttpResponse:
        respuesta = super().form_valid(form)
        segundo_factor.gastar_codigo_de_inscripcion(self.request.user, form.cleaned_data["code"])
        segundo_factor.marcar_pasado(self.request.session)
        record_authentication(self.request, self.request.user, "mfa", type="totp")
        registrar(accion="cuenta.activar_segundo_factor", objeto=self.request.user)
        self.request.session.cycle_key()
        return respuesta


activar_totp = Activar.as_view()


class Descargar(DownloadRecoveryCodesView):
    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        respuesta = super().render_to_response(context, **kwargs)
        respuesta["Content-Disposition"] = 'attachment; filename="codigos-de-recuperacion.txt"'
        return respuesta


descargar_codigos = Descargar.as_view()


error_institucional = login_not_required(LoginErrorView.as_view())
salir = login_not_required(LogoutView.as_view())  # who is already out is not asked to sign in first


@publica("no existe: siempre 404")
def no_ofrecida(request: HttpRequest) -> HttpResponse:
    raise Http404("El portal no ofrece esta página.")
