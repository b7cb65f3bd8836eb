#!/usr/bin/env bash
# Everything that can be proved on one machine: the Rust tests, then the built program from outside.
#
#   tests/run.sh             all of it
#   tests/run.sh rust pdf    only these sections: rust cli charsets service nginx browser reader hostile pdf
#   tests/run.sh release     the same from outside, of the program as it is shipped: with link-time optimisation, which takes
#                            three times as long to build and is otherwise left to those who make a release
#
# What the outside tests need is installed where it is absent: Debian's packages when root, Node's and Python's beside the
# tests. Nothing is skipped: what cannot be had is a failure that says what to install.
set -uo pipefail
cd "$(dirname "$0")/.."

SECTIONS=(rust cli charsets service nginx browser reader hostile pdf)
wanted=("$@")
[ ${#wanted[@]} -gt 0 ] || wanted=("${SECTIONS[@]}")
PROFILE=ci
if [ "${wanted[0]}" = release ]; then
  PROFILE=release
  wanted=("${wanted[@]:1}")
  [ ${#wanted[@]} -gt 0 ] || wanted=("${SECTIONS[@]:1}")
fi
for section in "${wanted[@]}"; do
  case " ${SECTIONS[*]} " in *" $section "*) ;; *) echo "no section $section; there are: ${SECTIONS[*]}" >&2; exit 2 ;; esac
done
wants() { case " ${wanted[*]} " in *" $1 "*) return 0 ;; *) return 1 ;; esac; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export TALLY="$work/tally"
: >"$TALLY"
started=$SECONDS
failed_steps=0
section() { printf '\n== %s (%d s)\n' "$1" $((SECONDS - started)); }
step() { "$@" || { failed_steps=$((failed_steps + 1)); echo "FAIL $*"; }; }
need() { echo "$1" >&2; exit 1; }

# ---- tools
section "tools"
command -v cargo >/dev/null || need "Rust is needed: install it from https://rustup.rs"
command -v python3 >/dev/null || need "Python 3.11 or later is needed: install python3"
command -v node >/dev/null || need "Node 20 or later is needed: install it from https://nodejs.org"
[ "$(node -p 'process.versions.node.split(".")[0]')" -ge 20 ] || need "Node 20 or later is needed, this is $(node --version)"

PATH="$PATH:/usr/sbin" # where Debian puts nginx
chromium_there() { [ -n "${CHROMIUM:-}" ] || command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null; }
missing=()
chromium_there || missing+=(chromium)
command -v pdftotext >/dev/null || missing+=(poppler-utils)
command -v qpdf >/dev/null || missing+=(qpdf)
command -v fc-list >/dev/null && [ -n "$(fc-list :lang=ru 2>/dev/null)" ] || missing+=(fontconfig fonts-dejavu-core)
command -v nginx >/dev/null || missing+=(nginx-light)
python3 -c 'import ensurepip, venv' 2>/dev/null || missing+=(python3-venv)
if [ ${#missing[@]} -gt 0 ]; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "installing ${missing[*]}"
    { apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}"; } >"$work/apt" 2>&1 ||
      { tail -5 "$work/apt" >&2; need "apt-get could not install ${missing[*]}"; }
  else
    need "these Debian packages are needed: ${missing[*]}; install them (apt-get install ${missing[*]}) and run again"
  fi
fi
if [ -z "${CHROMIUM:-}" ]; then
  CHROMIUM=$(command -v chromium || command -v chromium-browser || command -v google-chrome)
  export CHROMIUM
fi

venv=tests/tools/venv
if ! cmp -s tests/outside/requirements.txt "$venv/installed.txt"; then
  rm -rf "$venv"
  { python3 -m venv "$venv" && "$venv/bin/pip" install -q --disable-pip-version-check -r tests/outside/requirements.txt; } ||
    need "the Python packages of tests/outside/requirements.txt could not be installed into $venv"
  cp tests/outside/requirements.txt "$venv/installed.txt"
fi
python="$venv/bin/python"
if ! cmp -s tests/browser/package-lock.json tests/browser/node_modules/installed.json; then
  (cd tests/browser && npm ci --no-audit --no-fund --loglevel=error) || need "the Node packages of tests/browser could not be installed"
  cp tests/browser/package-lock.json tests/browser/node_modules/installed.json
fi
echo "$(rustc --version), node $(node --version), $(python3 --version), $("$CHROMIUM" --version 2>/dev/null | head -1)"

# ---- the Rust tests
if wants rust; then
  section "cargo test"
  # The same cases for every change, so that a failure is the change's; set another seed, or use cargo test, to find new ones.
  export PROPTEST_RNG_SEED="${PROPTEST_RNG_SEED:-20261125}"
  # With the optional features, which are built once with it; the program below is built without.
  cargo test --quiet --no-fail-fast --all-features >"$work/cargo" 2>&1
  code=$?
  # A line of tallies for each test binary; whatever failed is shown whole.
  awk '/^test result:/ { gsub(";", ""); print $4, $6 }' "$work/cargo" >>"$TALLY"
  if [ $code -ne 0 ]; then cat "$work/cargo"; failed_steps=$((failed_steps + 1)); fi
  awk '/^test result:/ { gsub(";", ""); p += $4; f += $6 } END { printf "cargo test: %d passed, %d failed\n", p, f }' "$work/cargo"
fi

articles_at_random() {
  local file passed=0 failed=0
  mkdir -p "$work/random"
  CLEARPRINT_KEEP="$work/random" cargo test --quiet --all-features --lib any_article_becomes >"$work/random.log" 2>&1 || { cat "$work/random.log"; failed=1; }
  for file in "$work"/random/*.pdf; do
    if qpdf --check "$file" >"$work/qpdf" 2>&1; then passed=$((passed + 1)); else
      failed=$((failed + 1))
      echo "FAIL qpdf: $(tail -1 "$work/qpdf")"
    fi
  done
  echo "$passed $failed" >>"$TALLY"
  echo "articles at random: qpdf takes $passed files, refuses $failed"
  [ "$failed" -eq 0 ] && [ "$passed" -gt 20 ]
}

# ---- the program; CLEARPRINT names another build of it to try
if wants cli || wants charsets || wants service || wants nginx || wants browser || wants reader || wants hostile || wants pdf; then
  if [ -z "${CLEARPRINT:-}" ]; then
    section "cargo build --profile $PROFILE"
    cargo build --profile "$PROFILE" --quiet || need "the program cannot be built"
    CLEARPRINT="${CARGO_TARGET_DIR:-$PWD/target}/$PROFILE/clearprint"
  fi
  export CLEARPRINT
  "$CLEARPRINT" --version || need "$CLEARPRINT does not run"
fi

if wants cli; then section "command line"; step "$python" tests/outside/cli.py; fi
if wants charsets; then section "charsets"; step "$python" tests/outside/charsets.py; fi
if wants service; then section "service"; step "$python" tests/outside/service.py; step "$python" tests/outside/load.py; fi
if wants nginx; then section "nginx before two instances"; step "$python" tests/outside/nginx.py; fi

if wants browser; then
  section "pages in Chromium"
  step node tests/browser/checker.mjs
  step node tests/browser/rewritten.mjs "$CLEARPRINT"
  step node tests/browser/panel.mjs "$CLEARPRINT"
  step node tests/browser/home.mjs "$CLEARPRINT"
  step node tests/browser/valid.mjs "$CLEARPRINT"
fi
if wants reader; then
  section "a reader's way without JavaScript"
  step node tests/browser/reader.mjs "$CLEARPRINT"
fi
if wants hostile; then
  section "hostile pages in Chromium"
  step node tests/browser/hostile.mjs "$CLEARPRINT" rewrite - --base-url https://news.example/a/1
fi
if wants pdf; then
  section "printed samples"
  step "$python" tests/outside/pdf.py
  section "the sample edition"
  step "$python" tests/outside/edition.py
  section "whatever comes, printed"
  step "$python" tests/outside/anything.py
  section "articles at random, to qpdf"
  # The files that the property test holds to PDF/UA, kept and read by another hand.
  step articles_at_random
  section "the preview beside poppler's picture of the PDF"
  # Not among the plain Rust tests, because it needs pdftoppm.
  step cargo test --quiet --all-features --lib poppler -- --ignored
fi

read -r passed failed < <(awk '{ p += $1; f += $2 } END { print p + 0, f + 0 }' "$TALLY")
# A step that ended in an error without counting one is a failure all the same.
[ "$failed_steps" -gt 0 ] && [ "$failed" -eq 0 ] && failed=$failed_steps
printf '\n%d passed, %d failed in %d s\n' "$passed" "$failed" $((SECONDS - started))
[ "$failed" -eq 0 ] && [ "$failed_steps" -eq 0 ] && [ "$passed" -gt 0 ]
