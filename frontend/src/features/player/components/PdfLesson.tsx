import { ActionIcon, Button } from '@mantine/core'
import { IconChevronLeft, IconChevronRight, IconDownload, IconMinus, IconPlus } from '@tabler/icons-react'
import { useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { PageSkeleton } from '@/components/Skeletons'
import type { LearnerLesson } from '@/lib/learning'
import { useShortcuts } from '@/lib/shortcuts'
import { FileNote } from './FileNote'
import classes from './PdfLesson.module.css'
import { useDrawnPage, usePdf } from './usePdf'
import { useRenewal } from './useRenewal'
import { useTracker } from './useTracker'

interface PdfLessonProps {
  lesson: LearnerLesson
  pdf: NonNullable<LearnerLesson['pdf']>
  person: string
}

/** How long a page must be on the screen to count as read, in milliseconds. */
const readAfter = 1000

/** A PDF page by page. Every page shown for a second finishes it. */
export function PdfLesson({ lesson, pdf: about, person }: PdfLessonProps) {
  const { t } = useTranslation('player')
  const file = lesson.files[about.asset]
  if (!file) return <p role="alert">{t('fileMissing')}</p>
  return <Reader lesson={lesson} url={file.url} name={file.name} person={person} />
}

function Reader({
  lesson,
  url,
  name,
  person,
}: {
  lesson: LearnerLesson
  url: string
  name: string
  person: string
}) {
  const { t } = useTranslation('player')
  const tracker = useTracker(person, lesson)
  const file = useRenewal(lesson, person)
  const { pdf, failed } = usePdf(url, file.round, file.fail)
  const [page, setPage] = useState(() => Math.max(1, lesson.progress.position))
  const [zoom, setZoom] = useState(1)
  const [read, setRead] = useState(() => new Set(pagesOf(lesson.progress.seen)))
  const canvas = useRef<HTMLCanvasElement>(null)
  const words = useRef<HTMLDivElement>(null)
  const box = useRef<HTMLDivElement>(null)
  const pages = pdf?.numPages ?? 0
  const number = pages ? Math.min(page, pages) : page
  const drawn = useDrawnPage(pdf, number, zoom, { canvas, words, box }, file.fail)

  const { fine } = file

  useEffect(() => {
    if (drawn !== number || drawn === 0) return
    fine()
    tracker.moveTo(number)
    const timer = setTimeout(() => {
      tracker.show(number, number + 1)
      setRead((old) => new Set(old).add(number))
      if (number === pages) tracker.finish()
      tracker.flush()
    }, readAfter)
    return () => clearTimeout(timer)
  }, [drawn, number, pages, tracker, fine])
  const turn = useTurn(pages, setPage)

  if (failed)
    return (
      <div role="alert">
        <p>{t('pdf.failed')}</p>
        <Download url={url} name={name} />
      </div>
    )
  return (
    <div className={classes.pdf}>
      <div className={classes.tools}>
        <ActionIcon
          variant="default"
          size={44}
          onClick={() => turn(-1)}
          disabled={number <= 1}
          aria-label={t('pdf.previous')}
        >
          <IconChevronLeft size={22} aria-hidden />
        </ActionIcon>
        <span className={classes.number} aria-live="polite">
          {pages > 0 && t('pdf.page', { page: number, pages })}
        </span>
        <ActionIcon
          variant="default"
          size={44}
          onClick={() => turn(1)}
          disabled={number >= pages}
          aria-label={t('pdf.next')}
        >
          <IconChevronRight size={22} aria-hidden />
        </ActionIcon>
        <ActionIcon
          variant="default"
          size={44}
          onClick={() => setZoom((z) => Math.max(1, z / 1.25))}
          disabled={zoom <= 1}
          aria-label={t('pdf.smaller')}
        >
          <IconMinus size={20} aria-hidden />
        </ActionIcon>
        <ActionIcon
          variant="default"
          size={44}
          onClick={() => setZoom((z) => Math.min(4, z * 1.25))}
          disabled={zoom >= 4}
          aria-label={t('pdf.larger')}
        >
          <IconPlus size={20} aria-hidden />
        </ActionIcon>
        <Download url={url} name={name} />
      </div>
      <FileNote state={file.state} onAgain={file.again} />
      {!pdf && file.state === 'fine' && <PageSkeleton />}
      <section
        className={classes.sheet}
        aria-label={t('pdf.sheet', { page: number })}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1)
        tabIndex={0}
        hidden={!pdf || file.state !== 'fine'}
      >
        <div ref={box} className={classes.paper} data-drawn={drawn === number || undefined}>
          <canvas ref={canvas} aria-hidden />
          <div ref={words} className={classes.words} />
        </div>
      </section>
      {pages > 0 && <p className={classes.read}>{t('pdf.read', { read: read.size, pages })}</p>}
      {pages > 0 && number < pages && (
        <Button size="lg" onClick={() => turn(1)} rightSection={<IconChevronRight size={20} aria-hidden />}>
          {t('pdf.next')}
        </Button>
      )}
    </div>
  )
}

function Download({ url, name }: { url: string; name: string }) {
  const { t } = useTranslation('player')
  return (
    <Button
      component="a"
      href={url}
      target="_blank"
      rel="noreferrer"
      download={name}
      variant="subtle"
      size="md"
      leftSection={<IconDownload size={20} aria-hidden />}
    >
      {t('pdf.download')}
    </Button>
  )
}

function useTurn(pages: number, setPage: (change: (page: number) => number) => void) {
  const { t } = useTranslation('player')
  const turn = useMemo(
    () => (by: number) =>
      setPage((page) => Math.min(Math.max(1, Math.min(page, pages || page) + by), pages || page)),
    [pages, setPage],
  )
  const shortcuts = useMemo(
    () => [
      { key: 'ArrowRight', label: t('pdf.next'), run: () => turn(1) },
      { key: 'ArrowLeft', label: t('pdf.previous'), run: () => turn(-1) },
    ],
    [turn, t],
  )
  useShortcuts(shortcuts)
  return turn
}

function pagesOf(seen: LearnerLesson['progress']['seen']): number[] {
  return seen.flatMap((one) => {
    const [from = 0, to = 0] = one ?? []
    return Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i)
  })
}
