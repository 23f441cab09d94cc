// Shows only the place that the chosen role has. Without it both are there, with a line that says who needs which.
const rol = document.querySelector("select[name=rol]");
const lugares = [...document.querySelectorAll("[data-segun-rol]")];
const mostrar = () => lugares.forEach((lugar) => {
  lugar.closest(".campo").hidden = !lugar.dataset.segunRol.split(" ").includes(rol.value);
});
rol?.addEventListener("change", mostrar);
mostrar();
