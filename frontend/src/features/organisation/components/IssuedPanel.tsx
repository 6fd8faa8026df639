import { Alert, Button } from '@mantine/core'
import { IconFileDownload } from '@tabler/icons-react'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Copyable } from '@/components/Copyable'
import { DateText } from '@/components/DateText'
import { type Issued, saveSheet } from '../api/organisations'
import classes from './Organisation.module.css'

/** A manager's log-in, shown this once: to copy, and as a sheet to print. Takes the keyboard, because it is what the person came for. */
export function IssuedPanel({ issued }: { issued: Issued }) {
  const { t } = useTranslation('organisation')
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus(), [])
  const { organisation, one_time_password: secret, sheet_pdf: sheet } = issued
  return (
    <section className={classes.section}>
      <h2 ref={heading} tabIndex={-1}>
        {t('issued.title', { name: organisation.name })}
      </h2>
      <Alert color="yellow">{secret ? t('issued.once') : t('issued.gone')}</Alert>
      <dl className={classes.facts}>
        <dt>{t('field.manager')}</dt>
        <dd>{organisation.manager.name}</dd>
        <dt>{t('field.code')}</dt>
        <dd>
          <Copyable value={issued.code} label={t('field.code')} />
        </dd>
        <dt>{t('field.loginId')}</dt>
        <dd>
          <Copyable value={issued.login_id} label={t('field.loginId')} />
        </dd>
        {secret && (
          <>
            <dt>{t('issued.secret')}</dt>
            <dd>
              <Copyable value={secret} label={t('issued.secret')} />
            </dd>
          </>
        )}
        {issued.expires_at && (
          <>
            <dt>{t('issued.until')}</dt>
            <dd>
              <DateText value={issued.expires_at} time />
            </dd>
          </>
        )}
      </dl>
      {sheet && (
        <div className={classes.buttons}>
          <Button
            leftSection={<IconFileDownload size={18} aria-hidden />}
            onClick={() => saveSheet(sheet, `${issued.code}.pdf`)}
          >
            {t('issued.sheet')}
          </Button>
        </div>
      )}
    </section>
  )
}
