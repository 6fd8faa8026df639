import { Alert, Button } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { FileDrop } from '@/components/FileDrop'
import sheets from '@/components/Sheets.module.css'
import { newKey } from '@/lib/api/idempotency-key'
import { tell } from '@/lib/messages'
import { useProblem } from '@/lib/problem-text'
import { checkFile, type Import, maxBytes, saveTemplate } from '../api/imports'

/** The first step: a template to fill in, and the place for the file. */
export function ChooseFile({ onChecked }: { onChecked: (checked: Import) => void }) {
  const { t } = useTranslation('person_import')
  const problemText = useProblem()
  const check = useMutation({ mutationFn: (file: File) => checkFile(file, newKey()), onSuccess: onChecked })
  const template = useMutation({
    mutationFn: saveTemplate,
    onError: (error) => tell(problemText(error).sentence, { tone: 'bad' }),
  })
  const tooLarge = check.variables !== undefined && check.variables.size > maxBytes
  return (
    <div className={sheets.steps}>
      <section className={sheets.section}>
        <h2>{t('template.title')}</h2>
        <p>{t('template.text')}</p>
        <div className={sheets.buttons}>
          <Button
            variant="default"
            leftSection={<IconDownload size={18} aria-hidden />}
            onClick={() => template.mutate('xlsx')}
          >
            {t('template.xlsx')}
          </Button>
          <Button
            variant="default"
            leftSection={<IconDownload size={18} aria-hidden />}
            onClick={() => template.mutate('csv')}
          >
            {t('template.csv')}
          </Button>
        </div>
      </section>
      <section className={sheets.section}>
        <h2>{t('choose.title')}</h2>
        <p>{t('choose.text')}</p>
        <FileDrop
          label={check.isPending ? t('choose.checking') : t('choose.label')}
          help={t('choose.help')}
          accept=".csv,.txt,.xlsx"
          disabled={check.isPending}
          onFiles={([file]) => file && check.mutate(file)}
        />
        <div aria-live="polite">{check.isPending && t('choose.checking')}</div>
        {check.isError && (
          <Alert color="red" role="alert" title={check.variables?.name}>
            {tooLarge ? t('choose.tooLarge') : problemText(check.error).sentence}
          </Alert>
        )}
      </section>
    </div>
  )
}
