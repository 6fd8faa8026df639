import { GlobalWorkerOptions, getDocument, type PDFDocumentLoadingTask } from 'pdfjs-dist'
import worker from 'pdfjs-dist/build/pdf.worker.min.mjs?url'

GlobalWorkerOptions.workerSrc = worker

// What documents without embedded fonts need: the maps of Japanese characters and stand-ins for the standard Latin fonts.
const data = import.meta.glob<string>(
  [
    '/node_modules/pdfjs-dist/cmaps/{Adobe-Japan1,UniJIS,90,83pv,78,EUC-,H.,V.,Add,Ext,Hankaku,Hiragana,Katakana,Roman,WP,NWP}*bcmap',
    '/node_modules/pdfjs-dist/standard_fonts/*.{pfb,ttf}',
  ],
  { query: '?url', import: 'default', eager: true },
)

/** Fetches character maps and fonts from our own assets. */
class OwnData {
  async fetch({ filename }: { filename: string }): Promise<Uint8Array> {
    const url = Object.entries(data).find(([path]) => path.endsWith(`/${filename}`))?.[1]
    const answer = url ? await fetch(url) : undefined
    if (!answer?.ok) throw new Error(`no data ${filename}`)
    return new Uint8Array(await answer.arrayBuffer())
  }
}

/** Up to this size, in bytes, a document is fetched whole while its first page is read, so that it can be read to its end without the network. */
export const fetchedWhole = 30 << 20

/** Opens a PDF page by page: only what is looked at is fetched. */
export function openPdf(url: string): PDFDocumentLoadingTask {
  return getDocument({
    url,
    disableAutoFetch: true,
    disableStream: true,
    isEvalSupported: false,
    enableXfa: false,
    useWasm: false, // the content security policy allows none
    useWorkerFetch: false,
    cMapPacked: true,
    BinaryDataFactory: OwnData,
  })
}
