// Asks now and then whether a list has news, and says so. It never moves the list by itself.
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
  const preguntar = async () => {
    const respuesta = await fetch(url, { redirect: "manual", headers: { Accept: "application/json" } }).catch(() => null);
    if (respuesta?.status === 200) mostrar((await respuesta.json()).texto);
    if (respuesta?.type === "opaqueredirect" || [401, 403, 404].includes(respuesta?.status)) parar();
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
