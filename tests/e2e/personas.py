"""The people of the demo in front of a browser: each signs in once in the whole run and keeps the session.

sesiones.pagina("asesor")                     a new tab of the asesor, wide as a laptop
sesiones.pagina("enlace", **TELEFONO)         the same person on a phone
sesiones.codigo("directora")                  what her application of codes shows now, or the next one
"""

import base64
import hmac
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page

from demo.cuentas import CLAVE, CUENTAS, SECRETO_TOTP, Cuenta
from tests.soporte.navegador import PERFIL
from tests.soporte.pila import esperar

TELEFONO: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
PASO = 30  # seconds of a code (RFC 6238)
ESPERA = 30_000


def cuenta_de(usuario: str) -> Cuenta:
    return next(cuenta for cuenta in CUENTAS if cuenta.correo == f"{usuario}@demo.example")


@dataclass
class Sesiones:
    """Tabs of the people of the demo on one installation. `url` has no slash at the end."""

    navegador: Browser
    url: str
    _galletas: dict[str, Any] = field(default_factory=dict)
    _gastados: dict[str, int] = field(default_factory=dict)

    def pagina(self, usuario: str = "", **perfil: Any) -> Page:
        """A new tab in a profile of its own. Without a name, of somebody who has not signed in."""
        return self.perfil(usuario, **perfil).new_page()

    def perfil(self, usuario: str = "", **perfil: Any) -> BrowserContext:
        """A profile for several tabs of the same person."""
        if usuario and usuario not in self._galletas:
            self._galletas[usuario] = self._entrar(usuario)
        return self._contexto(storage_state=self._galletas.get(usuario), **perfil)

    def _contexto(self, **perfil: Any) -> BrowserContext:
        contexto = self.navegador.new_context(**{**PERFIL, **perfil}, base_url=self.url, accept_downloads=True)
        contexto.set_default_timeout(ESPERA)
        return contexto

    def _entrar(self, usuario: str) -> Any:
        contexto = self._contexto()
        entrar(contexto.new_page(), usuario, self)
        galletas = contexto.storage_state()
        contexto.close()
        return galletas

    def codigo(self, usuario: str) -> str:
        """A code that has not been used. Codes last 30 s and the next one already works."""
        contador = max(int(time.time()) // PASO, self._gastados.get(usuario, 0) + 1)
        esperar(lambda: int(time.time()) // PASO >= contador - 1, 2 * PASO)
        self._gastados[usuario] = contador
        return hotp(SECRETO_TOTP, contador)


def entrar(pagina: Page, usuario: str, sesiones: Sesiones) -> None:
    """From the door to one's first page, with the second factor when the account has one."""
    cuenta = cuenta_de(usuario)
    if "/entrar/" not in pagina.url:
        pagina.goto("/entrar/")
    pagina.get_by_label("Correo").fill(cuenta.correo)
    pagina.get_by_label("Contraseña", exact=True).fill(CLAVE)
    pagina.get_by_role("button", name="Entrar", exact=True).click()
    if cuenta.pide_segundo_factor:
        pagina.get_by_label("Código").fill(sesiones.codigo(usuario))
        pagina.get_by_role("button", name="Entrar", exact=True).click()
    pagina.get_by_text(cuenta.nombre).first.wait_for(state="attached")


@dataclass
class Capturas:
    """Pictures of what people see, numbered in the order of the journey."""

    carpeta: Path
    numero: int = 0

    def tomar(self, pagina: Page, nombre: str, *, telefono: bool = False) -> None:
        """The whole page as it is; with `telefono`, also as wide as one."""
        self.numero += 1
        pagina.screenshot(path=self.carpeta / f"{self.numero:02d}-{nombre}.png", full_page=True)
        if telefono:
            ancha = pagina.viewport_size
            pagina.set_viewport_size(TELEFONO["viewport"])
            pagina.screenshot(path=self.carpeta / f"{self.numero:02d}-{nombre}-390.png", full_page=True)
            pagina.set_viewport_size(ancha)  # type: ignore[arg-type]


def hotp(secreto: str, contador: int) -> str:
    """RFC 4226 §5.3, written apart from the portal's own."""
    clave = base64.b32decode(secreto + "=" * (-len(secreto) % 8))
    suma = hmac.digest(clave, contador.to_bytes(8, "big"), "sha1")
    desde = suma[-1] & 0xF
    return f"{(int.from_bytes(suma[desde : desde + 4], 'big') & 0x7FFFFFFF) % 10**6:06d}"
