// On every page: one send per form, character counters, menus, shortcuts for who turned them on.
// The page works without any of it.
const miles = new Intl.NumberFormat("es-CO");
const todos = (selector, raiz = document) => [...raiz.querySelectorAll(selector)];
const anunciar = (texto) => { document.getElementById("anuncios").textContent = texto; };

// One send per form, until an answer comes or 15 s pass. data-repetible: may be sent again (downloads).
const soltar = (form) => {
  delete form.dataset.enviando;
  todos("[aria-disabled]", form).forEach((b) => b.removeAttribute("aria-disabled"));
};
document.addEventListener("submit", (evento) => {
  const form = evento.target;
  if (evento.defaultPrevented || form.getAttribute("method") !== "post" || "repetible" in form.dataset) return;
  if (form.dataset.enviando) return evento.preventDefault();
  form.dataset.enviando = "si";
  evento.submitter?.setAttribute("aria-disabled", "true");
  setTimeout(soltar, 15000, form);
  anunciar("Enviando…");
});
addEventListener("pageshow", () => todos("form[data-enviando]").forEach(soltar));

// «240 de 4.000» under a textarea (under a very long one, once it fills).
const contar = (area) => {
  const nota = document.getElementById(`${area.id}_contador`);
  if (!nota) return;
  const maximo = Number(area.dataset.contador), largo = [...area.value].length;
  nota.textContent = largo > maximo
    ? `Sobra${largo - maximo > 1 ? "n" : ""} ${miles.format(largo - maximo)}: escriba máximo ${miles.format(maximo)} caracteres`
    : `${miles.format(largo)} de ${miles.format(maximo)} caracteres`;
  nota.hidden = maximo >= 10000 && largo < maximo * .75;
  nota.classList.toggle("contador--exceso", largo > maximo);
};
document.addEventListener("input", ({ target }) => target.dataset.contador && contar(target));
todos("[data-contador]").forEach(contar);

// Menus open where they fit; Esc and a click elsewhere close them.
document.addEventListener("toggle", ({ target }) => {
  const panel = target.querySelector(".mas__panel");
  panel?.classList.toggle("mas__panel--izq", panel.getBoundingClientRect().right > innerWidth);
}, true);
const cerrar = (menu) => { menu.open = false; };
document.addEventListener("click", ({ target }) =>
  todos("details[data-menu][open]").filter((menu) => !menu.contains(target)).forEach(cerrar));
document.addEventListener("keydown", (evento) => {
  if (evento.key !== "Escape") return;
  todos("details[data-menu][open]").forEach((menu) => { cerrar(menu); menu.querySelector("summary").focus(); });
});

// Single-key shortcuts, off unless turned on in the account (WCAG 2.1.4), never inside a field.
const mover = (paso) => {
  const filas = todos("[data-atajo-fila]"), i = filas.indexOf(document.activeElement);
  filas[Math.min(Math.max(i + paso, 0), filas.length - 1)]?.focus();
};
const ATAJOS = {
  "/": () => document.querySelector("[data-atajo=buscar]")?.focus(),
  j: () => mover(1),
  k: () => mover(-1),
  s: () => document.querySelector("[data-atajo=siguiente]")?.click(),
  "?": () => document.querySelector("[data-atajo=ayuda]")?.click(),
};
if ("atajos" in document.body.dataset) {
  document.addEventListener("keydown", (evento) => {
    const escribe = evento.target.closest("input, select, textarea, [contenteditable]");
    if (escribe || evento.ctrlKey || evento.altKey || evento.metaKey || !ATAJOS[evento.key]) return;
    evento.preventDefault();
    ATAJOS[evento.key]();
  });
}

// Five minutes before the session may end (WCAG 2.2.1).
const { sesionDura, sesionModulo } = document.body.dataset;
if (sesionModulo) setTimeout(() => import(sesionModulo), (sesionDura - 300) * 1000);
