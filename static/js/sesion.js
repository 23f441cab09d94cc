// Says five minutes before that the session is about to end, and lets the person go on (WCAG 2.2.1).
//
//   <body data-sesion="/cuenta/sesion/" data-sesion-dura="1800" data-sesion-modulo="…/sesion.js">
// portal.js brings it when five minutes are left, so that it weighs nothing on a page.
//
// GET answers {segundos} and is not activity; POST is. Another window may have prolonged it meanwhile: ask before saying.
const AVISO = 300, { sesion: url } = document.body.dataset;
let caja, reloj;

const pedir = (method) => fetch(url, {
  method,
  redirect: "manual",
  headers: { Accept: "application/json", "X-CSRFToken": document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "" },
}).catch(() => null);

const programar = (segundos) => {
  clearTimeout(reloj);
  reloj = setTimeout(revisar, Math.max(segundos, 1) * 1000);
};
const quitar = () => { caja?.remove(); caja = null; };

async function revisar(method = "GET") {
  const respuesta = await pedir(method);
  if (!respuesta) return programar(60);
  if (!respuesta.ok) return decir("Su sesión terminó por seguridad. Lo que guardó sigue ahí.", entrar());
  const { segundos } = await respuesta.json();
  if (segundos > AVISO) {
    quitar();
    return programar(segundos - AVISO);
  }
  const minutos = Math.max(Math.ceil(segundos / 60), 1);
  decir(`Su sesión termina en ${minutos} ${minutos === 1 ? "minuto" : "minutos"} si no hace nada.`, seguir());
  programar(Math.min(60, segundos));
}

function decir(texto, accion) {
  if (caja?.dataset.texto === texto) return;
  quitar();
  caja = Object.assign(document.createElement("div"), { className: "aviso aviso--atencion aviso--flota" });
  caja.setAttribute("role", "alert");
  caja.dataset.texto = texto;
  document.body.append(caja);
  const parrafo = document.createElement("p");
  parrafo.append(`${texto} `, accion);
  caja.append(parrafo); // after it is in the page, so that it is announced
}

const seguir = () => Object.assign(document.createElement("button"), {
  type: "button", className: "boton boton--chico", textContent: "Seguir en el portal", onclick: () => revisar("POST"),
});
const entrar = () => Object.assign(document.createElement("a"), {
  href: `/entrar/?next=${encodeURIComponent(location.pathname + location.search)}`, textContent: "Entrar de nuevo",
});

revisar();
document.addEventListener("visibilitychange", () => !document.hidden && revisar());
