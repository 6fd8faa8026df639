import { Alert, Button } from '@mantine/core'
import { IconPrinter } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Copyable } from '@/components/Copyable'
import { DateText } from '@/components/DateText'
import { useProblem } from '@/lib/problem-text'
import { printSlip, type Slip } from '../api/people'
import classes from './Person.module.css'

/** A one-time password, shown this once: to copy or to print. Takes the keyboard, because it is what the person came for. */
export function SlipPanel({ person, slip }: { person: { id: string; name: string }; slip: Slip }) {
  const { t } = useTranslation('person')
  const problemText = useProblem()
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus(), [])
  const print = useMutation({ mutationFn: () => printSlip(person.id, slip) })
  if (!slip.secret) return <Alert color="yellow">{t('slip.chosen', { name: person.name })}</Alert>
  return (
    <section className={classes.section} aria-label={t('slip.title', { name: person.name })}>
      <h2 ref={heading} tabIndex={-1}>
        {t('slip.title', { name: person.name })}
      </h2>
      <Alert color="yellow">{t('slip.once')}</Alert>
      <dl className={classes.facts}>
        <dt>{t('slip.code')}</dt>
        <dd>
          <Copyable value={slip.organisation_code} label={t('slip.code')} />
        </dd>
        <dt>{t('field.login_id')}</dt>
        <dd>
          <Copyable value={slip.login_id} label={t('field.login_id')} />
        </dd>
        <dt>{t('slip.secret')}</dt>
        <dd>
          <Copyable value={slip.secret} label={t('slip.secret')} />
        </dd>
        {slip.expires_at && (
          <>
            <dt>{t('slip.until')}</dt>
            <dd>
              <DateText value={slip.expires_at} />
            </dd>
          </>
        )}
      </dl>
      {print.isError && (
        <Alert color="red" role="alert">
          {problemText(print.error).sentence}
        </Alert>
      )}
      <div className={classes.buttons}>
        <Button
          variant="default"
          leftSection={<IconPrinter size={18} aria-hidden />}
          loading={print.isPending}
          onClick={() => print.mutate()}
        >
          {t('slip.print')}
        </Button>
      </div>
    </section>
  )
}
