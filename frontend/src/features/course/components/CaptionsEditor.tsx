import { Alert, Button, FileButton, Group, Modal, NumberInput, Text } from '@mantine/core'
import { IconFileImport, IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ErrorState } from '@/components/ErrorState'
import { RowsSkeleton } from '@/components/Skeletons'
import { Uploader } from '@/components/upload/uploader'
import { assetKeys, findLinks } from '@/lib/assets'
import { parseCaptions, problemsOf, writeCaptions } from '@/lib/captions'
import { useSentence } from '@/lib/problem-text'
import classes from './CaptionsEditor.module.css'
import { CueRow } from './CueRow'
import { readSubtitles } from './read-subtitles'
import { useCues } from './useCues'

interface CaptionsEditorProps {
  /** Finds again what was typed and not saved. */
  slot: string
  label: string
  video: string | undefined
  /** The captions as they are saved; undefined for new ones. */
  captions: string | undefined
  onSaved: (asset: string) => void
  onClose: () => void
}

/** Captions beside their video: times are taken from the player, words typed, everything by keyboard. */
export function CaptionsEditor(props: CaptionsEditorProps) {
  const { t } = useTranslation('course')
  const ids = [props.video, props.captions].filter((id) => id !== undefined)
  const { data, error, refetch } = useQuery({
    queryKey: [...assetKeys.link(''), 'captions', ids],
    queryFn: async () => {
      const links = await findLinks(ids)
      const url = props.captions && links[props.captions]?.url
      const answer = url ? await fetch(url) : undefined
      if (answer && !answer.ok) throw new TypeError('fetch: captions')
      return { film: props.video && links[props.video]?.url, text: (await answer?.text()) ?? '' }
    },
    gcTime: 0,
    refetchOnWindowFocus: false,
  })
  return (
    <Modal
      opened
      onClose={props.onClose}
      size="72rem"
      title={t('cues.title', { label: props.label })}
      closeButtonProps={{ 'aria-label': t('common:action.close') }}
    >
      {error && <ErrorState error={error} onRetry={() => void refetch()} />}
      {!data && !error && <RowsSkeleton rows={6} />}
      {data && <Desk {...props} film={data.film} text={data.text} />}
    </Modal>
  )
}

