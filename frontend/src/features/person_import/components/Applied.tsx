import { Button } from '@mantine/core'
import { IconCircleCheck } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { EmptyState } from '@/components/EmptyState'
import { formatNumber } from '@/lib/format'
import type { Import } from '../api/imports'

/** The last step: it is done, and what comes next. */
export function Applied({ applied }: { applied: Import }) {
  const { t } = useTranslation('person_import')
  const figures = {
    added: formatNumber(applied.added),
    changed: formatNumber(applied.changed),
    unchanged: formatNumber(applied.unchanged),
  }
  return (
    <EmptyState
      icon={IconCircleCheck}
      title={t('applied.title')}
      text={
        <>
          <p>{t('applied.text', figures)}</p>
          {applied.added > 0 && <p>{t('applied.next')}</p>}
        </>
      }
      action={
        <>
          {applied.added > 0 && (
            <Button component={Link} to={`/people?import=${applied.id}#issue`}>
              {t('applied.slips')}
            </Button>
          )}
          <Button variant="default" component={Link} to="/people">
            {t('applied.list')}
          </Button>
        </>
      }
    />
  )
}
