import { Button } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { IconChevronDown, IconChevronUp } from '@tabler/icons-react'
import { type ReactNode, useId, useState } from 'react'

interface FoldedProps {
  /** What the button says that opens it. */
  label: string
  children: ReactNode
}

/** On a phone behind one button, so that what the page is about comes first; elsewhere simply there. */
export function Folded({ label, children }: FoldedProps) {
  const narrow = useMediaQuery('(max-width: 40em)', false, { getInitialValueInEffect: false })
  const [open, setOpen] = useState(false)
  const id = useId()
  if (!narrow) return children
  const Icon = open ? IconChevronUp : IconChevronDown
  return (
    <>
      <Button
        variant="default"
        size="compact-md"
        aria-expanded={open}
        aria-controls={id}
        rightSection={<Icon size={16} aria-hidden />}
        onClick={() => setOpen(!open)}
      >
        {label}
      </Button>
      <div id={id} hidden={!open} style={open ? { flexBasis: '100%', minWidth: 0 } : undefined}>
        {children}
      </div>
    </>
  )
}
