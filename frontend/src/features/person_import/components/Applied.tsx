import { Alert, Button } from '@mantine/core'
import { IconCircleCheck, IconRotate } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { EmptyState } from '@/components/EmptyState'
import { formatDateTime, formatNumber } from '@/lib/format'
import type { Import } from '../api/imports'
import { UndoCounts } from './UndoCounts'
import { UndoDialog } from './UndoDialog'

/** The last step: it is done, what comes next, and for a day how to take it back. */
export function Applied({ applied }: { applied: Import }) {
  const { t } = useTranslation('person_import')
  const [undoing, setUndoing] = useState(false)
  const made = applied.new_departments ?? []
  const until = applied.undo_until
  const late = until != null && new Date(until) <= new Date()
  const figures = {
    added: formatNumber(applied.added),
    changed: formatNumber(applied.changed),
    unchanged: formatNumber(applied.unchanged),
    missing: formatNumber(applied.missing),
  }
  if (applied.state === 'undone') return <Undone undone={applied} />
  return (
    <>
      <EmptyState
        icon={IconCircleCheck}
        title={t('applied.title')}
        text={
          <>
            <p>{t('applied.text', figures)}</p>
            {applied.then !== 'keep' && applied.missing > 0 && (
              <p>{t('applied.missing', { ...figures, context: applied.then })}</p>
            )}
            {made.length > 0 && (
              <p>
                {t('applied.departments', {
                  count: made.length,
                  figure: formatNumber(made.length),
                  names: made.join(t('preview.separator')),
                })}
              </p>
            )}
            {applied.added > 0 && <p>{t('applied.next')}</p>}
            {until && <p>{t(late ? 'undo.late' : 'undo.until', { when: formatDateTime(until) })}</p>}
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
            {until && !late && (
              <Button
                variant="default"
                leftSection={<IconRotate size={18} aria-hidden />}
                onClick={() => setUndoing(true)}
              >
                {t('undo.open')}
              </Button>
            )}
          </>
        }
      />
      {undoing && <UndoDialog id={applied.id} onClose={() => setUndoing(false)} />}
    </>
  )
}

function Undone({ undone }: { undone: Import }) {
  const { t } = useTranslation('person_import')
  const count = undone.undo
  const made = undone.new_departments ?? []
  return (
    <EmptyState
      icon={IconRotate}
      title={t('undo.done')}
      text={
        <>
          {count && (
            <Alert color="green">
              <UndoCounts count={count} />
            </Alert>
          )}
          {made.length > 0 && (
            <p>
              {t('undo.departmentsKept', {
                count: made.length,
                figure: formatNumber(made.length),
                names: made.join(t('preview.separator')),
              })}
            </p>
          )}
        </>
      }
      action={
        <Button variant="default" component={Link} to="/people">
          {t('applied.list')}
        </Button>
      }
    />
  )
}
