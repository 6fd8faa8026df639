import { IconCertificate, IconCheck } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { ButtonLink } from '@/components/ButtonLink'
import classes from './Home.module.css'

/** Nothing is left to do: that is worth saying. */
export function AllDone({ certificates }: { certificates: boolean }) {
  const { t } = useTranslation('home')
  return (
    <section className={classes.allDone} aria-labelledby="all-done">
      <span className={classes.check}>
        <IconCheck size={36} stroke={2} aria-hidden />
      </span>
      <h2 id="all-done" className={classes.nowTitle}>
        {t('allDone.title')}
      </h2>
      <p>{t('allDone.text')}</p>
      {certificates && (
        <ButtonLink
          to="/certificates"
          variant="default"
          size="md"
          leftSection={<IconCertificate size={20} aria-hidden />}
        >
          {t('allDone.certificates')}
        </ButtonLink>
      )}
    </section>
  )
}
