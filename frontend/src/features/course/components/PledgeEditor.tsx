import { Textarea } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Body, PledgeBody } from '../api/lessons'

interface PledgeEditorProps {
  pledge: PledgeBody
  onChange: (patch: { body: Body }) => void
}

/** A pledge: its text. */
export function PledgeEditor({ pledge, onChange }: PledgeEditorProps) {
  const { t } = useTranslation('course')
  return (
    <Textarea
      label={t('pledge.text')}
      description={t('pledge.help')}
      autosize
      minRows={10}
      maxRows={40}
      maxLength={20_000}
      value={pledge.text}
      onChange={(event) => onChange({ body: { pledge: { text: event.currentTarget.value } } })}
    />
  )
}
