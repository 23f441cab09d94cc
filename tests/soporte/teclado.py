"""A person who has no mouse: everything is reached with Tab, and where the focus is can always be seen."""

import re
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Locator, Page

PARADAS_MAXIMAS = 250
# Where the focus is: whether its ring shows, whether it is inside the window, and its place in the page.
_FOCO = """() => {
  const e = document.activeElement, s = getComputedStyle(e), c = e.getBoundingClientRect();
  if (e === document.body) return null;
  return {
    que: (e.labels?.[0] ?? e).textContent.trim().slice(0, 60) || e.name || e.tagName,
    anillo: (s.outlineStyle !== "none" && parseFloat(s.outlineWidth) > 0) || s.boxShadow !== "none",
    aLaVista: c.width > 0 && c.bottom > 0 && c.top < innerHeight && c.right > 0 && c.left < innerWidth,
    lugar: [...document.querySelectorAll("*")].indexOf(e),
  };
}"""

_DESDE_EL_COMIENZO = """() => {
  document.body.tabIndex = -1;
  document.body.focus();
  document.body.removeAttribute("tabindex");
  scrollTo(0, 0);
}"""


@dataclass
class Teclado:
    pestana: Page
    faltas: list[str] = field(default_factory=list)

    def tabular(self) -> dict[str, Any] | None:
        """One Tab. Gives where it stopped; None past the last one."""
        self.pestana.keyboard.press("Tab")
        foco: dict[str, Any] | None = self.pestana.evaluate(_FOCO)
        if foco is not None:
            if not foco["anillo"] and not self._dentro_de_un_marco():
                self.faltas.append(f"«{foco['que']}» no muestra que tiene el foco")
            if not foco["aLaVista"]:
                self.faltas.append(f"«{foco['que']}» tiene el foco fuera de la vista")
        return foco

    def _dentro_de_un_marco(self) -> bool:
        """The page sees only the frame; the ring is around what has the focus in it."""
        dentro = [marco.evaluate(_FOCO) for marco in self.pestana.frames[1:] if marco.evaluate("document.hasFocus()")]
        return any(foco["anillo"] for foco in dentro if foco is not None)

    def recorrer(self) -> list[str]:
        """From the top to the end of the page: what is wrong on the way."""
        primero = anterior = -1
        paradas: list[object] = []
        # From the beginning, also where the page opens with the focus on a field.
        self.pestana.evaluate(_DESDE_EL_COMIENZO)
        for _ in range(PARADAS_MAXIMAS):
            foco = self.tabular()
            if foco is None or foco["lugar"] == primero:  # past the last one, or at the top again
                break
            primero = foco["lugar"] if not paradas else primero
            if foco["lugar"] < anterior:  # a date stops several times in itself
                self.faltas.append(f"«{foco['que']}» recibe el foco después de lo que le sigue")
            anterior = foco["lugar"]
            paradas.append(foco["que"])
        else:
            self.faltas.append("el foco no llega al final de la página")
        if "Ir al contenido" not in paradas[:1]:
            self.faltas.append(f"la primera parada no es el enlace al contenido: {paradas[:1]}")
        return self.faltas

    def ir_a(self, destino: Locator) -> None:
        """Tab until it has the focus. The end of the page goes on at its top, as in a browser."""
        for _ in range(PARADAS_MAXIMAS):
            if destino.evaluate("(e) => e === document.activeElement"):
                break
            self.tabular()
        else:
            raise AssertionError(f"con Tab no se llega a {destino}")
        assert not self.faltas, self.faltas

    def oprimir(self, destino: Locator, tecla: str = "Enter") -> None:
        self.ir_a(destino)
        self.pestana.keyboard.press(tecla)

    def escribir(self, rotulo: str, texto: str) -> None:
        self.ir_a(self.pestana.get_by_role("textbox", name=re.compile(rf"^{re.escape(rotulo)}")))
        self.pestana.keyboard.insert_text(texto)

    def boton(self, nombre: str) -> None:
        self.oprimir(self.pestana.get_by_role("button", name=nombre, exact=True))

    def enlace(self, nombre: str) -> None:
        self.oprimir(self.pestana.get_by_role("link", name=nombre, exact=True))
