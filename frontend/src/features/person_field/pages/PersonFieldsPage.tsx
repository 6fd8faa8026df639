import { ActionIcon, Button, Group } from '@mantine/core'
import { IconArrowDown, IconArrowUp, IconForms, IconPlus } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { EmptyState } from '@/components/EmptyState'
import { ErrorState } from '@/components/ErrorState'
import { PageHeader } from '@/components/PageHeader'
import { DataTable } from '@/components/table/DataTable'
import type { Column } from '@/components/table/types'
import { tell } from '@/lib/messages'
import { useProblem } from '@/lib/problem-text'
import { fieldKeys, fieldsQuery, orderFields, type PersonField } from '../api/fields'
import { DeleteFieldDialog } from '../components/DeleteFieldDialog'
import { FieldDialog } from '../components/FieldDialog'

type Asked = { act: 'add' } | { act: 'change' | 'remove'; field: PersonField }

const placeId = (field: PersonField, by: 1 | -1) => `${by < 0 ? 'up' : 'down'}-${field.id}`

/** Looks and reads as disabled, and keeps the keyboard that is on it. */
const stuck = (yes: boolean) => (yes ? { 'aria-disabled': true, 'data-disabled': true } : {})

/** The organisation's own fields about its people: add, change, put in order, delete. */
export function PersonFieldsPage() {
  const { t } = useTranslation('person_field')
  const client = useQueryClient()
  const problemText = useProblem()
  const query = useQuery(fieldsQuery)
  const pressed = useRef('')
  // biome-ignore lint/correctness/useExhaustiveDependencies: a row that moved is a new place in the page, which the keyboard follows
  useEffect(() => {
    document.getElementById(pressed.current)?.focus()
    pressed.current = ''
  }, [query.data])
  const [asked, setAsked] = useState<Asked>()
  const close = () => setAsked(undefined)
  const fields = query.data ?? []
  const order = useMutation({
    mutationFn: ({ from, to }: { from: number; to: number }) => {
      const ids = fields.map((one) => one.id)
      ids.splice(to, 0, ...ids.splice(from, 1))
      return orderFields(ids)
    },
    onSettled: () => client.invalidateQueries({ queryKey: fieldKeys.all }),
    onError: (error) => tell(problemText(error).sentence, { tone: 'bad' }),
  })
  if (query.isError && !query.data)
    return <ErrorState error={query.error} onRetry={() => query.refetch()} page />
  const add = (
    <Button
      leftSection={<IconPlus size={18} aria-hidden />}
      disabled={fields.length >= 20}
      onClick={() => setAsked({ act: 'add' })}
    >
      {t('add.open')}
    </Button>
  )
  const move = (field: PersonField, by: 1 | -1) => {
    const from = fields.findIndex((one) => one.id === field.id)
    if (order.isPending || !fields[from + by]) return
    pressed.current = placeId(field, by)
    order.mutate({ from, to: from + by })
  }
  const columns: Column<PersonField>[] = [
    { id: 'name', header: t('field.name'), card: 'title', cell: (one) => one.name },
    { id: 'kind', header: t('field.kind'), width: '8rem', cell: (one) => t('kind', { context: one.kind }) },
    {
      id: 'choices',
      header: t('field.choices'),
      cell: (one) => (one.choices ?? []).join(t('separator')),
    },
    {
      id: 'acts',
      header: t('field.acts'),
      width: '19.5rem',
      cell: (field) => (
        <Group gap="xs">
          <ActionIcon
            variant="default"
            size="lg"
            id={placeId(field, -1)}
            aria-label={t('order.up', { name: field.name })}
            {...stuck(fields[0]?.id === field.id)}
            onClick={() => move(field, -1)}
          >
            <IconArrowUp size={18} aria-hidden />
          </ActionIcon>
          <ActionIcon
            variant="default"
            size="lg"
            id={placeId(field, 1)}
            aria-label={t('order.down', { name: field.name })}
            {...stuck(fields.at(-1)?.id === field.id)}
            onClick={() => move(field, 1)}
          >
            <IconArrowDown size={18} aria-hidden />
          </ActionIcon>
          <Button
            size="compact-md"
            variant="default"
            aria-label={t('change.title', { name: field.name })}
            onClick={() => setAsked({ act: 'change', field })}
          >
            {t('change.open')}
          </Button>
          <Button
            size="compact-md"
            variant="default"
            aria-label={t('remove.title', { name: field.name })}
            onClick={() => setAsked({ act: 'remove', field })}
          >
            {t('remove.action')}
          </Button>
        </Group>
      ),
    },
  ]
  return (
    <>
      <PageHeader title={t('title')} description={t('text')} action={add} />
      <DataTable
        label={t('title')}
        columns={columns}
        rows={fields}
        rowId={(one) => one.id}
        rowName={(one) => one.name}
        pending={query.isPending}
        empty={<EmptyState title={t('empty.title')} text={t('empty.text')} icon={IconForms} action={add} />}
      />
      {asked?.act === 'add' && <FieldDialog onClose={close} />}
      {asked?.act === 'change' && <FieldDialog field={asked.field} onClose={close} />}
      {asked?.act === 'remove' && <DeleteFieldDialog field={asked.field} onClose={close} />}
    </>
  )
}
