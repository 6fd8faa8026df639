import { Button, Group } from '@mantine/core'
import { IconBuilding, IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { EmptyState } from '@/components/EmptyState'
import { ErrorState } from '@/components/ErrorState'
import { PageHeader } from '@/components/PageHeader'
import { DataTable } from '@/components/table/DataTable'
import type { Column } from '@/components/table/types'
import { formatNumber } from '@/lib/format'
import { usePermission } from '@/lib/session'
import { type Department, departmentsQuery } from '../api/departments'
import { DeleteDialog } from '../components/DeleteDialog'
import { DepartmentDialog } from '../components/DepartmentDialog'

type Asked = { act: 'add' } | { act: 'rename' | 'remove'; department: Department }

/** The departments with their head-count. */
export function DepartmentsPage() {
  const { t } = useTranslation('department')
  const query = useQuery(departmentsQuery)
  const mayWrite = usePermission('department:write')
  const [asked, setAsked] = useState<Asked>()
  const close = () => setAsked(undefined)
  if (query.isError && !query.data)
    return <ErrorState error={query.error} onRetry={() => query.refetch()} page />
  const add = (
    <Button leftSection={<IconPlus size={18} aria-hidden />} onClick={() => setAsked({ act: 'add' })}>
      {t('add.open')}
    </Button>
  )
  const columns: Column<Department>[] = [
    { id: 'name', header: t('field.name'), card: 'title', cell: (one) => one.name },
    {
      id: 'members',
      header: t('field.members'),
      align: 'end',
      width: '8rem',
      cell: (one) => (
        <Link
          to="/people"
          search={{ department: one.id }}
          aria-label={t('members', {
            name: one.name,
            count: one.members,
            formatted: formatNumber(one.members),
          })}
        >
          {formatNumber(one.members)}
        </Link>
      ),
    },
    ...(mayWrite
      ? [
          {
            id: 'acts',
            header: t('field.acts'),
            width: '16rem',
            cell: (department: Department) => (
              <Group gap="xs">
                <Button
                  size="compact-md"
                  variant="default"
                  aria-label={t('rename.open', { name: department.name })}
                  onClick={() => setAsked({ act: 'rename', department })}
                >
                  {t('rename.action')}
                </Button>
                <Button
                  size="compact-md"
                  variant="default"
                  aria-label={t('remove.title', { name: department.name })}
                  onClick={() => setAsked({ act: 'remove', department })}
                >
                  {t('remove.action')}
                </Button>
              </Group>
            ),
          },
        ]
      : []),
  ]
  return (
    <>
      <PageHeader title={t('title')} description={t('text')} action={mayWrite && add} />
      <DataTable
        label={t('title')}
        columns={columns}
        rows={query.data ?? []}
        rowId={(one) => one.id}
        rowName={(one) => one.name}
        pending={query.isPending}
        empty={
          <EmptyState
            title={t('empty.title')}
            text={t('empty.text')}
            icon={IconBuilding}
            action={mayWrite && add}
          />
        }
      />
      {asked?.act === 'add' && <DepartmentDialog onClose={close} />}
      {asked?.act === 'rename' && <DepartmentDialog department={asked.department} onClose={close} />}
      {asked?.act === 'remove' && <DeleteDialog department={asked.department} onClose={close} />}
    </>
  )
}
