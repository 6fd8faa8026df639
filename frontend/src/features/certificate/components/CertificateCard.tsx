import { Button } from '@mantine/core'
import { IconCertificate, IconDownload, IconRosette } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { TextLink } from '@/components/ButtonLink'
import { DateText } from '@/components/DateText'
import { StatusBadge } from '@/components/StatusBadge'
import type { OwnCertificate } from '../api/certificates'
import classes from './CertificateCard.module.css'

/** One certificate: what it is for, to print and to verify. */
export function CertificateCard({ certificate }: { certificate: OwnCertificate }) {
  const { t } = useTranslation('certificate')
  return (
    <article className={classes.card} data-revoked={certificate.revoked_at !== undefined || undefined}>
      <IconCertificate size={32} stroke={1.25} aria-hidden className={classes.mark} />
      <div className={classes.words}>
        <h2 className={classes.title}>{certificate.course_title}</h2>
        <p className={classes.facts}>
          {certificate.round_title}
          <br />
          {t('completedOn')} <DateText value={certificate.completed_on} />·{t('number')} {certificate.number}
        </p>
        {certificate.revoked_at ? (
          <StatusBadge tone="out">{t('revoked')}</StatusBadge>
        ) : (
          <div className={classes.actions}>
            <Button
              component="a"
              href={`/api/v1/me/certificates/${certificate.id}/pdf`}
              download
              leftSection={<IconDownload size={20} aria-hidden />}
            >
              {t('download')}
            </Button>
            <Button
              component="a"
              href={`/api/v1/me/certificates/${certificate.id}/badge`}
              download
              variant="default"
              leftSection={<IconRosette size={20} aria-hidden />}
            >
              {t('badge')}
            </Button>
            <TextLink to="/verify/$code" params={{ code: certificate.code }}>
              {t('verify')}
            </TextLink>
          </div>
        )}
      </div>
    </article>
  )
}
