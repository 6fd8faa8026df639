import { ActionIcon, Button } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import type { ReactNode } from 'react'

interface RowButtonProps {
  label: string
  icon: ReactNode
  disabled?: boolean
  onClick: () => void
}

/** A button of one row: an icon whose words are for screen readers. */
export function RowButton({ label, icon, disabled = false, onClick }: RowButtonProps) {
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      size={36}
      aria-label={label}
      disabled={disabled}
      onClick={onClick}
    >
      {icon}
    </ActionIcon>
  )
}

/** Adds a row. */
export function AddRow({ label, onClick }: { label: string; onClick: () => void }) {
  return (
    <Button size="sm" variant="subtle" leftSection={<IconPlus size={18} aria-hidden />} onClick={onClick}>
      {label}
    </Button>
  )
}
