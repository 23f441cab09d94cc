// Saves a draft while it is written: 1.5 s after typing stops, on leaving a field and on leaving the page.
//
//   <form method="post" data-borrador="URL" data-entrar="/entrar/"> with <input type="hidden" name="version">
//   <p class="guardado" data-guardado role="status"></p>
//
// The server answers 200 {version, hora}, with {guardar, accion} of the draft it began; 204, none yet; 409 {version,
// hora, campos: {name: value}}, another window saved first; 401 or a redirect, the session ended. Files: archivos.js.
const PAUSA = 1500, REINTENTO = 10000, ESPERA = 8000;

class Borrador {
  constructor(form) {
    this.form = form;
    this.nota = document.querySelector("[data-guardado]") ?? form.appendChild(nodo("p", { className: "guardado", role: "status" }));
    this.sucio = this.enviando = this.conflicto = false;
    form.addEventListener("input", ({ target }) => target.type !== "file" && this.anotar());
    form.addEventListener("focusout", () => this.guardar());
    form.addEventListener("submit", (evento) => this.alEnviar(evento));
    addEventListener("pageshow", () => { this.parado = false; });
    addEventListener("focus", () => this.alerta && this.guardar());
    addEventListener("online", () => this.alerta && this.guardar());
    document.addEventListener("visibilitychange", () => document.hidden && this.guardar({ keepalive: true }));
  }

  // A save on its way ends before the form leaves.
  alEnviar(evento) {
    if (this.enviando) {
      evento.preventDefault();
      this.pendiente = { boton: evento.submitter };
      return;
    }
    this.parado = true;
    clearTimeout(this.reloj);
  }

  anotar() {
    this.sucio = true;
    this.programar(PAUSA);
  }

  programar(espera) {
    clearTimeout(this.reloj);
    this.reloj = setTimeout(() => this.guardar(), espera);
  }

  async guardar(opciones = {}) {
    if (!this.sucio || this.enviando || this.conflicto || this.parado) return;
    clearTimeout(this.reloj);
    this.sucio = false;
    this.enviando = true;
    const respuesta = await this.enviar(opciones).catch(() => null);
    // Read before another save starts.
    const cuerpo = (respuesta?.ok || respuesta?.status === 409) && await respuesta.json().catch(() => null);
    this.enviando = false;
    await this.atender(respuesta, cuerpo);
    const pendiente = this.pendiente;
    this.pendiente = null;
    if (pendiente && respuesta && !this.conflicto) return this.form.requestSubmit(pendiente.boton);
    if (this.sucio && !this.alerta) this.programar(PAUSA);
  }

  enviar(opciones) {
    const datos = new FormData(this.form);
    const texto = new URLSearchParams([...datos].filter(([, valor]) => typeof valor === "string"));
    return fetch(this.form.dataset.borrador, {
      method: "POST", body: texto, redirect: "manual", headers: { Accept: "application/json" },
      signal: AbortSignal.timeout(ESPERA), ...opciones,
    });
  }

  async atender(respuesta, cuerpo) {
    if (respuesta?.status === 204) return;
    if (cuerpo) return respuesta.ok ? this.hecho(cuerpo) : this.chocar(cuerpo);
    this.sucio = true;
    // Signed in again in another tab: take the new seal.
    if (respuesta?.status === 403 && !this.renovado) {
      this.renovado = true;
      if (await renovarSello()) return this.guardar();
    }
    const sesion = respuesta?.type === "opaqueredirect" || respuesta?.status === 401;
    this.fallar(sesion
      ? "Su sesión terminó por seguridad. Su texto sigue aquí. "
      : "No pudimos guardar. Su texto sigue aquí. Reintentamos cada 10 segundos. ", sesion);
    this.programar(REINTENTO);
  }

  hecho({ version, hora, guardar, accion }) {
    this.renovado = false;
    if (accion) {
      this.form.dataset.borrador = guardar;
      history.replaceState(null, "", this.form.action = accion);
    }
    this.form.elements.version.value = version;
    this.quitarAlerta();
    this.nota.textContent = `✓ Borrador guardado a las ${hora}`;
  }

