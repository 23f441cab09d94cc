# Shared by script/server, script/manage and script/test: finds Python, makes the environment, checks the machine.
# Sourced, never run. Leaves $PYTHON_PORTAL (the environment's python) and $RAIZ, and stands in $RAIZ.

RAIZ="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
cd "$RAIZ"
unset PYTHONDONTWRITEBYTECODE # each start would compile everything again: twice the seconds

decir() { printf '%s\n' "$*" >&2; }
fallar() { decir "$*"; exit 1; }
es_root() { [ "$(id -u)" = 0 ]; }

python_del_sistema() {
  local candidato
  for candidato in "${PYTHON:-}" python3 python3.13 python3.12 python3.11; do
    [ -n "$candidato" ] && command -v "$candidato" >/dev/null 2>&1 || continue
    if "$candidato" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null; then
      command -v "$candidato"
      return
    fi
  done
  fallar "Se necesita Python 3.11, 3.12 o 3.13. Instálelo o diga dónde está: PYTHON=/ruta/python3 $0"
}

# apt_instalar PAQUETE…: installs when root, fails otherwise.
apt_instalar() {
  es_root && command -v apt-get >/dev/null 2>&1 || return 1
  decir "Instalando paquetes del sistema: $*"
  local opciones=(-y -qq --no-install-recommends)
  export DEBIAN_FRONTEND=noninteractive
  apt-get install "${opciones[@]}" "$@" >/dev/null 2>&1 ||
    { apt-get update -qq >/dev/null 2>&1 && apt-get install "${opciones[@]}" "$@" >/dev/null; }
}

# crear_entorno LISTA: .venv holds the hash-locked LISTA. A stamp with the list's digest skips it next time; a mark
# left by an interrupted install makes the next start begin again. Nothing is compiled ahead: the first start compiles
# what it uses, which is a part of it.
crear_entorno() {
  local lista="$1" entorno="$RAIZ/.venv" huella
  local sello="$entorno/.instalado-$lista"
  huella="$(sha256sum <"$RAIZ/$lista" | cut -d' ' -f1)"
  PYTHON_PORTAL="$entorno/bin/python"
  instalado() { [ "$(cat "$sello" 2>/dev/null)" = "$huella" ] && [ ! -e "$entorno/.incompleto" ]; }
  if instalado; then return; fi
  exec 8>"$RAIZ/.venv.cerrojo"
  flock 8
  if ! instalado; then
    if [ -e "$entorno/.incompleto" ] || ! "$PYTHON_PORTAL" -m pip --version >/dev/null 2>&1; then
      crear_venv "$entorno"
    fi
    decir "Instalando las dependencias de Python (solo la primera vez; uno o dos minutos)…"
    : >"$entorno/.incompleto"
    "$PYTHON_PORTAL" -m pip install -qq --disable-pip-version-check --no-deps --require-hashes --no-compile \
      --requirement "$RAIZ/$lista" ||
      fallar "No se pudieron instalar las dependencias. Revise la conexión y vuelva a ejecutar $0"
    echo "$huella" >"$sello"
    rm "$entorno/.incompleto"
  fi
  exec 8>&-
}

crear_venv() {
  local base version
  base="$(python_del_sistema)"
  if ! "$base" -c 'import ensurepip, venv' 2>/dev/null; then
    version="$("$base" -c 'import sys; print("python3.%d-venv" % sys.version_info.minor)')"
    apt_instalar "$version" || fallar "Falta $version. Instálelo con: sudo apt-get install -y $version"
  fi
  rm -rf "$1"
  "$base" -m venv "$1" || fallar "No se pudo crear el entorno de Python en $1"
}

# The libraries WeasyPrint loads for PDF. Without them everything else works and the PDF says why it is missing.
BIBLIOTECAS_PDF=(libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core)
revisar_pango() {
  if hay_pango; then return; fi
  if apt_instalar "${BIBLIOTECAS_PDF[@]}" && hay_pango; then return; fi
  decir "Aviso: faltan bibliotecas para hacer PDF; el resto del portal funciona. Instálelas con:"
  decir "  sudo apt-get install -y ${BIBLIOTECAS_PDF[*]}"
}
hay_pango() {
  [ -e /usr/share/fonts/truetype/dejavu/DejaVuSans.ttf ] && "$PYTHON_PORTAL" - 2>/dev/null <<'PY'
import ctypes
for biblioteca in ("libpango-1.0.so.0", "libpangoft2-1.0.so.0", "libharfbuzz-subset.so.0"):
    ctypes.CDLL(biblioteca)
PY
}

# preparar LISTA: an environment given by PORTAL_ENTORNO is used as it is.
preparar() {
  if [ -n "${PORTAL_ENTORNO:-}" ]; then
    PYTHON_PORTAL="$PORTAL_ENTORNO/bin/python"
    [ -x "$PYTHON_PORTAL" ] || fallar "PORTAL_ENTORNO=$PORTAL_ENTORNO no es un entorno de Python."
  else
    crear_entorno "$1"
  fi
  revisar_pango
}
