import { Button, Menu } from '@mantine/core'
import {
  IconBookmark,
  IconCheck,
  IconDeviceFloppy,
  IconStar,
  IconStarOff,
  IconTrash,
  IconUsers,
} from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { tell } from '@/lib/messages'
import { useProblem } from '@/lib/problem-text'
import type { ReportSearch } from '@/lib/report-search'
import {
  createView,
  deleteView,
  reportKeys,
  type SavedView,
  searchOf,
  setDefaultView,
  updateView,
  viewOf,
} from '../api/report'
import { SaveViewDialog } from './SaveViewDialog'

interface ViewMenuProps {
  search: ReportSearch
  columns: string[]
  views: SavedView[]
  onOpen: (search: ReportSearch) => void
}

/** Kept ways of looking at the report: open one, keep what is on the screen, let the report open with one. */
export function ViewMenu({ search, columns, views, onOpen }: ViewMenuProps) {
  const { t } = useTranslation('report')
  const client = useQueryClient()
  const words = useProblem()
  const [saving, setSaving] = useState(false)
  const current = views.find((one) => one.id === search.view)
  const act = useMutation({
    mutationFn: (what: () => Promise<unknown>) => what(),
    onSuccess: () => client.invalidateQueries({ queryKey: reportKeys.views }),
    onError: (error) => tell(words(error).sentence, { tone: 'bad' }),
  })
  const remove = (view: SavedView) =>
    act.mutate(async () => {
      await deleteView(view.id)
      const { view: _gone, ...rest } = search
      onOpen(rest)
      const { name, shared, view: body } = view
      tell(t('view.deleted', { name }), {
        undo: {
          label: t('undo'),
          run: () =>
            act.mutate(async () => {
              const again = await createView({ name, shared, view: body }, crypto.randomUUID())
              if (view.default) await setDefaultView(again.id)
            }),
        },
      })
    })
  const overwrite = ({ name, shared, ...rest }: SavedView) =>
    act.mutate(async () => {
      await updateView({ name, shared, ...rest }, { name, shared, view: viewOf(search, columns) })
      tell(t('view.saved', { name }))
    })
  return (
    <>
      <Menu position="bottom-start" shadow="md">
        <Menu.Target>
          <Button variant="default" size="xs" leftSection={<IconBookmark size={16} aria-hidden />}>
            {current?.name ?? t('view.action')}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {views.length > 0 && <Menu.Label>{t('view.open')}</Menu.Label>}
          {views.map((view) => (
            <Menu.Item
              key={view.id}
              leftSection={view.id === current?.id ? <IconCheck size={16} aria-hidden /> : undefined}
              rightSection={view.shared ? <IconUsers size={16} aria-label={t('view.isShared')} /> : undefined}
              onClick={() => onOpen(searchOf(view))}
            >
              {view.name}
              {view.default && ` (${t('view.isDefault')})`}
            </Menu.Item>
          ))}
          {views.length > 0 && <Menu.Divider />}
          <Menu.Item leftSection={<IconDeviceFloppy size={16} aria-hidden />} onClick={() => setSaving(true)}>
            {t('view.save')}
          </Menu.Item>
          {current && (
            <>
              <Menu.Item
                leftSection={<IconDeviceFloppy size={16} aria-hidden />}
                onClick={() => overwrite(current)}
              >
                {t('view.overwrite', { name: current.name })}
              </Menu.Item>
              <Menu.Item
                leftSection={
                  current.default ? <IconStarOff size={16} aria-hidden /> : <IconStar size={16} aria-hidden />
                }
                onClick={() => act.mutate(() => setDefaultView(current.default ? undefined : current.id))}
              >
                {t(current.default ? 'view.noDefault' : 'view.makeDefault')}
              </Menu.Item>
              <Menu.Item
                c="var(--kenshu-red-text)"
                leftSection={<IconTrash size={16} aria-hidden />}
                onClick={() => remove(current)}
              >
                {t('view.delete', { name: current.name })}
              </Menu.Item>
            </>
          )}
        </Menu.Dropdown>
      </Menu>
      {saving && (
        <SaveViewDialog
          search={search}
          columns={columns}
          onClose={() => setSaving(false)}
          onSaved={(view) => onOpen(searchOf(view))}
        />
      )}
    </>
  )
}
