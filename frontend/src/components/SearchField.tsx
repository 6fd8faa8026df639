import { TextInput, type TextInputProps } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'

interface SearchFieldProps extends Omit<TextInputProps, 'value' | 'onChange'> {
  /** What the list is searched for; it stands in the address. */
  value: string | undefined
  onSearch: (q: string) => void
}

/** Searches while one types. What is typed is only written over when the address was changed by something else. */
export function SearchField({ value = '', onSearch, ...field }: SearchFieldProps) {
  const [typed, setTyped] = useState(value)
  const sent = useRef(value)
  useEffect(() => {
    if (value === sent.current) return
    sent.current = value
    setTyped(value)
  }, [value])
  const search = useDebouncedCallback((q: string) => {
    sent.current = q.trim()
    onSearch(sent.current)
  }, 250)
  return (
    <TextInput
      type="search"
      leftSection={<IconSearch size={18} aria-hidden />}
      maxLength={100}
      {...field}
      value={typed}
      onChange={(event) => {
        setTyped(event.currentTarget.value)
        search(event.currentTarget.value)
      }}
    />
  )
}
