"""What acts on a node, as POSIX-sh: each piece runs after `Manager.shell`, which says how systemctl is reached."""

TOOLS = r"""
umask 022
failed=
ctl() { $systemctl "$@" </dev/null >&2; }
# What root makes in the state of a user stays that user's.
hand_over() { chown -R "$(stat -c %u:%g "${1%/*}")" "$1"; }
"""

# How each unit was, written once: what a broken act left is not how it was before.
REMEMBER = r"""
if [ ! -e "$units" ]; then
  for unit in $touched; do
    told=$($systemctl show --property=LoadState,ActiveState,UnitFileState -- "$unit" </dev/null) || exit 1
    load=- active=- file=-
    while IFS='=' read -r name value; do
      case $name in LoadState) load=$value ;; ActiveState) active=$value ;; UnitFileState) file=${value:--} ;; esac
    done <<END
$told
END
    printf '%s %s %s %s\n' "$unit" "$load" "$active" "$file"
  done >"$units.new" && mv "$units.new" "$units" || exit 1
fi
"""

# Beside the path and renamed, so that systemd never reads half of a file.
WRITE = r"""
put() {
  mkdir -p "${1%/*}" && printf %s "$2" | base64 -d >"$1.stems-new" && chmod "$mode" "$1.stems-new" &&
    mv -f "$1.stems-new" "$1" || { rm -f "$1.stems-new"; echo "$1: cannot be written" >&2; failed=yes; }
}
note() {
  mkdir -p "${1%/*}" && printf %s "$2" >"$1.new" && mv "$1.new" "$1" && hand_over "${1%/*}" ||
    { echo "$1: cannot be written" >&2; failed=yes; }
}
act() {
  [ -z "$failed" ] || return 0
  ctl "$1" -- "$2" && return 0
  failed=yes
  echo "$2: systemctl $1 failed" >&2
}
"""

UNDO = r"""
[ -d "$folder" ] || exit 0
while read -r unit load active file; do
  # A folder that came with a link goes only when it is empty. Whether it worked is seen afterwards.
  case $file:$($systemctl show --property=UnitFileState --value -- "$unit" </dev/null) in
    masked:masked) ;;
    *:masked) $systemctl unmask -- "$unit" </dev/null >/dev/null 2>&1 || : ;;
    disabled:enabled|disabled:enabled-runtime) $systemctl disable -- "$unit" </dev/null >/dev/null 2>&1 || : ;;
  esac
  case $load in not-found) ;; *) continue ;; esac
  # Apart, because what lost its file cannot be disabled, and still runs.
  $systemctl disable -- "$unit" </dev/null >/dev/null 2>&1 || :
  $systemctl stop -- "$unit" </dev/null >/dev/null 2>&1 || :
done <"$units"
"""

BACK = r"""
$systemctl daemon-reload </dev/null || exit 1
while read -r unit load active file; do
  case $load in not-found) continue ;; esac
  # First, because a unit that is masked while it runs has failed when it is stopped.
  case $active in
    active|reloading|activating) ;;
    *) ctl stop -- "$unit" || echo "left $unit: could not be stopped" ;;
  esac
  now=$($systemctl show --property=UnitFileState --value -- "$unit" </dev/null)
  case $file:$now in
    masked:masked) ;;
    masked:*) ctl mask -- "$unit" || echo "left $unit: could not be masked again" ;;
    *:masked) ctl unmask -- "$unit" || echo "left $unit: could not be unmasked" ;;
  esac
  case $file:$now in
    enabled:enabled|disabled:disabled) ;;
    enabled:*) ctl enable -- "$unit" || echo "left $unit: could not be enabled again" ;;
    disabled:enabled|disabled:enabled-runtime) ctl disable -- "$unit" || echo "left $unit: could not be disabled" ;;
  esac
  case $active in
    active|reloading|activating) ctl restart -- "$unit" || echo "left $unit: could not be started again" ;;
  esac
done <"$units"
"""