function Desk({
  slot,
  label,
  film,
  text,
  onSaved,
}: CaptionsEditorProps & { film: string | undefined; text: string }) {
  const { t } = useTranslation('course')
  const sentence = useSentence()
  const video = useRef<HTMLVideoElement>(null)
  const list = useRef<HTMLOListElement>(null)
  const cues = useCues(slot, text)
  const [shift, setShift] = useState(0.5)
  const [saving, setSaving] = useState(false)
  const [refusal, setRefusal] = useState('')
  const problems = problemsOf(cues.rows)
  const wrong = problems.filter((one) => one.includes('times') || one.includes('empty')).length
  useTrack(video, cues.rows)
  const now = () => Math.round((video.current?.currentTime ?? 0) * 1000)
  const go = (ms: number) => {
    if (video.current) video.current.currentTime = ms / 1000
  }
  const play = () => void (video.current?.paused ? video.current.play() : video.current?.pause())
  const focusRow = (i: number) => {
    cues.focus(i)
    setTimeout(() => list.current?.querySelectorAll('textarea')[i]?.focus())
  }
  const add = () => {
    cues.add(now())
    setTimeout(() => list.current?.querySelector<HTMLTextAreaElement>('[data-active] textarea')?.focus())
  }
  const keys = (event: KeyboardEvent) => {
    const act = event.altKey && shortcuts({ cues, now, play, add, focusRow })[event.code]
    if (!act) return
    event.preventDefault()
    act()
  }
  const save = async () => {
    setSaving(true)
    setRefusal('')
    const file = new File([writeCaptions(cues.rows)], `${label || 'captions'}.vtt`, { type: 'text/vtt' })
    const upload = new Uploader(
      'captions',
      file,
      `${slot} save`,
      (state) => {
        const problem = state.asset?.problem ?? (state.phase === 'failed' ? state.problem?.key : undefined)
        if (problem) setRefusal(sentence(problem, state.problem?.args))
        else if (state.phase === 'done' && state.asset) {
          cues.settle()
          onSaved(state.asset.id)
        }
      },
      undefined,
    )
    await upload.run()
    setSaving(false)
  }
  const load = async (file: File | null) => {
    if (!file) return
    const found = parseCaptions(await readSubtitles(file))
    if (found.length === 0) setRefusal(sentence('captions_empty'))
    else cues.replace(found)
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: shortcuts of the whole dialog; each has a button as well
    <div className={classes.desk} onKeyDown={keys}>
      <div className={classes.film}>
        {film ? (
          // biome-ignore lint/a11y/useMediaCaption: the captions are those being edited, added as a text track
          <video
            ref={video}
            src={film}
            controls
            preload="auto"
            crossOrigin="anonymous"
            aria-label={t('cues.film')}
          />
        ) : (
          <Text>{t('video.notReady')}</Text>
        )}
        <Group gap="xs">
          <Button size="sm" leftSection={<IconPlus size={18} aria-hidden />} onClick={add}>
            {t('cues.add')}
          </Button>
          <FileButton onChange={(file) => void load(file)} accept=".vtt,.srt">
            {(button) => (
              <Button
                {...button}
                size="sm"
                variant="default"
                leftSection={<IconFileImport size={18} aria-hidden />}
              >
                {t('cues.import')}
              </Button>
            )}
          </FileButton>
        </Group>
        <Group gap="xs" align="flex-end">
          <NumberInput
            label={t('cues.shift')}
            size="sm"
            w="8rem"
            step={0.1}
            decimalScale={3}
            value={shift}
            onChange={(value) => setShift(Number(value) || 0)}
          />
          <Button size="sm" variant="default" onClick={() => cues.shift(Math.round(shift * -1000))}>
            {t('cues.earlier')}
          </Button>
          <Button size="sm" variant="default" onClick={() => cues.shift(Math.round(shift * 1000))}>
            {t('cues.later')}
          </Button>
        </Group>
        <details className={classes.keys}>
          <summary>{t('cues.keys')}</summary>
          <p>{t('cues.keysText')}</p>
        </details>
      </div>
      <div>
        {cues.rows.length === 0 && <p>{t('cues.none')}</p>}
        <ol ref={list} className={classes.list}>
          {cues.rows.map((row, i) => (
            <CueRow
              key={row.key}
              row={row}
              number={i + 1}
              active={i === cues.active}
              last={i === cues.rows.length - 1}
              problems={problems[i] ?? []}
              onFocus={() => cues.focus(i)}
              onChange={(patch) => cues.change(i, patch)}
              onOrder={cues.order}
              onNow={() => now()}
              onGo={() => go(row.start)}
              onSplit={(at) => cues.split(i, at)}
              onMerge={() => cues.merge(i)}
              onRemove={() => cues.remove(i)}
            />
          ))}
        </ol>
      </div>
      <div className={classes.end}>
        {refusal && <Alert color="red">{refusal}</Alert>}
        <Text size="sm" role="status">
          {wrong > 0 ? t('cues.wrong', { count: wrong }) : t('cues.count', { count: cues.rows.length })}
          {cues.changed && ` ${t('cues.unsaved')}`}
        </Text>
        <Button loading={saving} disabled={cues.rows.length === 0 || wrong > 0} onClick={() => void save()}>
          {t('cues.save')}
        </Button>
      </div>
    </div>
  )
}

interface Acts {
  cues: ReturnType<typeof useCues>
  now: () => number
  play: () => void
  add: () => void
  focusRow: (i: number) => void
}

/** With the Alt key: what the hand wants without leaving the words. */
function shortcuts({ cues, now, play, add, focusRow }: Acts): Record<string, () => void> {
  return {
    KeyP: play,
    KeyN: add,
    BracketLeft: () => cues.change(cues.active, { start: now() }),
    BracketRight: () => cues.change(cues.active, { end: now() }),
    ArrowUp: () => focusRow(Math.max(0, cues.active - 1)),
    ArrowDown: () => focusRow(Math.min(cues.rows.length - 1, cues.active + 1)),
  }
}

/** Shows the captions being edited in the player. */
function useTrack(video: React.RefObject<HTMLVideoElement | null>, rows: ReturnType<typeof useCues>['rows']) {
  useEffect(() => {
    const element = video.current
    if (!element) return
    const track = element.textTracks[0] ?? element.addTextTrack('captions')
    track.mode = 'showing'
    for (const old of Array.from(track.cues ?? [])) track.removeCue(old)
    for (const row of rows)
      if (row.end > row.start) track.addCue(new VTTCue(row.start / 1000, row.end / 1000, row.text))
  }, [video, rows])
}
