import { Alert, Button, Checkbox, Group, TextInput } from '@mantine/core'
import { IconBuilding, IconCalendarPlus, IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { EmptyState } from '@/components/EmptyState'
import { ErrorState } from '@/components/ErrorState'
import { PageHeader } from '@/components/PageHeader'
import { RowsSkeleton } from '@/components/Skeletons'
import { formatDate, formatNumber, today } from '@/lib/format'
import { usePermission } from '@/lib/session'
import { departmentsQuery, type Step } from '../api/departments'
import { DepartmentPanel } from '../components/DepartmentPanel'
import { PlanList } from '../components/PlanList'
import { StepDialog } from '../components/StepDialog'
import classes from '../components/Tree.module.css'
import { TreeView } from '../components/TreeView'
import { openAtFirst, rowsOf } from '../tree'

/** The tree of departments: today's, that of any day, and what is planned. */
export function DepartmentsPage() {
  const { t } = useTranslation('department')
  const [asOf, setAsOf] = useState('')
  const [closed, setClosed] = useState(false)
  const [search, setSearch] = useState('')
  const [selected, setSelected] = useState('')
  const [toggled, setToggled] = useState<ReadonlyMap<string, boolean>>(new Map())
  const [step, setStep] = useState<Step>()
  const query = useQuery(departmentsQuery(asOf, closed))
  const isToday = asOf === '' || asOf === today()
  const mayChange = usePermission('department:write') && isToday
  if (query.isError && !query.data)
    return <ErrorState error={query.error} onRetry={() => query.refetch()} page />
  const list = query.data ?? []
  const open = openAtFirst(list)
  for (const [id, is] of toggled) is ? open.add(id) : open.delete(id)
  const rows = rowsOf(list, open, search)
  const chosen = list.find((one) => one.id === selected)
  const create = () => setStep({ kind: 'create', department_id: crypto.randomUUID() })
  const add = (
    <Button leftSection={<IconPlus size={18} aria-hidden />} onClick={create}>
      {t('add.open')}
    </Button>
  )
  const bare = list.length === 0 && isToday && !closed
  return (
    <>
      <PageHeader
        title={t('title')}
        description={t('text')}
        action={
          mayChange &&
          !bare && (
            <Group gap="sm">
              <Button
                component={Link}
                to="/departments/plans/new"
                variant="default"
                leftSection={<IconCalendarPlus size={18} aria-hidden />}
              >
                {t('plan.make')}
              </Button>
              {add}
            </Group>
          )
        }
      />
      <PlanList />
      {query.isPending ? (
        <RowsSkeleton />
      ) : bare ? (
        <EmptyState
          title={t('empty.title')}
          text={t('empty.text')}
          icon={IconBuilding}
          action={mayChange && add}
        />
      ) : (
        <>
          <div className={classes.tools}>
            <TextInput
              type="search"
              label={t('search')}
              value={search}
              onChange={(event) => setSearch(event.currentTarget.value)}
            />
            <TextInput
              type="date"
              label={t('asOf')}
              value={asOf || today()}
              onChange={(event) => setAsOf(event.currentTarget.value)}
            />
            {isToday && (
              <Checkbox
                label={t('showClosed')}
                checked={closed}
                onChange={(event) => setClosed(event.currentTarget.checked)}
                pb="xs"
              />
            )}
          </div>
          {!isToday && (
            <Alert mb="md">
              {t('otherDay', { day: formatDate(asOf) })}{' '}
              <Button variant="subtle" size="compact-md" onClick={() => setAsOf('')}>
                {t('backToday')}
              </Button>
            </Alert>
          )}
          <p role="status">{t('total', { count: list.length, formatted: formatNumber(list.length) })}</p>
          <div className={classes.pair}>
            {rows.length > 0 ? (
              <TreeView
                rows={rows}
                selected={selected}
                onSelect={setSelected}
                onOpen={(id, is) => setToggled(new Map(toggled).set(id, is))}
                onDrop={
                  mayChange
                    ? (moved, onto) => setStep({ kind: 'move', department_id: moved, parent_id: onto })
                    : undefined
                }
              />
            ) : (
              <p>{search ? t('noneFound') : t('noneThen')}</p>
            )}
            {chosen ? (
              <DepartmentPanel key={chosen.id} department={chosen} departments={list} mayChange={mayChange} />
            ) : (
              <p>{t('choose')}</p>
            )}
          </div>
        </>
      )}
      {step && (
        <StepDialog
          step={step}
          departments={list}
          title={t('dialog', {
            context: step.kind,
            name: list.find((one) => one.id === step.department_id)?.name ?? '',
          })}
          onClose={() => setStep(undefined)}
        />
      )}
    </>
  )
}
