import { Breadcrumbs, Button, Select } from '@mantine/core'
import { IconChevronRight } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { formatNumber } from '@/lib/format'
import type { Dashboard } from '../api/dashboard'
import classes from './DepartmentBars.module.css'
import { above, below } from './departments'
import { FigureBar } from './FigureBar'

const all = 'all'

/** How each department stands with all below it, over all open rounds or in one. A name opens its people, the arrow what is below. */
export function DepartmentBars({ board }: { board: Dashboard }) {
  const { t } = useTranslation('dashboard')
  const [only, setOnly] = useState<string>(board.rounds.length === 1 ? (board.rounds[0]?.id ?? all) : all)
  const [inside, setInside] = useState<string | undefined>()
  const round = only === all ? undefined : only
  const rows = below(board.departments, inside, round)
  const path = above(board.departments, inside)
  return (
    <>
      {board.rounds.length > 1 && (
        <Select
          className="no-print"
          size="sm"
          aria-label={t('departments.which')}
          allowDeselect={false}
          data={[
            { value: all, label: t('departments.all') },
            ...board.rounds.map(({ id, title }) => ({ value: id, label: title })),
          ]}
          value={only}
          onChange={(value) => setOnly(value ?? all)}
        />
      )}
      {path.length > 0 && (
        <nav aria-label={t('departments.path')}>
          <Breadcrumbs separator="/" className={classes.path}>
            <Button variant="subtle" size="compact-sm" onClick={() => setInside(undefined)}>
              {t('departments.top')}
            </Button>
            {path.map(({ id, name }) => (
              <Button
                key={id}
                variant="subtle"
                size="compact-sm"
                aria-current={id === inside ? 'location' : undefined}
                onClick={() => setInside(id)}
              >
                {name}
              </Button>
            ))}
          </Breadcrumbs>
        </nav>
      )}
      {rows.length === 0 && <p className={classes.note}>{t('departments.none')}</p>}
      <ul className={classes.bars}>
        {rows.map(({ id, name, figures, inner }) => (
          <li key={id}>
            <span className={classes.name}>
              <Link
                to="/report"
                search={{ department: [id], status: counted, ...(round && { round: [round] }) }}
              >
                {name}
              </Link>
              {inner > 0 && (
                <Button
                  variant="subtle"
                  size="compact-xs"
                  className="no-print"
                  rightSection={<IconChevronRight size={14} aria-hidden />}
                  aria-label={t('departments.open', { name, count: inner })}
                  onClick={() => setInside(id)}
                >
                  {t('departments.inner', { count: inner })}
                </Button>
              )}
            </span>
            <FigureBar figures={figures} />
            <span className={classes.rate}>
              {figures.rate}%{' '}
              <small>
                {formatNumber(figures.completed)} / {formatNumber(figures.assigned)}
              </small>
            </span>
          </li>
        ))}
      </ul>
      {rows.length > 0 && <p className={classes.note}>{t('departments.note')}</p>}
    </>
  )
}

/** Who counts as assigned: everybody but the exempt and the withdrawn. */
const counted = ['not_started', 'in_progress', 'interrupted', 'failed', 'completed'] as (
  | 'not_started'
  | 'in_progress'
  | 'interrupted'
  | 'failed'
  | 'completed'
)[]
