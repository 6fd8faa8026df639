import { Button } from '@mantine/core'
import { IconLogout } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { logOut } from '@/lib/session'

/** Ends the session and loads the page anew, so that nothing of it stays in this browser's memory. */
export function LogoutButton() {
  const { t } = useTranslation('common')
  const logout = useMutation({
    mutationFn: logOut,
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
