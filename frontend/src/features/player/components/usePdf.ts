import { type PDFDocumentProxy, type PDFPageProxy, TextLayer } from 'pdfjs-dist'
import { type RefObject, useEffect, useState } from 'react'
import { fetchedWhole, openPdf } from '../api/pdf'

/** Opens a document, anew in every round; it is closed with the component. `onBroken` is told when it cannot be fetched on. */
export function usePdf(
  url: string,
  round: number,
  onBroken: () => void,
): { pdf: PDFDocumentProxy | undefined; failed: boolean } {
  const [pdf, setPdf] = useState<PDFDocumentProxy>()
  const [failed, setFailed] = useState(false)
  // biome-ignore lint/correctness/useExhaustiveDependencies: another round opens the document again
  useEffect(() => {
    let ended = false
    const task = openPdf(url)
    let size = Number.POSITIVE_INFINITY
    task.onProgress = ({ total }: { total: number }) => {
      size = total
    }
    const whole = async (document: PDFDocumentProxy) => {
      await document.getPage(1)
      if (!ended && size <= fetchedWhole) await document.getData()
    }
    task.promise.then(
      (document) => {
        if (ended) return
        setFailed(false)
        setPdf(document)
        whole(document).catch(() => undefined) // a page that is missing says so when it is drawn
      },
      (error: Error) => {
        if (ended) return
        if (unreachable.includes(error.name)) onBroken()
        else setFailed(true)
      },
    )
    return () => {
      ended = true
      setPdf(undefined)
      void task.destroy()
    }
  }, [url, round, onBroken])
  return { pdf, failed }
}

/** What went wrong on the way to a document, not in it. */
const unreachable = ['ResponseException', 'UnknownErrorException', 'AbortException', 'TypeError']

interface Sheet {
  canvas: RefObject<HTMLCanvasElement | null>
  words: RefObject<HTMLDivElement | null>
  box: RefObject<HTMLDivElement | null>
}

/** Draws a page into the sheet, with its text over it for selection and screen readers. Gives the number of the page that is on the screen. */
export function useDrawnPage(
  pdf: PDFDocumentProxy | undefined,
  number: number,
  zoom: number,
  sheet: Sheet,
  onBroken: () => void,
): number {
  const [drawn, setDrawn] = useState(0)
  const { canvas, words, box } = sheet
  useEffect(() => {
    if (!pdf) return
    let ended = false
    let cancel = () => {}
    const draw = async () => {
      const page = await pdf.getPage(number)
      const surface = canvas.current
      const text = words.current
      const frame = box.current
      if (ended || !surface || !text || !frame) return
      const width = (frame.parentElement?.clientWidth ?? 600) - 2
      if (width <= 0) return // the sheet is hidden: it is drawn when it is there again
      const viewport = page.getViewport({ scale: (width / page.getViewport({ scale: 1 }).width) * zoom })
      const sharp = Math.min(devicePixelRatio || 1, 2)
      surface.width = Math.floor(viewport.width * sharp)
      surface.height = Math.floor(viewport.height * sharp)
      surface.style.width = `${viewport.width}px`
      surface.style.height = `${viewport.height}px`
      frame.style.width = `${viewport.width}px`
      const task = page.render({ canvas: surface, viewport, transform: [sharp, 0, 0, sharp, 0, 0] })
      cancel = () => task.cancel()
      await task.promise
      if (ended) return
      await layText(page, viewport, text)
      if (!ended) setDrawn(number)
    }
    draw().catch(() => !ended && onBroken()) // ended: cancelled by the next page
    return () => {
      ended = true
      cancel()
    }
  }, [pdf, number, zoom, canvas, words, box, onBroken])
  return drawn
}

async function layText(
  page: PDFPageProxy,
  viewport: ReturnType<PDFPageProxy['getViewport']>,
  target: HTMLDivElement,
) {
  target.replaceChildren()
  target.style.setProperty('--scale-factor', String(viewport.scale))
  await new TextLayer({ textContentSource: page.streamTextContent(), container: target, viewport }).render()
  // The library measures text on a canvas that it adds to the page; it is nothing to read.
  for (const one of document.querySelectorAll<HTMLElement>('.hiddenCanvasElement')) one.hidden = true
}
