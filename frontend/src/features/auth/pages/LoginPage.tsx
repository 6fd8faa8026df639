import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { endedUnseen, endReason } from '@/lib/api/session-end'
import type { Session } from '@/lib/session'
import { AuthFrame } from '../components/AuthFrame'
import { LoginForm } from '../components/LoginForm'
import { LoginHelp } from '../components/LoginHelp'

const HandedOver = lazy(async () => ({
  default: (await import('../components/HandedOver')).HandedOver,
}))

const EndedBefore = lazy(async () => ({
  default: (await import('../components/EndedBefore')).EndedBefore,
}))

const FactorStep = lazy(async () => ({
  default: (await import('../components/FactorStep')).FactorStep,
}))

interface LoginPageProps {
  onSignedIn: (session: Session) => void
  code?: string
  /** The session that ended while work was on the screen. */
  again?: Session
}

/** Log in, or log in again and go on. */
export function LoginPage({ onSignedIn, code, again }: LoginPageProps) {
  const { t } = useTranslation('auth')
  const [methods, setMethods] = useState<string[]>()
  const [reason] = useState(endReason)
  const [unseen] = useState(endedUnseen)
  const [over, setOver] = useState<string>()
  if (methods) {
    return (
      <AuthFrame title={t('factor.title')} intro={t('factor.intro')} help={<p>{t('factor.help')}</p>}>
        <Suspense>
          <FactorStep
            methods={methods}
            onSignedIn={onSignedIn}
            onOver={(sentence) => {
              setOver(sentence)
              setMethods(undefined)
            }}
          />
        </Suspense>
      </AuthFrame>
    )
  }
  return (
    <AuthFrame
      title={again ? t('again.title') : t('login.title')}
      intro={again ? t('again.text', { name: again.person.name }) : t('login.intro')}
      help={<LoginHelp />}
    >
      {reason && (
        <Suspense>
          <HandedOver problem={reason} />
        </Suspense>
      )}
      {unseen && !reason && !again && (
        <Suspense>
          <EndedBefore />
        </Suspense>
      )}
      <LoginForm
        onSignedIn={onSignedIn}
        onFactor={setMethods}
        over={over}
        code={again?.organisation.code ?? code}
      />
    </AuthFrame>
  )
}
