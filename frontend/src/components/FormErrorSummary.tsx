import { IconAlertCircle } from '@tabler/icons-react'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { FieldError } from '@/lib/problem-text'
import classes from './FormErrorSummary.module.css'

interface FormErrorSummaryProps {
  errors: FieldError[]
  /** `form.getInputNode` of mantine/form: where a line leads. */
  findInput: (path: string) => HTMLElement | null
}

/** Everything that is wrong in a form, above it, with links to the fields. Takes the keyboard when it appears. */
export function FormErrorSummary({ errors, findInput }: FormErrorSummaryProps) {
  const { t } = useTranslation('common')
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (errors.length > 0) box.current?.focus()
  }, [errors])
  if (errors.length === 0) return null
  const only = errors.length === 1 && errors[0]?.path === '' ? errors[0] : undefined
  return (
    <div ref={box} className={classes.summary} role="alert" tabIndex={-1}>
      <IconAlertCircle size={22} stroke={1.75} aria-hidden className={classes.icon} />
      {only ? (
        <p className={classes.only}>{only.message}</p>
      ) : (
        <div>
          <p className={classes.title}>{t('form.errors', { count: errors.length })}</p>
          <ul className={classes.list}>
            {errors.map((error) => (
              <li key={`${error.path} ${error.message}`}>
                <Line error={error} findInput={findInput} />
              </li>
            ))}
          </ul>
        </div>
      )}
    </div>
  )
}

function Line({ error, findInput }: { error: FieldError; findInput: FormErrorSummaryProps['findInput'] }) {
  if (error.path === '') return error.message
  return (
    <button type="button" className={classes.link} onClick={() => findInput(error.path)?.focus()}>
      {error.message}
    </button>
  )
}
