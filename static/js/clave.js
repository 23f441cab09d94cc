// A button that shows what is typed in a password field, and hides it again before the form leaves.
//
//   <input type="password" data-clave>
for (const campo of document.querySelectorAll("input[data-clave]")) {
  const boton = document.createElement("button");
  boton.type = "button";
  boton.className = "boton boton--enlace";
  boton.setAttribute("aria-controls", campo.id);
  const poner = (visible) => {
    campo.type = visible ? "text" : "password";
    boton.textContent = visible ? "Ocultar contraseña" : "Mostrar contraseña";
  };
  boton.addEventListener("click", () => poner(campo.type === "password"));
  campo.form?.addEventListener("submit", () => poner(false));
  campo.after(boton);
  poner(false);
}
