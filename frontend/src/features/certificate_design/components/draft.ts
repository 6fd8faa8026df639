import { type Design, type DesignInput, type Image, imageAddress } from '../api/design'

/** A picture while a design is edited: what to send, and where the browser finds it to show. */
export interface Picture {
  change: 'keep' | 'remove' | 'set'
  data?: string
  shown?: string
}

/** A design while it is edited. */
export interface Draft extends Omit<DesignInput, Image> {
  logo: Picture
  seal: Picture
}

/** A saved design, ready to be edited. */
export function draftOf(design: Design): Draft {
  const { number, words, colour, frame, show_score, show_round } = design
  const kept = (image: Image): Picture =>
    design[image] ? { change: 'keep', shown: imageAddress(image, number) } : { change: 'keep' }
  return { number, words, colour, frame, show_score, show_round, logo: kept('logo'), seal: kept('seal') }
}

/** What the server takes: the pictures without what is only for the browser. */
export function inputOf(draft: Draft): DesignInput {
  const sent = ({ change, data }: Picture) => ({ change, ...(data !== undefined && { data }) })
  return { ...draft, logo: sent(draft.logo), seal: sent(draft.seal) }
}

/** A chosen file as the draft holds it. */
export async function pictureOf(file: File): Promise<Picture> {
  const shown = await new Promise<string>((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => resolve(String(reader.result))
    reader.onerror = () => reject(reader.error)
    reader.readAsDataURL(file)
  })
  return { change: 'set', data: shown.slice(shown.indexOf(',') + 1), shown }
}
