import { Button, Group } from '@mantine/core'
import { IconFileSpreadsheet, IconFileTypePdf } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { tell } from '@/lib/messages'
import { useProblem } from '@/lib/problem-text'
import { issueRecord, recordKeys, saveRecord } from '../api/records'

/** One click: issues the record as the round stands and downloads it. */
export function IssueButtons({ round }: { round: string }) {
  const { t, i18n } = useTranslation('training_record')
  const client = useQueryClient()
  const words = useProblem()
  const issue = useMutation({
    mutationFn: async (format: 'pdf' | 'xlsx') => {
      const issued = await issueRecord(round)
      tell(t('issued', { number: issued.number }))
      await saveRecord(issued.id, format, i18n.language)
    },
    onSettled: () => client.invalidateQueries({ queryKey: recordKeys.issued(round) }),
    onError: (error) => tell(words(error).sentence, { tone: 'bad' }),
  })
  return (
    <Group className="no-print">
      <Button
        leftSection={<IconFileTypePdf size={20} aria-hidden />}
        loading={issue.isPending && issue.variables === 'pdf'}
        onClick={() => issue.mutate('pdf')}
      >
        {t('issuePdf')}
      </Button>
      <Button
        variant="default"
        leftSection={<IconFileSpreadsheet size={20} aria-hidden />}
        loading={issue.isPending && issue.variables === 'xlsx'}
        onClick={() => issue.mutate('xlsx')}
      >
        {t('issueXlsx')}
      </Button>
    </Group>
  )
}
