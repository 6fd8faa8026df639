import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { ConfirmByTyping } from '@/components/ConfirmByTyping'
import { tell } from '@/lib/messages'
import { useProblem } from '@/lib/problem-text'
import { deleteField, type PersonField, usageQuery } from '../api/fields'

/** Deletes an own field, after saying for how many people something goes. */
export function DeleteFieldDialog({ field, onClose }: { field: PersonField; onClose: () => void }) {
  const { t } = useTranslation('person_field')
  const client = useQueryClient()
  const problemText = useProblem()
  const usage = useQuery(usageQuery(field.id))
  const remove = useMutation({
    mutationFn: (losing: number) => deleteField(field.id, losing),
    onSuccess: async () => {
      await client.invalidateQueries() // people have lost a value, too
      tell(t('remove.done', { name: field.name }))
      onClose()
    },
    onError: (error) => {
      tell(problemText(error).sentence, { tone: 'bad' })
      void usage.refetch()
    },
  })
  if (!usage.data) return null
  const { values } = usage.data
  return (
    <ConfirmByTyping
      opened
      onClose={onClose}
      action={t('remove.action')}
      word={field.name}
      pending={remove.isPending}
      onConfirm={() => remove.mutate(values)}
    >
      <p>{values > 0 ? t('remove.text', { count: values }) : t('remove.unused')}</p>
    </ConfirmByTyping>
  )
}
