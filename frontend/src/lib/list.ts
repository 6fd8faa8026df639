/** Several words as one reads them in the page's language: `A、B、C` or `A, B, and C`. */
export function formatList(words: string[]): string {
  return new Intl.ListFormat(document.documentElement.lang || 'ja').format(words)
}