  fallar(texto, sesion) {
    if (this.alerta?.dataset.texto === texto) return;
    const accion = sesion
      ? nodo("a", { href: this.form.dataset.entrar || "/entrar/", target: "_blank", textContent: "Vuelva a entrar" })
      : boton("Reintentar", () => this.guardar());
    this.avisar("error", nodo("p", {}, texto, accion));
    this.alerta.dataset.texto = texto;
    this.nota.textContent = "";
  }

  // Two windows wrote: the person chooses.
  chocar({ version, hora, campos }) {
    this.conflicto = this.sucio = true;
    const distintos = Object.entries(campos).filter(([nombre, valor]) => leer(this.form, nombre) !== aTexto(valor));
    const lista = nodo("dl", { className: "ficha" }, ...distintos.map(([nombre, valor]) => nodo("div", {},
      nodo("dt", { textContent: etiqueta(this.form, nombre) }),
      nodo("dd", {}, nodo("p", { textContent: `Aquí: ${leer(this.form, nombre) || "vacío"}` }),
        nodo("p", { textContent: `En la otra ventana: ${aTexto(valor) || "vacío"}` })))));
    const resolver = (conservar) => {
      this.form.elements.version.value = version;
      if (!conservar) distintos.forEach(([nombre, valor]) => poner(this.form, nombre, valor));
      this.conflicto = false;
      this.quitarAlerta();
      this.guardar();
    };
    this.avisar("atencion",
      nodo("h2", { textContent: "El borrador cambió en otra ventana" }),
      nodo("p", { textContent: `La otra versión se guardó a las ${hora} Elija cuál conservar; ninguna se ha perdido.` }),
      lista,
      nodo("p", { className: "fila" },
        boton("Conservar lo de aquí", () => resolver(true)), boton("Usar la otra versión", () => resolver(false))));
  }

  avisar(tono, ...hijos) {
    this.quitarAlerta();
    this.alerta = nodo("div", { className: `aviso aviso--${tono}`, role: "alert", tabIndex: -1 });
    (this.nota.closest(".botones") ?? this.nota).before(this.alerta);
    this.alerta.append(...hijos); // after it is in the page, so that it is announced
  }

  quitarAlerta() {
    this.alerta?.remove();
    this.alerta = null;
  }
}

function nodo(etiqueta, propiedades, ...hijos) {
  const elemento = Object.assign(document.createElement(etiqueta), propiedades);
  if (propiedades.role) elemento.setAttribute("role", propiedades.role);
  elemento.append(...hijos);
  return elemento;
}
const boton = (textContent, onclick) =>
  nodo("button", { type: "button", className: "boton boton--2 boton--chico", textContent, onclick });
const controles = (form, nombre) => [...form.querySelectorAll(`[name="${CSS.escape(nombre)}"]`)];
const marcable = ({ type }) => type === "radio" || type === "checkbox";
const aTexto = (valor) => [valor ?? ""].flat().map(String).join(", ").replaceAll("\r\n", "\n");
const leer = (form, nombre) => aTexto(new FormData(form).getAll(nombre));
const etiqueta = (form, nombre) => {
  const control = controles(form, nombre)[0];
  const rotulo = (control && marcable(control) && control.closest("fieldset")?.querySelector("legend")) || control?.labels?.[0];
  return rotulo?.textContent.trim() ?? nombre;
};
function poner(form, nombre, valor) {
  const valores = [valor ?? ""].flat().map(String);
  for (const control of controles(form, nombre)) {
    if (marcable(control)) control.checked = valores.includes(control.value);
    else if (control.multiple) [...control.options].forEach((o) => { o.selected = valores.includes(o.value); });
    else control.value = valores[0] ?? "";
  }
}
async function renovarSello() {
  const pagina = await fetch(location.href, { redirect: "manual" }).catch(() => null);
  if (!pagina?.ok) return false;
  const sello = /name="csrfmiddlewaretoken" value="([^"]+)"/.exec(await pagina.text())?.[1];
  if (sello) document.querySelectorAll("[name=csrfmiddlewaretoken]").forEach((campo) => { campo.value = sello; });
  return Boolean(sello);
}

document.querySelectorAll("form[data-borrador]").forEach((form) => new Borrador(form));
