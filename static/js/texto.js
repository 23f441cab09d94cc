// What is being written survives a reload, a conflict or a closed session, in this tab only.
//
//   <form data-guardar-texto="AT-2026-000123:mensaje"> with one textarea and <input type="hidden" name="clave">
//
// A text is forgotten when the page shows a message with its key (data-clave): it was received.
const PREFIJO = "texto:";
const recibidas = new Set([...document.querySelectorAll("[data-clave]")].map((nodo) => nodo.dataset.clave));
const leer = (nombre) => JSON.parse(sessionStorage.getItem(nombre) ?? "null");

for (const nombre of Object.keys(sessionStorage).filter((n) => n.startsWith(PREFIJO))) {
  if (recibidas.has(leer(nombre)?.clave)) sessionStorage.removeItem(nombre);
}

document.querySelectorAll("form[data-guardar-texto]").forEach((form) => {
  const nombre = PREFIJO + form.dataset.guardarTexto, area = form.querySelector("textarea"), clave = form.elements.clave;
  const guardado = leer(nombre);
  if (guardado?.texto && !area.value) {
    area.value = guardado.texto;
    clave.value = guardado.clave;
    form.closest("details")?.setAttribute("open", "");
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }
  area.addEventListener("input", () => {
    if (area.value.trim()) sessionStorage.setItem(nombre, JSON.stringify({ texto: area.value, clave: clave.value }));
    else sessionStorage.removeItem(nombre);
  });
});
