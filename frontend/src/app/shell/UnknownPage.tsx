import { Button } from '@mantine/core'
import { IconMapPinOff } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { EmptyState } from '@/components/EmptyState'
import { usePageTitle } from '@/lib/page-title'

/** For addresses that lead nowhere, and for those that are not for this person. */
export function UnknownPage() {
  const { t } = useTranslation('common')
  usePageTitle(t('unknown.title'))
  return (
    <EmptyState
      heading="h1"
      icon={IconMapPinOff}
      title={t('unknown.title')}
      text={t('unknown.text')}
      action={
        <Button component={Link} to="/">
          {t('unknown.home')}
        </Button>
      }
    />
  )
}

/** The same outside every frame, where it has to bring its own landmark. */
export function UnknownAddress() {
  return (
    <main>
      <UnknownPage />
    </main>
  )
}
