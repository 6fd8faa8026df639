import { Select } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Dashboard, Figures } from '../api/dashboard'
import classes from './DepartmentBars.module.css'
import { FigureBar } from './FigureBar'

const all = 'all'

/** How each department stands, over all open rounds or in one; in one round a bar opens its people. */
export function DepartmentBars({ board }: { board: Dashboard }) {
  const { t } = useTranslation('dashboard')
  const [only, setOnly] = useState<string>(board.rounds.length === 1 ? (board.rounds[0]?.id ?? all) : all)
  const rows = board.departments
    .map(({ id, name, figures, rounds }) => ({
      id,
      name,
      figures: only === all ? figures : rounds.find((one) => one.round_id === only)?.figures,
    }))
    .filter((row): row is { id: string; name: string; figures: Figures } => (row.figures?.assigned ?? 0) > 0)
    .toSorted((a, b) => a.figures.rate - b.figures.rate)
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
      {rows.length === 0 && <p className={classes.note}>{t('departments.none')}</p>}
      <ul className={classes.bars}>
        {rows.map(({ id, name, figures }) => (
          <li key={id}>
            <span className={classes.name}>
              {only === all ? (
                name
              ) : (
                <Link to="/rounds/$roundId" params={{ roundId: only }} search={{ department: id }}>
                  {name}
                </Link>
              )}
            </span>
            <FigureBar figures={figures} />
            <span className={classes.rate}>
              {figures.rate}%{' '}
              <small>
                {figures.completed} / {figures.assigned}
              </small>
            </span>
          </li>
        ))}
      </ul>
      {rows.length > 0 && <p className={classes.note}>{t('departments.note')}</p>}
    </>
  )
}
