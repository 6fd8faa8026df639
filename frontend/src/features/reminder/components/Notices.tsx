import { Button, Group, Radio, Select, Stack, Switch } from '@mantine/core'
import { IconPrinter } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { tell } from '@/lib/messages'
import { useProblem } from '@/lib/problem-text'
import { departmentsQuery, type NoticeChoice, printNotices } from '../api/reminders'
import classes from './Reminder.module.css'

/** Notices on paper for those whom no mail reaches; a head of department can hand them out. */
export function Notices({ round, without }: { round: string; without: number }) {
  const { t, i18n } = useTranslation('reminder')
  const problemText = useProblem()
  const departments = useQuery(departmentsQuery).data ?? []
  const [choice, setChoice] = useState<NoticeChoice>({ department: '', everybody: false, layout: 'many' })
  const print = useMutation({
    mutationFn: () => printNotices(round, choice, i18n.language),
    onError: (error) => {
      const text = problemText(error)
      tell(text.fields[0]?.message ?? text.sentence, { tone: 'bad' })
    },
  })
  return (
    <Stack className={classes.panel}>
      <p className={classes.help}>{t('notices.help')}</p>
      {departments.length > 0 && (
        <Select
          label={t('notices.department')}
          placeholder={t('notices.all')}
          clearable
          searchable
          clearButtonProps={{ 'aria-label': t('notices.all') }}
          data={departments.map(({ id, name }) => ({ value: id, label: name }))}
          value={choice.department || null}
          onChange={(department) => setChoice({ ...choice, department: department ?? '' })}
        />
      )}
      <Radio.Group
        label={t('notices.layout')}
        value={choice.layout}
        onChange={(layout) => setChoice({ ...choice, layout: layout as NoticeChoice['layout'] })}
      >
        <Group mt="xs">
          <Radio value="many" label={t('notices.layout_many')} />
          <Radio value="one" label={t('notices.layout_one')} />
        </Group>
      </Radio.Group>
      <Switch
        label={t('notices.everybody')}
        checked={choice.everybody}
        onChange={(event) => setChoice({ ...choice, everybody: event.currentTarget.checked })}
      />
      <Group>
        <Button
          leftSection={<IconPrinter size={18} aria-hidden />}
          loading={print.isPending}
          disabled={without === 0 && !choice.everybody}
          onClick={() => print.mutate()}
        >
          {t('notices.print')}
        </Button>
      </Group>
    </Stack>
  )
}
