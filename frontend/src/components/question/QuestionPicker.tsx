import { Button, Checkbox, Group, Modal, Stack, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { RowsSkeleton } from '@/components/Skeletons'
import { firstQuestions } from './bank'
import classes from './Question.module.css'

const shown = 50

interface QuestionPickerProps {
  chosen: string[]
  onClose: () => void
  onPick: (ids: string[]) => void
}

/** Chooses questions of the bank by searching. */
export function QuestionPicker({ chosen, onClose, onPick }: QuestionPickerProps) {
  const { t } = useTranslation('question')
  const [ids, setIds] = useState(chosen)
  const [search, setSearch] = useState('')
  const [asked] = useDebouncedValue(search, 250)
  const found = useQuery(firstQuestions({ q: asked }, shown))
  const total = found.data?.total ?? 0
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={t('picker.title')}
      closeButtonProps={{ 'aria-label': t('common:action.close') }}
    >
      <Stack>
        <TextInput
          data-autofocus
          label={t('filter.search')}
          maxLength={200}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
        {found.isPending && <RowsSkeleton rows={4} />}
        {found.isSuccess && total === 0 && <p className={classes.help}>{t('picker.none')}</p>}
        {found.data?.items?.map((one) => (
          <Checkbox
            key={one.id}
            label={one.question.text}
            description={one.category}
            checked={ids.includes(one.id)}
            onChange={(event) =>
              setIds(event.currentTarget.checked ? [...ids, one.id] : ids.filter((id) => id !== one.id))
            }
          />
        ))}
        {total > shown && <p className={classes.help}>{t('picker.more', { count: total - shown })}</p>}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('common:action.cancel')}
          </Button>
          <Button disabled={ids.length > 200} onClick={() => onPick(ids)}>
            {t('picker.take', { count: ids.length })}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
