import { Button, Group } from '@mantine/core'
import { IconFileSpreadsheet, IconFileTypePdf } from '@tabler/icons-react'
import { type QueryKey, useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { tell } from '@/lib/messages'
import { useProblem } from '@/lib/problem-text'
import type { Format } from '../api/records'

interface IssueButtonsProps {
  /** Issues the record as it stands; the same state is one issue. */
  issue: () => Promise<{ id: string; number: number }>
  save: (id: string, format: Format) => Promise<void>
  /** What is out of date afterwards. */
  changes: QueryKey
}

/** One click: issues the record as it stands and downloads it. */
export function IssueButtons({ issue, save, changes }: IssueButtonsProps) {
  const { t } = useTranslation('training_record')
  const client = useQueryClient()
  const words = useProblem()
  const act = useMutation({
    mutationFn: async (format: 'pdf' | 'xlsx') => {
      const issued = await issue()
      tell(t('issued', { number: issued.number }))
      await save(issued.id, format)
    },
    onSettled: () => client.invalidateQueries({ queryKey: changes }),
    onError: (error) => tell(words(error).sentence, { tone: 'bad' }),
  })
  return (
    <Group className="no-print">
      <Button
        leftSection={<IconFileTypePdf size={20} aria-hidden />}
        loading={act.isPending && act.variables === 'pdf'}
        onClick={() => act.mutate('pdf')}
      >
        {t('issuePdf')}
      </Button>
      <Button
        variant="default"
        leftSection={<IconFileSpreadsheet size={20} aria-hidden />}
        loading={act.isPending && act.variables === 'xlsx'}
        onClick={() => act.mutate('xlsx')}
      >
        {t('issueXlsx')}
      </Button>
    </Group>
  )
}
