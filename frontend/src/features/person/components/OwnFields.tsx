import { NativeSelect, TextInput } from '@mantine/core'
import type { GetInputPropsReturnType } from '@mantine/form'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { personFieldsQuery } from '../api/people'
import classes from './Person.module.css'

/** The organisation's own fields, in their order; nothing when there are none. */
export function OwnFields({ inputProps }: { inputProps: (path: string) => GetInputPropsReturnType }) {
  const { t } = useTranslation('person')
  const fields = useQuery(personFieldsQuery).data ?? []
  if (fields.length === 0) return null
  return (
    <div className={classes.two}>
      {fields.map((field) => {
        const props = inputProps(`fields.${field.id}`)
        const shared = { ...props, label: field.name, value: props.value ?? '' }
        if (field.kind === 'choice')
          return (
            <NativeSelect
              key={field.id}
              {...shared}
              data={[{ value: '', label: t('form.noChoice') }, ...(field.choices ?? [])]}
            />
          )
        return (
          <TextInput
            key={field.id}
            {...shared}
            autoComplete="off"
            {...(field.kind === 'date' && { type: 'date' })}
            {...(field.kind === 'number' && { inputMode: 'decimal' as const })}
          />
        )
      })}
    </div>
  )
}
