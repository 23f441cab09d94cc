// Filters the tree of temas while the person writes. Without it the button «Buscar» does the same on the server.
//
//   <fieldset data-temas> with <input data-temas-buscar>, <p data-temas-cuenta role="status">,
//   <details data-rama> and <div role="group" aria-label="…"> with <label data-tema="other words"><input type="checkbox">…
const plano = (texto) => texto.toLowerCase().normalize("NFD").replace(/\p{Mn}/gu, "");
const buscable = (tema) => tema.buscable ??=
  plano([tema.textContent, tema.parentElement.ariaLabel, tema.dataset.tema].join(" "));

document.querySelectorAll("[data-temas]").forEach((campo) => {
  const entrada = campo.querySelector("[data-temas-buscar]"), cuenta = campo.querySelector("[data-temas-cuenta]");
  const ramas = [...campo.querySelectorAll("[data-rama]")];
  const elegida = (tema) => tema.querySelector("input").checked;
  let reloj;

  const filtrar = () => {
    const palabras = plano(entrada.value).split(/\s+/).filter(Boolean);
    let total = 0;
    for (const rama of ramas) {
      let visibles = 0;
      for (const tema of rama.querySelectorAll("[data-tema]")) {
        const coincide = palabras.every((palabra) => buscable(tema).includes(palabra));
        tema.hidden = !coincide && !elegida(tema);
        total += coincide;
        visibles += !tema.hidden;
      }
      rama.querySelectorAll("[role=group]").forEach((grupo) => { grupo.hidden = !grupo.querySelector("[data-tema]:not([hidden])"); });
      rama.hidden = !visibles;
      rama.open = palabras.length > 0 ? visibles > 0 : [...rama.querySelectorAll("[data-tema]")].some(elegida);
    }
    const cuantos = total ? `${total} ${total === 1 ? "tema coincide" : "temas coinciden"}` : "Ningún tema coincide";
    const pista = total ? "" : " Pruebe otra palabra o elija el tema más parecido: si hace falta, lo trasladamos.";
    cuenta.textContent = palabras.length ? `${cuantos} con «${entrada.value.trim()}».${pista}` : " ";
  };
  // The draft does not hear it: a search is not part of what is written.
  entrada.addEventListener("input", (evento) => { evento.stopPropagation(); clearTimeout(reloj); reloj = setTimeout(filtrar, 150); });
  entrada.addEventListener("keydown", (evento) => {
    if (evento.key !== "Enter") return;
    evento.preventDefault(); // it has already been searched; the form is sent by its own button
    filtrar();
  });
  // The server would answer with the matches alone, and the next search would find nothing else in the page.
  campo.querySelector("[value=buscar]")?.addEventListener("click", (evento) => { evento.preventDefault(); filtrar(); });
});
