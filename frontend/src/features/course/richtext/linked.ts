import { findLinks, type Link } from '@/lib/assets'

/** Between two tries to get a link, in milliseconds; afterwards that is left to the next opening. */
const pauses = [2000, 10_000, 30_000]

/** Fetches the link of a file for a picture or player in the editor, and a fresh one when it cannot be fetched by that: links last hours, a lesson may be open longer. */
export function linked(element: HTMLElement, asset: string, put: (link: Link) => void): void {
  let tries = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  const load = async () => {
    const links = await findLinks([asset]).catch(() => undefined)
    const link = links?.[asset]
    if (link) put(link)
    else again()
  }
  const again = () => {
    const pause = pauses[tries++]
    clearTimeout(timer)
    if (pause) timer = setTimeout(load, pause)
  }
  element.addEventListener('error', again)
  for (const name of ['load', 'playing'])
    element.addEventListener(name, () => {
      tries = 0
    })
  void load()
}
