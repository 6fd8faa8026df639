import { Alert, Button, Group, Stack } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { asProblem } from '@/lib/api/problem'
import { deleteAsset } from '@/lib/assets'
import { formatBytes } from '@/lib/format'
import { useSentence } from '@/lib/problem-text'
import { type MediaFile, usesQuery } from '../api/media'

/** Says what deleting would take away, or why it cannot be done, before it is done. */
export function DeleteFile({ file, onDone }: { file: MediaFile; onDone: () => void }) {
  const { t } = useTranslation('media')
  const sentence = useSentence()
  const { data: uses } = useQuery(usesQuery(file.id))
  const remove = useMutation({ mutationFn: () => deleteAsset(file.id), onSuccess: onDone })
  if (!uses) return null
  const held = uses.filter((one) => !one.earlier).length
  if (held > 0) return <Alert color="yellow">{t('delete.used', { count: held })}</Alert>
  return (
    <Stack gap="sm">
      <p>{t('delete.text', { name: file.file_name, size: formatBytes(file.size) })}</p>
      {remove.isError && <Alert color="red">{sentence(asProblem(remove.error).key)}</Alert>}
      <Group>
        <Button color="red" loading={remove.isPending} onClick={() => remove.mutate()}>
          {t('delete.confirm')}
        </Button>
      </Group>
    </Stack>
  )
}
