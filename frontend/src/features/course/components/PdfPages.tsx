import { Button, Group, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { GlobalWorkerOptions, getDocument, type PDFDocumentProxy } from 'pdfjs-dist'
import worker from 'pdfjs-dist/build/pdf.worker.min.mjs?url'
import { useCallback, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ErrorState } from '@/components/ErrorState'
import { RowsSkeleton } from '@/components/Skeletons'
import { pictureOf } from '@/components/upload/poster'
import { assetKeys, linkQuery, setPoster } from '@/lib/assets'
import { usePermission } from '@/lib/session'
import classes from './PdfPages.module.css'

GlobalWorkerOptions.workerSrc = worker

/** A PDF page by page. */
export function PdfPages({ asset }: { asset: string }) {
  const { t } = useTranslation('course')
  const link = useQuery({
    ...linkQuery(asset),
    refetchInterval: (query) => (query.state.data === null ? 2000 : false),
  })
  const url = link.data?.url
  const pdf = useQuery({
    queryKey: [...assetKeys.link(asset), 'document'],
    queryFn: () => getDocument({ url: url ?? '', isEvalSupported: false }).promise,
    enabled: url !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    structuralSharing: false,
  })
  const may = usePermission('asset:write')
  const wanted = may && link.data != null && !link.data.poster
  const drawn = useCallback(
    (canvas: HTMLCanvasElement) => {
      if (wanted)
        void pictureOf(canvas).then((picture) => picture && setPoster(asset, picture).catch(() => undefined))
    },
    [wanted, asset],
  )
  const error = link.error ?? pdf.error
  if (error)
    return <ErrorState error={error} onRetry={() => void (link.error ? link.refetch() : pdf.refetch())} />
  if (link.data === null) return <p>{t('pdf.notReady')}</p>
  return pdf.data ? <Sheet pdf={pdf.data} drawn={drawn} /> : <RowsSkeleton rows={4} />
}

function Sheet({ pdf, drawn }: { pdf: PDFDocumentProxy; drawn: (canvas: HTMLCanvasElement) => void }) {
  const { t } = useTranslation('course')
  const [number, setNumber] = useState(1)
  const canvas = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    let cancel = () => {}
    void pdf.getPage(number).then((page) => {
      if (!canvas.current) return
      const natural = page.getViewport({ scale: 1 })
      const viewport = page.getViewport({
        scale: (720 / natural.width) * Math.min(window.devicePixelRatio, 2),
      })
      canvas.current.width = viewport.width
      canvas.current.height = viewport.height
      const task = page.render({ canvas: canvas.current, viewport })
      cancel = () => task.cancel()
      task.promise.then(
        () => number === 1 && canvas.current && drawn(canvas.current),
        () => undefined, // turned over before it was drawn
      )
    })
    return () => cancel()
  }, [pdf, number, drawn])
  return (
    <div>
      <canvas
        ref={canvas}
        className={classes.sheet}
        role="img"
        aria-label={t('pdf.page', { number, count: pdf.numPages })}
      />
      <Group gap="sm" mt="xs">
        <Button size="sm" variant="default" disabled={number === 1} onClick={() => setNumber(number - 1)}>
          {t('pdf.before')}
        </Button>
        <Text role="status">{t('pdf.page', { number, count: pdf.numPages })}</Text>
        <Button
          size="sm"
          variant="default"
          disabled={number === pdf.numPages}
          onClick={() => setNumber(number + 1)}
        >
          {t('pdf.next')}
        </Button>
      </Group>
    </div>
  )
}
