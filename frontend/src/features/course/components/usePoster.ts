import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { posterOf } from '@/components/upload/poster'
import { assetKeys, type Link, setPoster } from '@/lib/assets'

/** Gives a video that has no picture yet its first scene. What fails is no matter: the player shows the first frame then. */
export function usePoster(asset: string | undefined, link: Link | undefined): void {
  const client = useQueryClient()
  const tried = useRef(new Set<string>())
  const url = link && !link.poster ? link.url : undefined
  useEffect(() => {
    if (!asset || !url || tried.current.has(asset)) return
    tried.current.add(asset)
    void posterOf(url)
      .then((picture) => picture && setPoster(asset, picture))
      .then(() => client.invalidateQueries({ queryKey: assetKeys.all }))
      .catch(() => undefined)
  }, [asset, url, client])
}
