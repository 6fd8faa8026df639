import { Button, TextInput } from '@mantine/core'
import { IconCircleCheck, IconCircleX, IconSearch } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { DateText } from '@/components/DateText'
import { OpenPage } from '@/components/OpenPage'
import { RowsSkeleton } from '@/components/Skeletons'
import { asProblem } from '@/lib/api/problem'
import type { components } from '@/lib/api/schema'
import { useProblem } from '@/lib/problem-text'
import { certificateOf } from '../api/verify'
import classes from './VerifyPage.module.css'

type PublicCertificate = components['schemas']['PublicCertificateBody']

/** Anybody with a printed certificate can check here that it is real; no log-in. */
export function VerifyPage() {
  const { t } = useTranslation('verify')
  const { code = '' } = useParams({ strict: false })
  const problem = useProblem()
  const found = useQuery(certificateOf(code))
  const unknown = found.isError && asProblem(found.error).status === 404
  return (
    <OpenPage title={t('title')} width={40}>
      <CodeForm key={code} code={code} />
      <div aria-live="polite">
        {code !== '' && found.isPending && <RowsSkeleton rows={4} />}
        {found.data && <Found certificate={found.data} />}
        {unknown && (
          <Verdict good={false} title={t('unknown.title')}>
            <p>{t('unknown.text')}</p>
          </Verdict>
        )}
        {found.isError && !unknown && <p role="alert">{problem(found.error).sentence}</p>}
      </div>
      <p className={classes.note}>{t('note')}</p>
    </OpenPage>
  )
}

function CodeForm({ code }: { code: string }) {
  const { t } = useTranslation('verify')
  const navigate = useNavigate()
  const [typed, setTyped] = useState(code)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const wanted = typed.replace(/[\s-]/g, '').toUpperCase()
    if (wanted) void navigate({ to: '/verify/$code', params: { code: wanted } })
  }
  return (
    <form onSubmit={submit} className={classes.form}>
      <TextInput
        label={t('code')}
        description={t('codeHelp')}
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
        autoComplete="off"
        spellCheck={false}
        maxLength={64}
        size="md"
        className={classes.input}
      />
      <Button type="submit" size="md" leftSection={<IconSearch size={20} aria-hidden />}>
        {t('check')}
      </Button>
    </form>
  )
}

function Found({ certificate }: { certificate: PublicCertificate }) {
  const { t } = useTranslation('verify')
  return (
    <Verdict good={certificate.state === 'valid'} title={t('verdict', { context: certificate.state })}>
      {certificate.state === 'replaced' && <p>{t('newer')}</p>}
      <dl className={classes.facts}>
        <Fact label={t('name')}>{certificate.name}</Fact>
        <Fact label={t('organisation')}>{certificate.organisation}</Fact>
        <Fact label={t('course')}>{certificate.course_title}</Fact>
        <Fact label={t('round')}>{certificate.round_title}</Fact>
        <Fact label={t('completedOn')}>
          <DateText value={certificate.completed_on} />
        </Fact>
        <Fact label={t('issuer')}>{certificate.issuer}</Fact>
        <Fact label={t('number')}>{certificate.number}</Fact>
        {certificate.revoked_at && (
          <Fact label={t(certificate.state === 'replaced' ? 'replacedOn' : 'revokedOn')}>
            <DateText value={certificate.revoked_at} />
          </Fact>
        )}
      </dl>
    </Verdict>
  )
}

function Fact({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  )
}

function Verdict({ good, title, children }: { good: boolean; title: string; children: React.ReactNode }) {
  const Icon = good ? IconCircleCheck : IconCircleX
  return (
    <section className={classes.verdict} data-good={good || undefined}>
      <h2 className={classes.verdictTitle}>
        <Icon size={28} stroke={1.75} aria-hidden />
        {title}
      </h2>
      {children}
    </section>
  )
}
