import { AccountPage } from '@/features/auth/pages/AccountPage'
import { DevicesSection } from '@/features/security/components/DevicesSection'
import { FactorsSection } from '@/features/security/components/FactorsSection'

/** The account, of what two features know about it. */
export function AccountRoute() {
  return (
    <AccountPage>
      <FactorsSection />
      <DevicesSection />
    </AccountPage>
  )
}
