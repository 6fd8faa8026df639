import { Tabs } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { ErrorState } from '@/components/ErrorState'
import { PageHeader } from '@/components/PageHeader'
import { PageSkeleton } from '@/components/Skeletons'
import { usePermission } from '@/lib/session'
import { settingQuery, templatesQuery } from '../api/reminders'
import { ForecastList } from '../components/ForecastList'
import { SettingForm } from '../components/SettingForm'
import { TemplateEditor } from '../components/TemplateEditor'

const tabs = ['days', 'words', 'forecast'] as const
const route = getRouteApi('/shell/settings/reminders')

/** When people are reminded, in which words, and what will go out to whom. */
export function ReminderSettingsPage() {
  const { t } = useTranslation('reminder')
  const setting = useQuery(settingQuery)
  const templates = useQuery(templatesQuery)
  const mayWrite = usePermission('reminder:write')
  const { tab = 'days' } = route.useSearch()
  const navigate = route.useNavigate()
  const failed = setting.error ?? templates.error
  if (failed)
    return (
      <ErrorState page error={failed} onRetry={() => Promise.all([setting.refetch(), templates.refetch()])} />
    )
  if (!setting.data || !templates.data) return <PageSkeleton />
  return (
    <>
      <PageHeader title={t('title')} description={t('text')} />
      <Tabs
        value={tab}
        onChange={(next) => navigate({ search: { tab: next as typeof tab }, replace: true })}
        keepMounted={false}
      >
        <Tabs.List mb="lg" aria-label={t('title')}>
          {tabs.map((one) => (
            <Tabs.Tab key={one} value={one}>
              {t('tab', { context: one })}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="days">
          <SettingForm setting={setting.data} mayWrite={mayWrite} />
        </Tabs.Panel>
        <Tabs.Panel value="words">
          <TemplateEditor
            templates={templates.data.items}
            placeholders={templates.data.placeholders}
            mayWrite={mayWrite}
          />
        </Tabs.Panel>
        <Tabs.Panel value="forecast">
          <ForecastList />
        </Tabs.Panel>
      </Tabs>
    </>
  )
}
