import { Button } from '@mantine/core'
import { IconLogout } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api, take } from '@/lib/api/client'
import { forgetDrafts } from '@/lib/forget-drafts'

/** Ends the session and loads the page anew, so that nothing of it stays in this browser's memory. */
export function LogoutButton() {
  const { t } = useTranslation('common')
  const logout = useMutation({
    mutationFn: () => take(api.DELETE('/api/v1/session')).then(() => forgetDrafts()),
    onSuccess: () => window.location.assign('/'),
  })
  return (
    <Button
      variant="subtle"
      color="gray"
      size="compact-md"
      fw={500}
      fz="sm"
      leftSection={<IconLogout size={18} stroke={1.75} aria-hidden />}
      loading={logout.isPending}
      onClick={() => logout.mutate()}
    >
      {logout.isError ? t('logout.again') : t('logout.action')}
    </Button>
  )
}
