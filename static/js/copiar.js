// A button that copies each example. Without it the text is still there to be chosen by hand.
if (navigator.clipboard) {
  for (const texto of document.querySelectorAll("[data-copiar]")) {
    const boton = document.createElement("button");
    boton.type = "button";
    boton.className = "boton boton--chico boton--2";
    boton.textContent = "Copiar";
    boton.addEventListener("click", async () => {
      await navigator.clipboard.writeText(texto.textContent);
      boton.textContent = "Copiado";
      document.getElementById("anuncios").textContent = "Copiado";
      setTimeout(() => { boton.textContent = "Copiar"; }, 2000);
    });
    texto.after(boton);
  }
}
