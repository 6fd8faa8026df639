import { Button } from '@mantine/core'
import { IconSignature } from '@tabler/icons-react'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { formatDate } from '@/lib/format'
import type { LearnerLesson } from '@/lib/learning'
import { DeedNote } from './DeedNote'
import quiz from './Quiz.module.css'
import classes from './Survey.module.css'
import { useDeed } from './useDeed'
import { useTracker } from './useTracker'

interface PledgeLessonProps {
  lesson: LearnerLesson
  pledge: NonNullable<LearnerLesson['pledge']>
  person: string
}

/** A pledge: the text, and the name that signs it. */
export function PledgeLesson({ lesson, pledge, person }: PledgeLessonProps) {
  const { t } = useTranslation('player')
  useTracker(person, lesson)
  const path = `/api/v1/me/enrolments/${lesson.enrolment.id}/lessons/${lesson.id}/signature`
  const { state, send } = useDeed(person, path, lesson.progress.state === 'done')
  const signed = pledge.signature
  return (
    <div className={quiz.quiz} lang={lesson.enrolment.language}>
      <div className={classes.pledge}>{pledge.text}</div>
      {state === 'done' && (
        <DeedNote done>
          {signed
            ? t('pledge.done', { name: signed.name, date: formatDate(signed.signed_at) })
            : t('pledge.signed')}
        </DeedNote>
      )}
      {state === 'waiting' && <DeedNote done={false}>{t('pledge.waiting')}</DeedNote>}
      {(state === 'open' || state === 'refused') && (
        <Sign
          pledge={pledge}
          refused={state === 'refused'}
          onSign={(name) => void send({ name, at: Date.now(), now: 0 })}
        />
      )}
      <details className={classes.digest}>
        <summary>{t('pledge.proof')}</summary>
        <p>{t('pledge.digest', { digest: pledge.digest })}</p>
      </details>
    </div>
  )
}

/** Whether what was typed is the registered name, as the server will judge it (lms/pledge.go): width, case and white space do not matter. */
export function sameName(typed: string, registered: string): boolean {
  const bare = (text: string) => text.normalize('NFKC').replace(/\s/g, '').toLowerCase()
  return bare(typed) !== '' && bare(typed) === bare(registered)
}

interface SignProps {
  pledge: PledgeLessonProps['pledge']
  refused: boolean
  onSign: (name: string) => void
}

function Sign({ pledge, refused, onSign }: SignProps) {
  const { t } = useTranslation('player')
  const id = useId()
  const [name, setName] = useState('')
  const [wrong, setWrong] = useState(false)
  const own = [pledge.name, pledge.name_kana].some((one) => sameName(name, one))
  return (
    <form
      className={quiz.question}
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        setWrong(!own)
        if (own) onSign(name)
        else document.getElementById(id)?.focus()
      }}
    >
      <p className={quiz.how}>{t('pledge.how')}</p>
      <label htmlFor={id} className={quiz.number}>
        {t('pledge.name')}
      </label>
      <input
        id={id}
        className={classes.name}
        autoComplete="name"
        maxLength={200}
        aria-describedby={`${id}help`}
        aria-invalid={wrong || undefined}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <p id={`${id}help`} className={wrong ? quiz.bad : quiz.how}>
        {t(wrong ? 'pledge.wrong' : 'pledge.help', { name: pledge.name })}
      </p>
      {refused && (
        <p className={quiz.bad} role="alert">
          {t('pledge.refused')}
        </p>
      )}
      <Button
        type="submit"
        size="lg"
        className={quiz.start}
        leftSection={<IconSignature size={20} aria-hidden />}
      >
        {t('pledge.sign')}
      </Button>
    </form>
  )
}
