import { Button, Group } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { DateText } from '@/components/DateText'
import { formatDate, formatNumber } from '@/lib/format'
import { type Department, departmentQuery, type Step, type StepKind } from '../api/departments'
import { DeleteDialog } from './DeleteDialog'
import { StepDialog } from './StepDialog'
import classes from './Tree.module.css'

interface DepartmentPanelProps {
  department: Department
  departments: Department[]
  mayChange: boolean
}

/** One department: its people, what it was called, and what can be done with it. */
export function DepartmentPanel({ department, departments, mayChange }: DepartmentPanelProps) {
  const { t } = useTranslation('department')
  const [step, setStep] = useState<Step>()
  const [removing, setRemoving] = useState(false)
  const panel = useRef<HTMLElement>(null)
  useEffect(() => panel.current?.scrollIntoView({ block: 'nearest' }), []) // on a phone it stands below the tree
  const history = useQuery(departmentQuery(department.id)).data?.history ?? []
  const act = (kind: StepKind) => {
    const start: Step = { kind, department_id: department.id }
    if (kind === 'create') setStep({ ...start, department_id: crypto.randomUUID(), parent_id: department.id })
    else if (kind === 'rename') setStep({ ...start, name: department.name })
    else if (kind === 'move') setStep({ ...start, parent_id: department.parent_id })
    else if (kind === 'close' && department.members > 0) setStep({ ...start, into_id: '' })
    else setStep(start)
  }
  const kinds: StepKind[] = department.closed_on
    ? ['reopen']
    : ['create', 'rename', 'move', 'move_people', 'merge', 'close']
  return (
    <section ref={panel} className={classes.panel} aria-labelledby="department-heading">
      <h2 id="department-heading">{department.name}</h2>
      <div>{department.path}</div>
      {department.closed_on && <p>{t('closedOn', { day: formatDate(department.closed_on) })}</p>}
      <p>
        <Link to="/people" search={{ department: department.id }}>
          {t('peopleHere', { count: department.members, formatted: formatNumber(department.members) })}
        </Link>
        {department.members_below !== department.members &&
          t('peopleBelow', { formatted: formatNumber(department.members_below) })}
      </p>
      {mayChange && (
        <Group gap="xs">
          {kinds.map((kind) => (
            <Button
              key={kind}
              size="compact-md"
              variant={kind === 'close' ? 'outline' : 'default'}
              color={kind === 'close' ? 'red' : undefined}
              onClick={() => act(kind)}
            >
              {t('ask', { context: kind })}
            </Button>
          ))}
          {department.deletable && (
            <Button size="compact-md" variant="outline" color="red" onClick={() => setRemoving(true)}>
              {t('remove.action')}
            </Button>
          )}
        </Group>
      )}
      {history.length > 1 && (
        <>
          <h3>{t('history')}</h3>
          <ul className={classes.facts}>
            {history.map((one) => (
              <li key={one.starts_on}>
                <DateText value={one.starts_on} />
                {t('until', { day: one.ends_on ? formatDate(one.ends_on) : '' })} {one.path || one.name}
              </li>
            ))}
          </ul>
        </>
      )}
      {step && (
        <StepDialog
          step={step}
          departments={departments}
          title={t('dialog', { context: step.kind, name: department.name })}
          onClose={() => setStep(undefined)}
        />
      )}
      {removing && <DeleteDialog department={department} onClose={() => setRemoving(false)} />}
    </section>
  )
}
