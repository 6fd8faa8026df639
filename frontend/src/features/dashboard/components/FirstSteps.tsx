import { Button } from '@mantine/core'
import { IconCircleCheck } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { Dashboard } from '../api/dashboard'
import classes from './FirstSteps.module.css'

/** Nothing runs yet: the way to the first round. The manager's own account is one of the people. */
export function FirstSteps({ board }: { board: Dashboard }) {
  const { t } = useTranslation('dashboard')
  const registered = board.people > 1
  return (
    <div className={classes.steps}>
      <h2>{t('first.title')}</h2>
      <p>{t('first.text')}</p>
      <ol>
        <li data-done={registered}>
          <div>
            <h3>
              {registered && <IconCircleCheck size={20} aria-hidden />} {t('first.people')}
            </h3>
            <p>{registered ? t('first.peopleDone', { count: board.people }) : t('first.peopleText')}</p>
          </div>
          {!registered && (
            <Button component="a" href="/people">
              {t('first.peopleAction')}
            </Button>
          )}
        </li>
        <li>
          <div>
            <h3>{t('first.round')}</h3>
            <p>{t('first.roundText')}</p>
          </div>
          <Button component={Link} to="/rounds/new" variant={registered ? 'filled' : 'default'}>
            {t('make')}
          </Button>
        </li>
        <li>
          <div>
            <h3>{t('first.record')}</h3>
            <p>{t('first.recordText')}</p>
          </div>
        </li>
      </ol>
    </div>
  )
}
