import { useEffect } from 'react'

const product = 'Kenshu'

/** Names the browser tab: what the page is, then the product. */
export function usePageTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} | ${product}`
  }, [title])
}
