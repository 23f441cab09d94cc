// Shows only the group of fields that what was chosen needs: data-segun="name value [value…]" of a radio or a select.
// Without it all the groups are there, and the legend of each says when it counts.
const grupos = [...document.querySelectorAll("[data-segun]")];
const elegido = (nombre) => document.querySelector(`select[name="${nombre}"], [name="${nombre}"]:checked`)?.value;
const mostrar = () => grupos.forEach((grupo) => {
  const [nombre, ...valores] = grupo.dataset.segun.split(" ");
  grupo.hidden = !valores.includes(elegido(nombre));
});
document.addEventListener("change", mostrar);
mostrar();
