import { Button, Menu } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { tell } from '@/lib/messages'
import { useProblem } from '@/lib/problem-text'

interface ExportMenuProps<F extends string> {
  label: string
  formats: readonly F[]
  name: (format: F) => string
  save: (format: F) => Promise<unknown>
}

/** Takes what is on the screen along, in a format of one's choice. */
export function ExportMenu<F extends string>({ label, formats, name, save }: ExportMenuProps<F>) {
  const problem = useProblem()
  const saving = useMutation({
    mutationFn: save,
    onError: (error) => tell(problem(error).sentence, { tone: 'bad' }),
  })
  return (
    <Menu position="bottom-end" shadow="md">
      <Menu.Target>
        <Button
          size="sm"
          variant="default"
          loading={saving.isPending}
          leftSection={<IconDownload size={18} aria-hidden />}
        >
          {label}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {formats.map((format) => (
          <Menu.Item key={format} onClick={() => saving.mutate(format)}>
            {name(format)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
