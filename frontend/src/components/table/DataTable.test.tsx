import { MantineProvider } from '@mantine/core'
import { fireEvent, render, screen, within } from '@testing-library/react'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { startTexts } from '@/app/texts'
import { DataTable } from './DataTable'
import type { DataTableProps } from './types'

interface Row {
  id: string
  name: string
}
const rows: Row[] = Array.from({ length: 500 }, (_, i) => ({ id: `r${i}`, name: `Person ${i}` }))

function show(props: Partial<DataTableProps<Row>> = {}) {
  return render(
    <MantineProvider>
      <DataTable
        label="People"
        rows={rows}
        rowId={(row) => row.id}
        rowName={(row) => row.name}
        columns={[{ id: 'name', header: 'Name', cell: (row) => row.name, sortable: true }]}
        empty={<p>nobody</p>}
        {...props}
      />
    </MantineProvider>,
  )
}

// There is no layout here: rows are 48 high, everything else fills a screen.
Object.defineProperties(HTMLElement.prototype, {
  clientWidth: { get: () => 1024 },
  clientHeight: { get: () => 640 },
  offsetHeight: {
    get(this: HTMLElement) {
      return this.tagName === 'TR' ? 48 : 640
    },
  },
})

beforeEach(async () => {
  localStorage.setItem('kenshu.language', 'en')
  await startTexts()
})

describe('DataTable', () => {
  it('says how many there are and draws only some', () => {
    show({ total: 10_000 })
    expect(screen.getByText('10,000 in all')).toBeTruthy()
    expect(screen.getByRole('grid').getAttribute('aria-rowcount')).toBe('10001')
    expect(screen.getAllByRole('row').length).toBeGreaterThan(13)
    expect(screen.getAllByRole('row').length).toBeLessThan(60)
  })

  it('says what is empty', () => {
    show({ rows: [] })
    expect(screen.getByText('nobody')).toBeTruthy()
  })

  it('says how many are meant when everybody who matches is', () => {
    const selection = { selected: new Set(['r0']), onChange: vi.fn(), actions: null }
    const { unmount } = show({ selection })
    expect(screen.getByText('1 selected')).toBeTruthy()
    unmount()
    show({ selection: { ...selection, count: 500 } })
    expect(screen.getByText('500 selected')).toBeTruthy()
  })

  it('selects with Space, opens with Enter', () => {
    const onChange = vi.fn()
    const onOpen = vi.fn()
    show({ onOpen, selection: { selected: new Set(['r1']), onChange, actions: null } })
    const row = screen.getByText('Person 0').closest('tr')
    if (!row) throw new Error('no row')
    fireEvent.keyDown(row, { key: ' ' })
    expect(onChange).toHaveBeenCalledWith(new Set(['r1', 'r0']))
    fireEvent.keyDown(row, { key: 'Enter' })
    expect(onOpen).toHaveBeenCalledWith(rows[0])
    expect(screen.getByText('1 selected')).toBeTruthy()
  })

  it('does not open a row whose checkbox was pressed', () => {
    const onOpen = vi.fn()
    show({ onOpen, selection: { selected: new Set(), onChange: vi.fn(), actions: null } })
    fireEvent.click(screen.getByRole('checkbox', { name: 'Select Person 0' }))
    expect(onOpen).not.toHaveBeenCalled()
  })

  it('turns the order around', () => {
    const onSort = vi.fn()
    show({ onSort, sort: { by: 'name', descending: false } })
    const head = screen.getByRole('columnheader', { name: 'Name' })
    expect(head.getAttribute('aria-sort')).toBe('ascending')
    fireEvent.click(within(head).getByRole('button'))
    expect(onSort).toHaveBeenCalledWith({ by: 'name', descending: true })
  })

  it('asks for more near the end only', () => {
    const onMore = vi.fn()
    const { unmount } = show({ hasMore: true, onMore })
    expect(onMore).not.toHaveBeenCalled()
    unmount()
    show({ rows: rows.slice(0, 10), hasMore: true, onMore })
    expect(onMore).toHaveBeenCalledTimes(1)
  })
})
