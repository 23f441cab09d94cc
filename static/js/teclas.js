// One key per decision (data-tecla), only for who turned the shortcuts on, never inside a field (WCAG 2.1.4). Without it
// the same buttons are pressed.
document.addEventListener("keydown", (evento) => {
  const { key, target, ctrlKey, altKey, metaKey, repeat } = evento;
  if (!("atajos" in document.body.dataset) || ctrlKey || altKey || metaKey || repeat) return;
  if (target.closest("input, select, textarea, [contenteditable]")) return;
  const boton = [...document.querySelectorAll("[data-tecla]")].find((uno) => uno.dataset.tecla === key.toLowerCase());
  if (!boton) return;
  evento.preventDefault();
  boton.click();
});
// The next message takes the focus: whoever decides with the keyboard goes on from there.
if (location.hash === "#actual") document.getElementById("actual")?.focus();
