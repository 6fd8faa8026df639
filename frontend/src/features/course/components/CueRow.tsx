import { ActionIcon, Group, Textarea, TextInput, Tooltip } from '@mantine/core'
import {
  IconArrowMerge,
  IconArrowsSplit,
  IconClockPlay,
  IconPlayerPlay,
  IconTrash,
} from '@tabler/icons-react'
import { type ReactNode, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Cue, type CueProblem, formatTime, parseTime } from '@/lib/captions'
import classes from './CaptionsEditor.module.css'
import type { Row } from './useCues'

interface CueRowProps {
  row: Row
  number: number
  active: boolean
  last: boolean
  problems: CueProblem[]
  onFocus: () => void
  onChange: (patch: Partial<Cue>) => void
  /** A time was left: the list may be in another order now. */
  onOrder: () => void
  onNow: () => number
  onGo: () => void
  onSplit: (at: number) => void
  onMerge: () => void
  onRemove: () => void
}

/** One caption: its times, its words, and what can be done with it. */
export function CueRow(props: CueRowProps) {
  const { row, number, active, last, problems } = props
  const { t } = useTranslation('course')
  const words = useRef<HTMLTextAreaElement>(null)
  const act = (key: string, icon: ReactNode, run: () => void, disabled = false) => (
    <Tooltip label={t('cues.act', { context: key })}>
      <ActionIcon
        variant="subtle"
        size={36}
        disabled={disabled}
        aria-label={t('cues.of', { act: t('cues.act', { context: key }), number })}
        onClick={run}
      >
        {icon}
      </ActionIcon>
    </Tooltip>
  )
  return (
    <li className={classes.row} data-active={active || undefined} onFocus={props.onFocus}>
      <Group gap="xs" align="flex-end" className={classes.times}>
        <Time
          label={t('cues.start')}
          number={number}
          value={row.start}
          onChange={(start) => props.onChange({ start })}
          onLeave={props.onOrder}
        />
        {act('startNow', <IconClockPlay size={18} aria-hidden />, () =>
          props.onChange({ start: props.onNow() }),
        )}
        <Time
          label={t('cues.end')}
          number={number}
          value={row.end}
          onChange={(end) => props.onChange({ end })}
          onLeave={props.onOrder}
        />
        {act('endNow', <IconClockPlay size={18} aria-hidden />, () => props.onChange({ end: props.onNow() }))}
      </Group>
      <Textarea
        ref={words}
        aria-label={t('cues.words', { number })}
        autosize
        minRows={1}
        maxRows={4}
        maxLength={500}
        value={row.text}
        error={problems.map((one) => t('cues.problem', { context: one })).join(' ') || undefined}
        onChange={(event) => props.onChange({ text: event.currentTarget.value })}
      />
      <Group gap={4}>
        {act('go', <IconPlayerPlay size={18} aria-hidden />, props.onGo)}
        {act('split', <IconArrowsSplit size={18} aria-hidden />, () =>
          props.onSplit(words.current?.selectionStart || Math.floor(row.text.length / 2)),
        )}
        {act('merge', <IconArrowMerge size={18} aria-hidden />, props.onMerge, last)}
        {act('remove', <IconTrash size={18} aria-hidden />, props.onRemove)}
      </Group>
    </li>
  )
}

interface TimeProps {
  label: string
  number: number
  value: number
  onChange: (ms: number) => void
  onLeave: () => void
}

/** A time that may be typed in any of the usual forms; what is no time is taken back when the field is left. */
function Time({ label, number, value, onChange, onLeave }: TimeProps) {
  const { t } = useTranslation('course')
  const [typed, setTyped] = useState<string>()
  return (
    <TextInput
      className={classes.time}
      size="sm"
      label={label}
      aria-label={t('cues.of', { act: label, number })}
      value={typed ?? formatTime(value)}
      onChange={(event) => {
        setTyped(event.currentTarget.value)
        const ms = parseTime(event.currentTarget.value)
        if (ms !== undefined) onChange(ms)
      }}
      onBlur={() => {
        setTyped(undefined)
        onLeave()
      }}
    />
  )
}
