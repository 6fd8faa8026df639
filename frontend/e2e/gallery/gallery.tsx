// Every shared component in its states, on one page: `npm run dev`, then /e2e/gallery/. Never part of the build.
import '@mantine/core/styles.css'
import '@/app/base.css'
import { Button } from '@mantine/core'
import { useForm } from '@mantine/form'
import { StrictMode, useCallback, useState } from 'react'
import { createRoot } from 'react-dom/client'
import { Providers } from '@/app/providers'
import { startTexts } from '@/app/texts'
import { ConfirmByTyping } from '@/components/ConfirmByTyping'
import { Copyable } from '@/components/Copyable'
import { DateText } from '@/components/DateText'
import { EmptyState } from '@/components/EmptyState'
import { ErrorState } from '@/components/ErrorState'
import { FileDrop } from '@/components/FileDrop'
import { FormErrorSummary } from '@/components/FormErrorSummary'
import { PageHeader } from '@/components/PageHeader'
import { ProgressRing } from '@/components/ProgressRing'
import { RowsSkeleton } from '@/components/Skeletons'
import { Stat } from '@/components/Stat'
import { StatusBadge, type Tone } from '@/components/StatusBadge'
import { DataTable } from '@/components/table/DataTable'
import type { Sort } from '@/components/table/types'
import { ProblemError } from '@/lib/api/problem'
import { tell } from '@/lib/messages'
import words from './words.json'

interface Row {
  id: string
  login: string
  name: string
  department: string
  tone: Tone
  due: string
}

const tones = Object.keys(words.tones) as Tone[]
const all: Row[] = Array.from({ length: 10_000 }, (_, i) => ({
  id: String(i),
  login: `k${String(7919 * (i + 11)).padStart(8, '0')}`,
  name: words.names[i % words.names.length] ?? '',
  department: words.departments[i % words.departments.length] ?? '',
  tone: tones[i % tones.length] ?? 'idle',
  due: '2027-03-31',
}))

function Table() {
  const [loaded, setLoaded] = useState(100)
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set(['1', '2']))
  const [sort, setSort] = useState<Sort>({ by: 'name', descending: false })
  const more = useCallback(() => setLoaded((count) => Math.min(all.length, count + 100)), [])
  return (
    <DataTable
      label={words.people}
      rows={all.slice(0, loaded)}
      rowId={(row) => row.id}
      rowName={(row) => row.name}
      total={all.length}
      hasMore={loaded < all.length}
      onMore={more}
      sort={sort}
      onSort={setSort}
      onOpen={(row) => tell(row.name)}
      empty={<EmptyState title={words.empty} />}
      selection={{
        selected,
        onChange: setSelected,
        actions: <Button size="compact-md">{words.remind}</Button>,
      }}
      tools={
        <Button variant="default" size="compact-md">
          {words.export}
        </Button>
      }
      columns={[
        { id: 'name', header: words.name, cell: (row) => row.name, sortable: true, card: 'title' },
        { id: 'login', header: words.login, cell: (row) => row.login, sortable: true },
        { id: 'department', header: words.department, cell: (row) => row.department },
        {
          id: 'status',
          header: words.status,
          cell: (row) => <StatusBadge tone={row.tone}>{words.tones[row.tone]}</StatusBadge>,
        },
        {
          id: 'due',
          header: words.due,
          cell: (row) => <DateText value={row.due} />,
          align: 'end',
          width: '8rem',
        },
      ]}
    />
  )
}

function Gallery() {
  const [confirm, setConfirm] = useState(false)
  const form = useForm({ initialValues: { name: '' } })
  const problem = new ProblemError({
    status: 503,
    title: '',
    key: 'unavailable',
    request_id: '0198c0de-7a11',
  })
  return (
    <main style={{ padding: '1rem', display: 'grid', gap: '2rem', maxWidth: '72rem', margin: '0 auto' }}>
      <PageHeader
        title={words.people}
        description={words.text}
        action={<Button onClick={() => setConfirm(true)}>{words.add}</Button>}
      />
      <div
        style={{ display: 'grid', gap: '1rem', gridTemplateColumns: 'repeat(auto-fit, minmax(12rem, 1fr))' }}
      >
        <Stat
          label={words.stats.done}
          value={1284}
          unit={words.unit}
          note={words.stats.note}
          tone="good"
          open={(body, c) => (
            <a className={c} href="#a">
              {body}
            </a>
          )}
        />
        <Stat
          label={words.stats.late}
          value={37}
          unit={words.unit}
          tone="late"
          open={(body, c) => (
            <a className={c} href="#b">
              {body}
            </a>
          )}
        />
        <Stat label={words.stats.failed} value={4} unit={words.unit} tone="bad" />
        <div style={{ display: 'flex', gap: '1rem' }}>
          <ProgressRing percent={72} label={words.stats.done} />
          <ProgressRing percent={100} label={words.stats.late} size={72} />
        </div>
      </div>
      <p>
        {tones.map((tone) => (
          <StatusBadge key={tone} tone={tone}>
            {words.tones[tone]}
          </StatusBadge>
        ))}
      </p>
      <Table />
      <FormErrorSummary
        errors={[
          { path: 'name', message: words.missing },
          { path: 'login', message: words.taken },
        ]}
        findInput={form.getInputNode}
      />
      <FileDrop label={words.drop} help={words.dropHelp} onFiles={() => tell(words.drop)} />
      <FileDrop label={words.drop} help={words.dropHelp} error={words.dropError} onFiles={() => undefined} />
      <p>
        <Copyable value="HDM-7Q4K" label={words.code} />
      </p>
      <p>
        <Button variant="light">{words.remind}</Button>{' '}
        <Button variant="light" color="red">
          {words.remind}
        </Button>{' '}
        <Button variant="light" color="yellow">
          {words.remind}
        </Button>{' '}
        <Button variant="light" color="green">
          {words.remind}
        </Button>{' '}
        <Button variant="outline">{words.remind}</Button> <Button variant="subtle">{words.remind}</Button>{' '}
        <Button color="red">{words.remind}</Button> <Button disabled>{words.remind}</Button>
      </p>
      <ErrorState
        error={problem}
        kept={words.kept}
        onRetry={() => tell(words.kept, { tone: 'bad', undo: { label: words.remind, run: () => undefined } })}
      />
      <EmptyState title={words.empty} text={words.text} action={<Button>{words.add}</Button>} />
      <RowsSkeleton rows={3} />
      <ConfirmByTyping
        opened={confirm}
        onClose={() => setConfirm(false)}
        action={words.add}
        word="HDM"
        onConfirm={() => setConfirm(false)}
      >
        {words.text}
      </ConfirmByTyping>
    </main>
  )
}

const root = document.getElementById('root')
if (root) {
  startTexts().then(() =>
    createRoot(root).render(
      <StrictMode>
        <Providers>
          <Gallery />
        </Providers>
      </StrictMode>,
    ),
  )
}
