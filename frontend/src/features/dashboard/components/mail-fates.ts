import type { Dashboard } from '../api/dashboard'

const lost = ['no_address', 'refused', 'given_up'] as const
const others = ['sent', 'queued', 'kept'] as const

/** The fates to name under the messages that did not arrive: those that make up the figure first, then how the others fare. */
export function mailFates(mail: Dashboard['mail']) {
  return [...lost, ...others].filter((fate) => mail[fate] > 0 || fate === 'sent')
}
