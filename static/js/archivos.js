// Uploads each file as soon as it is chosen and tells its progress in words.
//
//   <input type="file" multiple data-subir="URL" data-lista="archivos" data-maximo="20000000">
//   <ul class="archivos" id="archivos"></ul>
//
// POST with the file in `archivo`. The server answers 2xx with the <li> of partes/archivo.html, or 4xx with one sentence
// as plain text. Without JavaScript the files travel with the form.
const megas = (bytes) => `${(bytes / 1048576).toLocaleString("es-CO", { maximumFractionDigits: 1 })} MB`;
const FALLA = "no se subió. Revise la conexión y elíjalo de nuevo.";

function decir(fila, texto, papel = "status") {
  fila.className = papel === "alert" ? "archivo archivo--error" : "archivo";
  const dicho = fila.firstChild ?? fila.appendChild(document.createElement("span"));
  dicho.setAttribute("role", papel);
  if (dicho.textContent !== texto) dicho.textContent = texto;
}

function subir(entrada, archivo, fila) {
  const url = new URL(entrada.dataset.subir, location.href).href;
  const datos = new FormData();
  datos.append("csrfmiddlewaretoken", entrada.form.elements.csrfmiddlewaretoken.value);
  datos.append("archivo", archivo);
  return new Promise((listo) => {
    const envio = new XMLHttpRequest();
    const fallar = (texto) => decir(fila, texto || `«${archivo.name}» ${FALLA}`, "alert");
    envio.upload.onprogress = ({ loaded, total }) => {
      const parte = Math.floor((loaded / total) * 4) * 25; // steps of a quarter: not a stream of announcements
      decir(fila, parte < 100 ? `Subiendo «${archivo.name}»: ${parte} %` : `Revisando «${archivo.name}»…`);
    };
    envio.onload = () => {
      if (envio.responseURL !== url || envio.status === 401) {
        fallar(`«${archivo.name}» no se subió: su sesión terminó. Vuelva a entrar y elíjalo de nuevo.`);
      } else if (envio.status < 300) {
        fila.outerHTML = envio.responseText;
        document.getElementById("anuncios").textContent = `«${archivo.name}» subido`;
      } else {
        fallar(envio.getResponseHeader("Content-Type")?.startsWith("text/plain") ? envio.responseText : "");
      }
    };
    envio.onerror = envio.ontimeout = () => fallar("");
    envio.onloadend = listo;
    envio.open("POST", url);
    envio.send(datos);
  });
}

async function alElegir({ target: entrada }) {
  const lista = document.getElementById(entrada.dataset.lista);
  const maximo = Number(entrada.dataset.maximo) || Infinity;
  lista.querySelectorAll(".archivo--error").forEach((fila) => fila.remove());
  const elegidos = [...entrada.files].map((archivo) => {
    const fila = lista.appendChild(document.createElement("li"));
    decir(fila, `«${archivo.name}» espera su turno`);
    return [archivo, fila];
  });
  entrada.disabled = true;
  for (const [archivo, fila] of elegidos) {
    if (archivo.size > maximo) {
      decir(fila, `«${archivo.name}» pesa ${megas(archivo.size)}; el máximo es ${megas(maximo)}.`, "alert");
    } else {
      await subir(entrada, archivo, fila);
    }
  }
  entrada.disabled = false;
  entrada.value = ""; // already on the server: the form must not send them again
  entrada.focus();
}

document.querySelectorAll("input[type=file][data-subir]").forEach((entrada) => entrada.addEventListener("change", alElegir));
