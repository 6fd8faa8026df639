import { useTranslation } from 'react-i18next'
import type { Session } from '@/lib/session'
import { AuthFrame } from '../components/AuthFrame'
import { LoginForm } from '../components/LoginForm'
import { LoginHelp } from '../components/LoginHelp'

interface LoginPageProps {
  onSignedIn: (session: Session) => void
  code?: string
  /** The session that ended while work was on the screen. */
  again?: Session
}

/** Log in, or log in again and go on. */
export function LoginPage({ onSignedIn, code, again }: LoginPageProps) {
  const { t } = useTranslation('auth')
  return (
    <AuthFrame
      title={again ? t('again.title') : t('login.title')}
      intro={again ? t('again.text', { name: again.person.name }) : t('login.intro')}
      help={<LoginHelp />}
    >
      <LoginForm onSignedIn={onSignedIn} code={again?.organisation.code ?? code} />
    </AuthFrame>
  )
}
