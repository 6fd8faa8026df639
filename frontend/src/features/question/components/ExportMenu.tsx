import { Button, Menu } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { QuestionFilter } from '@/components/question/bank'
import { tell } from '@/lib/messages'
import { useProblem } from '@/lib/problem-text'
import { exportQuestions, type Format, formats } from '../api/imports'

/** Takes what the list shows along, in one of the formats. */
export function ExportMenu({ filter }: { filter: QuestionFilter }) {
  const { t, i18n } = useTranslation('question')
  const problem = useProblem()
  const save = useMutation({
    mutationFn: (format: Format) => exportQuestions(filter, format, i18n.language === 'en' ? 'en' : 'ja'),
    onError: (error) => tell(problem(error).sentence, { tone: 'bad' }),
  })
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button
          size="sm"
          variant="default"
          loading={save.isPending}
          leftSection={<IconDownload size={18} aria-hidden />}
        >
          {t('export.action')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {formats.map((format) => (
          <Menu.Item key={format} onClick={() => save.mutate(format)}>
            {t('format', { context: format })}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
