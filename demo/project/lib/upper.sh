upper() {
  printf '%s\n' "$*" | tr '[:lower:]' '[:upper:]'
}
