// A button that copies each example. Without it the text is still there to be chosen by hand.
if (navigator.clipboard) {
  for (const caja of document.querySelectorAll("[data-copiar]")) {
    const texto = caja.textContent;
    const boton = document.createElement("button");
    boton.type = "button";
    boton.className = "boton boton--chico boton--2";
    boton.textContent = "Copiar";
    boton.addEventListener("click", async () => {
      await navigator.clipboard.writeText(texto);
      boton.textContent = "Copiado";
      document.getElementById("anuncios").textContent = "Copiado";
      setTimeout(() => { boton.textContent = "Copiar"; }, 2000);
    });
    caja.append(document.createElement("br"), boton);
  }
}
