// Asks now and then whether a list has news, and says so. It never moves the list by itself: what changed in a row of
// [data-filas] is written where the row is, and a cell that somebody is at waits. Only «Actualizar» brings or moves rows.
//
//   <p class="novedad" role="status" data-sondeo="URL" data-version="…" data-cada="30"></p>
//
// GET URL?version=… answers 204 (nothing new) or 200 {texto: "Llegaron 2 solicitudes."}. A hidden tab does not ask.
document.querySelectorAll("[data-sondeo]").forEach((aviso) => {
  const url = new URL(aviso.dataset.sondeo, location.href);
  url.searchParams.set("version", aviso.dataset.version ?? "");
  let reloj;

  const mostrar = (texto) => {
    if (aviso.firstChild?.data === `${texto} `) return;
    const enlace = Object.assign(document.createElement("a"), { href: location.href, textContent: "Actualizar" });
    aviso.replaceChildren(`${texto} `, enlace);
  };
  const pedir = (cual) => fetch(cual, { redirect: "manual", headers: { Accept: "application/json" } }).catch(() => null);
  const preguntar = async () => {
    const respuesta = await pedir(url);
    if (respuesta?.status === 200) {
      const { texto } = await respuesta.json();
      if (aviso.firstChild?.data !== `${texto} `) await alDia();
      mostrar(texto);
    }
    if (respuesta?.type === "opaqueredirect" || [401, 403, 404].includes(respuesta?.status)) parar();
  };
  const llave = (fila) => fila.querySelector("a")?.getAttribute("href");
  const decirSiYaNo = (fila, yaNo) => {
    const dicho = fila.querySelector("[data-ya-no]");
    if (!yaNo) dicho?.remove();
    else if (!dicho) {
      const nota = Object.assign(document.createElement("small"), { textContent: "Ya no está en esta lista" });
      nota.dataset.yaNo = "";
      fila.cells[0].append(nota);
    }
  };
  const alDia = async () => {
    const filas = [...document.querySelectorAll("[data-filas] > tr")];
    const respuesta = filas.length ? await pedir(location.href) : null;
    if (respuesta?.status !== 200) return;
    const hoja = new DOMParser().parseFromString(await respuesta.text(), "text/html");
    const nuevas = new Map([...hoja.querySelectorAll("[data-filas] > tr")].map((fila) => [llave(fila), fila]));
    filas.forEach((fila) => {
      const nueva = nuevas.get(llave(fila));
      decirSiYaNo(fila, !nueva);
      [...fila.cells].forEach((celda, n) => {
        const otra = nueva?.cells[n];
        const enUso = celda.matches(":hover") || celda.contains(document.activeElement);
        if (otra && !enUso && celda.innerHTML !== otra.innerHTML) celda.replaceChildren(...otra.childNodes);
      });
    });
  };
  const parar = () => clearInterval(reloj);
  const empezar = () => { parar(); reloj = setInterval(preguntar, (Number(aviso.dataset.cada) || 30) * 1000); };

  document.addEventListener("visibilitychange", () => {
    if (document.hidden) return parar();
    preguntar();
    empezar();
  });
  if (!document.hidden) empezar();
});
