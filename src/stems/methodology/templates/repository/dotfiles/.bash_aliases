# Debian's ~/.bashrc reads this file; it reads the parts.
for part in ~/.bashrc.d/*.sh; do
  [ -r "$part" ] && . "$part"
done
unset part
