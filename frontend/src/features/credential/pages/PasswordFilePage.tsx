import { Alert } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { ErrorState } from '@/components/ErrorState'
import { FileDrop } from '@/components/FileDrop'
import { PageHeader } from '@/components/PageHeader'
import sheets from '@/components/Sheets.module.css'
import { PageSkeleton } from '@/components/Skeletons'
import { newKey } from '@/lib/api/idempotency-key'
import { formatDateTime, formatNumber } from '@/lib/format'
import { useProblem } from '@/lib/problem-text'
import { checkPasswordFile, passwordFiles } from '../api/password-files'
import { PasswordFileState } from '../components/PasswordFileState'

/** Passwords by file: choose, look at what is wrong, set. */
export function PasswordFilePage() {
  const { t } = useTranslation('credential')
  const { id } = useSearch({ from: '/shell/people/passwords' })
  return (
    <>
      <PageHeader
        title={t('passwords.title')}
        description={t('passwords.text')}
        back={<Link to="/people">{t('back')}</Link>}
      />
      {id ? <PasswordFileState id={id} /> : <Choose />}
    </>
  )
}

function Choose() {
  const { t } = useTranslation('credential')
  const navigate = useNavigate()
  const problemText = useProblem()
  const files = useQuery(passwordFiles)
  const check = useMutation({
    mutationFn: (file: File) => checkPasswordFile(file, newKey()),
    onSuccess: (file) => navigate({ to: '/people/passwords', search: { id: file.id } }),
  })
  if (files.isPending) return <PageSkeleton />
  if (files.isLoadingError) return <ErrorState error={files.error} onRetry={() => files.refetch()} page />
  if (!files.data.allowed) {
    return <Alert title={t('passwords.off')}>{t('passwords.offText')}</Alert>
  }
  return (
    <div className={sheets.steps}>
      <section className={sheets.section}>
        <h2>{t('passwords.choose')}</h2>
        <ul>
          <li>{t('passwords.rule1')}</li>
          <li>{t('passwords.rule2')}</li>
          <li>{t('passwords.rule3')}</li>
          <li>{t('passwords.rule4')}</li>
        </ul>
        <FileDrop
          label={check.isPending ? t('passwords.checking') : t('passwords.label')}
          help={t('passwords.help')}
          accept=".csv,.txt,.xlsx"
          disabled={check.isPending}
          onFiles={([file]) => file && check.mutate(file)}
        />
        <div aria-live="polite">{check.isPending && t('passwords.checking')}</div>
        {check.isError && (
          <Alert color="red" role="alert" title={check.variables?.name}>
            {problemText(check.error).sentence}
          </Alert>
        )}
      </section>
      {(files.data.items ?? []).length > 0 && (
        <section className={sheets.section}>
          <h2>{t('passwords.before')}</h2>
          <ul>
            {(files.data.items ?? []).map((file) => (
              <li key={file.id}>
                <Link to="/people/passwords" search={{ id: file.id }}>
                  {formatDateTime(file.created_at)} {file.file_name}
                </Link>{' '}
                {t('passwords.state', { context: file.state, total: formatNumber(file.total) })}
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  )
}
