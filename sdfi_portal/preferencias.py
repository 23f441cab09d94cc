"""Letter size and contrast: three links that set a cookie, and classes of <html> (Kit UI CAG-07, no JavaScript)."""

from dataclasses import dataclass, replace
from typing import Self

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_safe

from alcance.politicas import publica

GALLETA = "aspecto"
UN_ANO = 365 * 24 * 3600
LETRAS = ("letra-menos", "", "letra-mas", "letra-mucho")


@dataclass(frozen=True, slots=True)
class Preferencias:
    """`letra` is the step of LETRAS (1 = normal)."""

    letra: int = 1
    contraste: bool = False

    @classmethod
    def de(cls, request: HttpRequest) -> Self:
        """From the cookie, e.g. «2c»: step 2 and contrast. Anything else reads as the normal look."""
        crudo = request.COOKIES.get(GALLETA, "")
        letra = int(crudo[0]) if crudo[:1] in {"0", "1", "2", "3"} else 1
        return cls(letra, crudo[1:] == "c")

    @property
    def clases(self) -> str:
        return " ".join(filter(None, [LETRAS[self.letra], "contraste" if self.contraste else ""]))

    @property
    def galleta(self) -> str:
        return f"{self.letra}{'c' if self.contraste else ''}"

    def con(self, cambio: str) -> Self:
        """The preferences after one of the three links."""
        if cambio == "contraste":
            return replace(self, contraste=not self.contraste)
        paso = 1 if cambio == "letra-mas" else -1
        return replace(self, letra=min(max(self.letra + paso, 0), len(LETRAS) - 1))


@publica("cambia solo una cookie de aspecto de quien la pide")
@require_safe
def preferencias(request: HttpRequest, cambio: str) -> HttpResponse:
    """Change one preference and come back to the page the person was on (same site only)."""
    vuelta = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(vuelta, {request.get_host()}, require_https=request.is_secure()):
        vuelta = "/"
    respuesta = HttpResponseRedirect(vuelta)
    respuesta.set_cookie(
        GALLETA,
        Preferencias.de(request).con(cambio).galleta,
        max_age=UN_ANO,
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )
    return respuesta
