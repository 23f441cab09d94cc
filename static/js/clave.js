// «Mostrar» beside each password field: whoever can see what they type makes fewer mistakes (WCAG 3.3.8).
document.querySelectorAll("input[data-clave]").forEach((campo) => {
  const boton = Object.assign(document.createElement("button"), { type: "button", className: "boton boton--2 boton--chico" });
  const etiqueta = campo.labels?.[0]?.textContent.trim().toLowerCase() ?? "contraseña";
  const decir = () => {
    const visible = campo.type === "text";
    boton.replaceChildren(visible ? "Ocultar" : "Mostrar", Object.assign(document.createElement("span"), {
      className: "oculto", textContent: ` ${etiqueta}`,
    }));
    boton.setAttribute("aria-pressed", String(visible));
  };
  boton.addEventListener("click", () => {
    campo.type = campo.type === "password" ? "text" : "password";
    decir();
  });
  // A password left visible is not sent as a text field: password managers and history would keep it.
  campo.form?.addEventListener("submit", () => { campo.type = "password"; });
  const caja = Object.assign(document.createElement("div"), { className: "clave" });
  campo.before(caja);
  caja.append(campo, boton);
  decir();
});
