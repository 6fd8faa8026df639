/** Whether the server will read what was typed as a number (content.ParseNumber). */
export function readsAsNumber(text: string): boolean {
  const plain = text.normalize('NFKC').replace(/\s/g, '').replace(/[−‐–]/g, '-').toLowerCase()
  const bare = /^[+-]?\d{1,3}(,\d{3})+(\.\d*)?$/.test(plain) ? plain.replaceAll(',', '') : plain
  return bare.length <= 60 && /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d{1,2})?$/.test(bare)
}
